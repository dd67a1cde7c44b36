// SPDX-License-Identifier: MIT
#pragma once

/* One share on its way: the SeedShare, its place at the server, its link, and the connections being made.
 * Owned by whoever shares; lives on the main context that made it.
 *
 * Signals:
 *   link (char *link)               the link exists; once
 *   connected (gboolean connected)  the server was lost, or found again; transfers go on meanwhile
 *   failed (GError *error)          the share could not be made, or was refused when taken up again
 */

#include "seed-link.h"
#include "seed-share.h"

G_BEGIN_DECLS

#define SEED_TYPE_OUTGOING (seed_outgoing_get_type ())
G_DECLARE_FINAL_TYPE (SeedOutgoing, seed_outgoing, SEED, OUTGOING, GObject)

/**
 * seed_outgoing_new:
 * @server: the URL to reach the server by
 * @public_url: the URL that links begin with, unless the server names its own
 */
SeedOutgoing *seed_outgoing_new (const char *server, const char *public_url);

void seed_outgoing_start (SeedOutgoing *self);

SeedShare *seed_outgoing_get_share (SeedOutgoing *self);

/** Cuts @transfer off; the server keeps it from coming back under the same name. */
void seed_outgoing_drop (SeedOutgoing *self, SeedTransfer *transfer);

/**
 * seed_outgoing_stop_async:
 *
 * Ends the share: tells every receiver and the server, closes everything, and completes when that is done
 * or twice %SEED_CLOSE_TIMEOUT_MS have passed.
 */
void seed_outgoing_stop_async (SeedOutgoing *self, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean seed_outgoing_stop_finish (SeedOutgoing *self, GAsyncResult *result, GError **error);

G_END_DECLS
