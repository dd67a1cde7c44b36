// SPDX-License-Identifier: MIT
#pragma once

/* Our socket to the signalling server, for an owner or a receiver. It connects, says who we are,
 * reconnects with growing pauses and takes the share up again. Belongs to one main context, where
 * every signal is emitted, never from inside a call of one of these functions.
 *
 * Signals for an owner:
 *   created (char *share, char *url, GPtrArray *ice)
 *                          the share is there, or there again; url is the server's public
 *                          address or NULL
 *   receiver (char *peer)  someone came
 *   left (char *peer, int code)
 *                          someone's socket is gone; SEED_CODE_FAILED where no reason was given
 *
 * Signals for a receiver:
 *   joined (GPtrArray *ice)           we are known to the owner
 *   owner-present (gboolean present)  the owner's socket came or went
 *   gone (int code)                   the share ended, or we were dropped; final
 *
 * Signals for both:
 *   relay (char *peer, char *sealed)  from the other end
 *   connected (gboolean connected)    the socket came or went; it is being remade
 *   failed (GError *error)            refused, or not reached at all; final
 *
 * ice holds SeedIceServer. The first connection is given up after
 * SEED_SIGNALLING_CONNECT_TIMEOUT_MS; a share or receiver that once stood tries for ever, so that a
 * server may be away for long. */

#include <gio/gio.h>

#include "seed-ice-server.h"
#include "seed-message.h"

G_BEGIN_DECLS

#define SEED_SIGNALLING_CONNECT_TIMEOUT_MS 10000
#define SEED_SIGNALLING_RETRY_MIN_MS 250
#define SEED_SIGNALLING_RETRY_MAX_MS 8000
/** How long a receiver that lost its socket bears with a server that no longer knows the share. */
#define SEED_SIGNALLING_RETURN_MS 30000

#define SEED_TYPE_SIGNALLING (seed_signalling_get_type ())
G_DECLARE_FINAL_TYPE (SeedSignalling, seed_signalling, SEED, SIGNALLING, GObject)

/** An owner at @server, an http or https URL as seed_server_url_normalize() gives it. */
SeedSignalling *seed_signalling_new_owner (const char *server);

/** A receiver called @peer of @share at @server. */
SeedSignalling *seed_signalling_new_receiver (const char *server, const char *share,
                                              const char *peer);

void seed_signalling_start (SeedSignalling *self);

/** Hands @sealed to the other end: for an owner the receiver @peer, for a receiver the owner. While
 * there is no socket it is kept, up to 64 messages, the oldest given up first. */
void seed_signalling_relay (SeedSignalling *self, const char *peer, const char *sealed);

/** Owner: has the server end the receiver @peer for the reason @code. */
void seed_signalling_drop (SeedSignalling *self, const char *peer, SeedCode code);

/** Receiver: tells the owner why we go; seed_signalling_close_async() follows. */
void seed_signalling_leave (SeedSignalling *self, SeedCode code);

/**
 * seed_signalling_close_async:
 *
 * Says "close" (owner) or "leave" (receiver) and closes the socket, or gives up after
 * %SEED_CLOSE_TIMEOUT_MS. No signal is emitted from here on.
 */
void seed_signalling_close_async (SeedSignalling *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean seed_signalling_close_finish (SeedSignalling *self, GAsyncResult *result, GError **error);

G_END_DECLS
