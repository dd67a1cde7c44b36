// SPDX-License-Identifier: MIT
#pragma once

/* Listens, accepts, and knows every open connection. What is one too many is turned away before any
 * HTTP is spoken; of running out of file descriptors it recovers by itself. Belongs to the server;
 * lives on its main context. */

#include "seed-server-metrics.h"
#include "seed-server-stream.h"

G_BEGIN_DECLS

typedef struct _SeedServerAccept SeedServerAccept;

/** Called for each connection that is let in, with the addresses of both ends. */
typedef void (*SeedServerAcceptFunc) (SeedServerStream *stream, GSocketAddress *local,
                                      GSocketAddress *remote, gpointer data);

/** Everything that is handed in (transfer none) has to outlive it. */
SeedServerAccept *seed_server_accept_new (const SeedServerConfig *config, SeedServerLimits *limits,
                                          SeedServerMetrics *metrics, SeedServerAcceptFunc func,
                                          gpointer data);

/** Ends every connection. */
void seed_server_accept_free (SeedServerAccept *self);

/** Listens where the configuration says. */
gboolean seed_server_accept_listen (SeedServerAccept *self,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint16 seed_server_accept_get_port (SeedServerAccept *self);

/** (nullable): the open connection whose remote address is that very object. */
SeedServerStream *seed_server_accept_find (SeedServerAccept *self, GSocketAddress *remote);

/** How many connections are open. */
guint seed_server_accept_count (SeedServerAccept *self);

/** Ends connections that take too long; called about once a second. */
void seed_server_accept_check (SeedServerAccept *self, gint64 now);

/** Stops listening and lets no one in any more. */
void seed_server_accept_stop (SeedServerAccept *self);

/** Has what is queued for open connections go out, as far as that is possible without waiting. */
void seed_server_accept_flush (SeedServerAccept *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerAccept, seed_server_accept_free)

G_END_DECLS
