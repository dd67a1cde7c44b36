// SPDX-License-Identifier: MIT
#pragma once

/* One WebSocket to a signalling server, from the attempt to its end; never used twice. Knows
 * HTTP, TLS, the subprotocol and keep-alive, and nothing of shares. Belongs to the SeedSignalling
 * that made it and to its main context.
 *
 * Signals, none of them from inside a call:
 *   opened ()               the server speaks our subprotocol; from now on it may be sent to
 *   text (GBytes *text)     a message, as it came: neither valid UTF-8 nor JSON for sure
 *   ended (GError *error)   once, the last one; error is NULL where the server closed in order */

#include <libsoup/soup.h>

#include "seed-error.h"

G_BEGIN_DECLS

/** How often we ask whether the server still hears us. */
#define SEED_SIGNALLING_PING_MS 20000
/** After how much silence it is held for lost. */
#define SEED_SIGNALLING_SILENCE_MS 45000

#define SEED_TYPE_SIGNALLING_SOCKET (seed_signalling_socket_get_type ())
G_DECLARE_FINAL_TYPE (SeedSignallingSocket, seed_signalling_socket, SEED, SIGNALLING_SOCKET,
                      GObject)

/** (transfer full): a session fit for sockets to @server. */
SoupSession *seed_signalling_session_new (const char *server);

/** A socket to @server, not connected yet. */
SeedSignallingSocket *seed_signalling_socket_new (SoupSession *session, const char *server);

/** Sets the times of keep-alive, in milliseconds, for connections that need others. */
void seed_signalling_socket_set_patience (SeedSignallingSocket *self, guint ping_ms,
                                          guint silence_ms);

void seed_signalling_socket_connect (SeedSignallingSocket *self);

/** Sends @text, valid UTF-8. Ignored while not open. */
void seed_signalling_socket_send (SeedSignallingSocket *self, const char *text);

/** The network has changed: finds out within seconds whether the server still answers. */
void seed_signalling_socket_probe (SeedSignallingSocket *self);

/** Closes in order, behind what was sent; "ended" tells when. */
void seed_signalling_socket_close (SeedSignallingSocket *self);

/** Gives the socket up at once, in any state; no signal follows. */
void seed_signalling_socket_abandon (SeedSignallingSocket *self);

G_END_DECLS
