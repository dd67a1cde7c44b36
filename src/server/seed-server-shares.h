// SPDX-License-Identifier: MIT
#pragma once

/* The live shares: who owns each, who receives it, and what each of them says to the others. A
 * share without its owner waits for the grace time. Belongs to the server; lives on its main
 * context. PROTOCOL.md says in which order things are said. */

#include "seed-server-metrics.h"
#include "seed-server-socket.h"
#include "seed-server-token.h"

G_BEGIN_DECLS

typedef struct _SeedServerShares SeedServerShares;

/** @config, @token and @metrics: (transfer none): have to outlive it. */
SeedServerShares *seed_server_shares_new (const SeedServerConfig *config,
                                          const SeedServerToken *token, SeedServerMetrics *metrics);
void seed_server_shares_free (SeedServerShares *self);

/** A message from @socket. Nonsense ends the socket with an error. */
void seed_server_shares_message (SeedServerShares *self, SeedServerSocket *socket,
                                 const SeedMessage *message);

/** @socket is gone, or may be taken for gone. */
void seed_server_shares_lost (SeedServerShares *self, SeedServerSocket *socket);

/** Ends the shares whose owner stayed away for too long; called about once a second. */
void seed_server_shares_check (SeedServerShares *self, gint64 now);

/** Brings the numbers of shares and receivers in the metrics up to date. */
void seed_server_shares_count (SeedServerShares *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerShares, seed_server_shares_free)

G_END_DECLS
