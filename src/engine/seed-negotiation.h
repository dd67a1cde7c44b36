// SPDX-License-Identifier: MIT
#pragma once

/* Makes one connection: carries offer, answer and candidates, sealed, between our WebRTC peer and the other
 * end. Serves one session of one receiver and is dropped once it has emitted "opened" or "failed". Lives
 * on the main context that made it.
 *
 * Signals:
 *   send (char *sealed)             for the other end, by way of the server
 *   opened (SeedChannel *channel)   connected; whoever takes the channel takes a reference of its own
 *   failed (GError *error)          final; seal-broken where the other end is not who it should be
 */

#include "seed-channel.h"
#include "seed-ice-server.h"
#include "seed-link.h"

G_BEGIN_DECLS

#define SEED_TYPE_NEGOTIATION (seed_negotiation_get_type ())
G_DECLARE_FINAL_TYPE (SeedNegotiation, seed_negotiation, SEED, NEGOTIATION, GObject)

/** @role: ours; @peer: the receiver's id; @ice: (element-type SeedIceServer): copied. */
SeedNegotiation *seed_negotiation_new (SeedRole role, const SeedLink *link, const char *peer,
                                       GPtrArray *ice);

/** Begins: an owner makes its offer, a receiver waits for it. */
void seed_negotiation_start (SeedNegotiation *self);

/** Takes what the other end sent. */
void seed_negotiation_receive (SeedNegotiation *self, const char *sealed);

G_END_DECLS
