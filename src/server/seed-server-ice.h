// SPDX-License-Identifier: MIT
#pragma once

/* The STUN and TURN servers that both ends are told of. Credentials for TURN are those of coturn's
 * shared secret scheme (its README.turnserver, "TURN REST API"): the user name is the time at
 * which they expire, the password an HMAC-SHA1 of it. Any thread. */

#include "seed-message.h"
#include "seed-server-config.h"

G_BEGIN_DECLS

/** Fills the field "ice" of @message; @now is the time in seconds since 1970. */
void seed_server_ice_fill (const SeedServerConfig *config, gint64 now, SeedMessage *message);

G_END_DECLS
