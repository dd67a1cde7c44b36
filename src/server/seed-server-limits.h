// SPDX-License-Identifier: MIT
#pragma once

/* What each address holds and does: its sockets, its shares, and how fast it creates and joins.
 * Belongs to the server; lives on its main context. */

#include "seed-server-address.h"
#include "seed-server-bucket.h"
#include "seed-server-config.h"

G_BEGIN_DECLS

typedef struct _SeedServerLimits SeedServerLimits;

/** One address, for as long as anything of it is there or remembered. */
typedef struct
{
  SeedServerAddressKey key;
  SeedServerLimits *limits;
  guint references;
  guint sockets;
  guint shares;
  SeedServerBucket creates;
  SeedServerBucket joins;
} SeedServerOrigin;

/** @config: (transfer none): has to outlive the limits. */
SeedServerLimits *seed_server_limits_new (const SeedServerConfig *config);
void seed_server_limits_free (SeedServerLimits *self);

/** (transfer full): the origin @address belongs to; given back by seed_server_origin_unref(). */
SeedServerOrigin *seed_server_limits_get (SeedServerLimits *self, GInetAddress *address);

SeedServerOrigin *seed_server_origin_ref (SeedServerOrigin *self);
void seed_server_origin_unref (SeedServerOrigin *self);

/** Whether one more share may be created now; counts it towards the rate. */
gboolean seed_server_origin_may_create (SeedServerOrigin *self, gint64 now);

/** Whether one more may join, or try a token, now; counts it towards the rate. */
gboolean seed_server_origin_may_join (SeedServerOrigin *self, gint64 now);

/** Forgets the addresses of which nothing is there and nothing needs to be remembered. */
void seed_server_limits_sweep (SeedServerLimits *self, gint64 now);

/** How many addresses are held or remembered. */
guint seed_server_limits_size (SeedServerLimits *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerLimits, seed_server_limits_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerOrigin, seed_server_origin_unref)

G_END_DECLS
