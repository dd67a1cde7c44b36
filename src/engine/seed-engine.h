// SPDX-License-Identifier: MIT
#pragma once

/* What the window and the terminal stand on: decides which server is used, runs the embedded one where
 * none is configured, and makes shares. Owned by the application; lives on the main context that made
 * it. */

#include "seed-incoming.h"
#include "seed-outgoing.h"

G_BEGIN_DECLS

/** The port that the embedded server takes if it is free, so that a firewall can be told once. */
#define SEED_ENGINE_PORT 8844

#define SEED_TYPE_ENGINE (seed_engine_get_type ())
G_DECLARE_FINAL_TYPE (SeedEngine, seed_engine, SEED, ENGINE, GObject)

/**
 * seed_engine_new:
 * @server: (nullable): URL of the server to use; %NULL for the embedded one
 * @listen: (nullable): `ADDRESS:PORT`, `ADDRESS` or `:PORT` for the embedded server; %NULL for every address
 *   and the usual port, or any port if that one is taken
 *
 * Returns: (transfer full): the engine, or %NULL with @error %SEED_CODE_BAD_CONFIG
 */
SeedEngine *seed_engine_new (const char *server, const char *listen,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Starts the embedded server, if that is the one; fails with %SEED_CODE_PORT_IN_USE or another reason. */
gboolean seed_engine_start (SeedEngine *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** What links begin with. */
const char *seed_engine_get_url (SeedEngine *self);

/** Whether the server is the embedded one. */
gboolean seed_engine_is_embedded (SeedEngine *self);

/** (transfer full): a new share, not started. */
SeedOutgoing *seed_engine_share (SeedEngine *self);

/** (transfer full): what we say we are: "Seedshot 0.1.0 on Linux". */
char *seed_engine_dup_agent (void);

/** Stops the embedded server and calls seed_engine_drain(). */
void seed_engine_stop (SeedEngine *self);

/** Waits, bounded, for connections to be torn down; for the end of a program. Returns whether they are;
 * where they are not, exit() could crash under their threads, and _exit() does not. */
gboolean seed_engine_drain (void);

G_END_DECLS
