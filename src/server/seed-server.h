// SPDX-License-Identifier: MIT
#pragma once

/* The signalling and page server, as a library: the program seedshot-server and the embedded
 * server of the application and the CLI are both this. Runs on the main context that started it.
 * It holds what is live and nothing else: no file data, no names, no keys, no write path. */

#include "seed-server-config.h"

G_BEGIN_DECLS

#define SEED_TYPE_SERVER (seed_server_get_type ())
G_DECLARE_FINAL_TYPE (SeedServer, seed_server, SEED, SERVER, GObject)

/** @config: (transfer none): copied. */
SeedServer *seed_server_new (const SeedServerConfig *config);

/** Listens. @error names the address where that fails (%SEED_CODE_PORT_IN_USE among others). */
gboolean seed_server_start (SeedServer *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The port it listens on; of use where the configuration said 0. */
guint16 seed_server_get_port (SeedServer *self);

/** Closes every socket with "server-closing" and stops listening. */
void seed_server_stop (SeedServer *self);

G_END_DECLS
