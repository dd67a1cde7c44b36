// SPDX-License-Identifier: MIT
#pragma once

/* Where the program's settings come from: command line before environment before key file before
 * default. Made once at the start, by main(). */

#include "seed-server-config.h"

G_BEGIN_DECLS

typedef struct _SeedServerOptions SeedServerOptions;

SeedServerOptions *seed_server_options_new (void);
void seed_server_options_free (SeedServerOptions *self);

/** (transfer full): an option for every setting, and --config; it fills @self, which has to
 * outlive it. */
GOptionGroup *seed_server_options_group (SeedServerOptions *self);

/**
 * seed_server_options_load:
 * @environment: as g_get_environ() gives it; SEEDSHOT_SERVER_PUBLIC_URL is "public-url", and so on
 *
 * Returns: (transfer full): the settings; %NULL with @error naming what is wrong
 */
SeedServerConfig *seed_server_options_load (SeedServerOptions *self, char **environment,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerOptions, seed_server_options_free)

G_END_DECLS
