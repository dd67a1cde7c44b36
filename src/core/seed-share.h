// SPDX-License-Identifier: MIT
#pragma once

/* A share as its owner holds it: what is shared, and who receives it. Belongs to the engine and lives
 * on its main context. It knows nothing of servers and networks: channels are handed in.
 *
 * Signals:
 *   ready ()                           the files are known
 *   transfer-added (SeedTransfer *t)   someone new came
 *   transfer-changed (SeedTransfer *t, gboolean state)
 *                                      a row has to be drawn anew; its state, or only numbers
 */

#include "seed-transfer.h"

G_BEGIN_DECLS

/** Rows kept of receivers that have gone; the oldest are forgotten first. */
#define SEED_SHARE_HISTORY_MAX 1000

#define SEED_TYPE_SHARE (seed_share_get_type ())
G_DECLARE_FINAL_TYPE (SeedShare, seed_share, SEED, SHARE, GObject)

SeedShare *seed_share_new (void);

/** Says what is shared, once. Receivers that wait for it are served from here on. */
void seed_share_set_collection (SeedShare *self, SeedCollection *collection);

/** (element-type SeedTransfer): everyone who came, in that order; owned by the share. */
GPtrArray *seed_share_get_transfers (SeedShare *self);

/** (nullable): the receiver called @peer. */
SeedTransfer *seed_share_find (SeedShare *self, const char *peer);

/** The receiver called @peer, a new one where there is none yet. */
SeedTransfer *seed_share_admit (SeedShare *self, const char *peer);

/** Begins to send to @transfer by @channel (transfer full), whose "opened" was just emitted. */
void seed_share_attach (SeedShare *self, SeedTransfer *transfer, SeedChannel *channel);

/** Cuts everyone off with @code. Channels close within %SEED_CLOSE_TIMEOUT_MS. */
void seed_share_stop (SeedShare *self, SeedCode code);

/** Whether no channel is open any more. */
gboolean seed_share_is_closed (SeedShare *self);

G_END_DECLS
