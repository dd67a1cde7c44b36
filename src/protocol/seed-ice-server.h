// SPDX-License-Identifier: MIT
#pragma once

/* A STUN or TURN server, as the signalling server hands it out. Immutable once made. */

#include "seed-message.h"

G_BEGIN_DECLS

typedef struct
{
  char *url;        /* stun:, stuns:, turn: or turns:, RFC 7064 and 7065 */
  char *username;   /* (nullable) */
  char *credential; /* (nullable) */
} SeedIceServer;

/** (transfer full): the servers in the field "ice" of @message, of type SeedIceServer; without
 * those of a kind that we do not know. */
GPtrArray *seed_ice_servers_from_message (const SeedMessage *message);

SeedIceServer *seed_ice_server_new (const char *url, const char *username, const char *credential);
void seed_ice_server_free (SeedIceServer *self);

G_END_DECLS
