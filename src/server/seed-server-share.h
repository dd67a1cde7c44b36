// SPDX-License-Identifier: MIT
#pragma once

/* One live share: its owner's socket, its receivers' sockets, and what is kept for an owner that is
 * away. Only holds and tells; who may do what is decided in seed-server-shares.c. Lives on the
 * server's main context. */

#include "seed-server-socket.h"

G_BEGIN_DECLS

/** @origin: whom it counts for; (nullable) for a share that is only expected to come back. */
SeedServerShare *seed_server_share_new (const char *id, SeedServerOrigin *origin);

/** Lets go of all sockets, without a word to any. */
void seed_server_share_free (SeedServerShare *self);

const char *seed_server_share_get_id (SeedServerShare *self);
SeedServerOrigin *seed_server_share_get_origin (SeedServerShare *self);
void seed_server_share_set_origin (SeedServerShare *self, SeedServerOrigin *origin);

/** (nullable): the owner's socket; %NULL while it is away. */
SeedServerSocket *seed_server_share_get_owner (SeedServerShare *self);

/** Since when the owner is away, or 0. */
gint64 seed_server_share_get_lost_at (SeedServerShare *self);

/** Takes @owner; the receivers learn that it is there. */
void seed_server_share_set_owner (SeedServerShare *self, SeedServerSocket *owner);

/** The owner's socket is gone; the receivers learn that. */
void seed_server_share_lose_owner (SeedServerShare *self, gint64 now);

/** Names every receiver to the owner, and hands it what was kept for it. */
void seed_server_share_greet_owner (SeedServerShare *self);

guint seed_server_share_count_receivers (SeedServerShare *self);

/** (nullable): the socket of @peer. */
SeedServerSocket *seed_server_share_get_receiver (SeedServerShare *self, const char *peer);

/** Takes @receiver as @peer, and names it to the owner. */
void seed_server_share_add_receiver (SeedServerShare *self, const char *peer,
                                     SeedServerSocket *receiver);

/** Lets go of the socket of @peer, without a word. */
void seed_server_share_remove_receiver (SeedServerShare *self, const char *peer);

/** Says @message to the owner; while it is away, keeps it where @keep is set and there is room. */
void seed_server_share_tell_owner (SeedServerShare *self, const SeedMessage *message,
                                   gboolean keep);

/** Ends every receiver with "gone" for @code, and the owner without a word. */
void seed_server_share_end (SeedServerShare *self, SeedCode code);

G_END_DECLS
