// SPDX-License-Identifier: MIT
#pragma once

/* One link being received: joins the share, makes the connection and runs the receiver. Owned by whoever
 * receives; lives on the main context that made it.
 *
 * Signals:
 *   phase (SeedPhase phase)          signalling: joining, or waiting for the sender; data: connected
 *   receiver (SeedReceiver *r)       the connection stands; its signals tell the rest
 *   ended (GError *error)            final; NULL after everything was received and good-byes were said
 */

#include "seed-link.h"
#include "seed-receiver.h"

G_BEGIN_DECLS

#define SEED_TYPE_INCOMING (seed_incoming_get_type ())
G_DECLARE_FINAL_TYPE (SeedIncoming, seed_incoming, SEED, INCOMING, GObject)

/** @link: copied
 *  @writer: (transfer full)
 *  @agent: what we are, for the owner's row */
SeedIncoming *seed_incoming_new (const SeedLink *link, SeedWriter *writer, const char *agent);

void seed_incoming_start (SeedIncoming *self);

/** Whether the owner's socket is away: we wait for it as long as the server does. */
gboolean seed_incoming_is_waiting (SeedIncoming *self);

/**
 * seed_incoming_close_async:
 *
 * Leaves, whatever the state: says good-bye, removes what is not whole and closes everything, within twice
 * %SEED_CLOSE_TIMEOUT_MS. No signal is emitted from here on.
 */
void seed_incoming_close_async (SeedIncoming *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean seed_incoming_close_finish (SeedIncoming *self, GAsyncResult *result, GError **error);

G_END_DECLS
