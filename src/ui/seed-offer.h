// SPDX-License-Identifier: MIT
#pragma once

/* One share as the window has it: what was chosen, its link, and what went wrong. Takes its share from the
 * engine, through checking and listing the files, to its end. Owned by the SeedShelf; lives on the main
 * context.
 *
 * Signals:
 *   changed ()        anything that is said below is different; receivers speak for themselves
 *   link ()           the link is there; once
 *   ended ()          stopped, with nothing left open; final
 */

#include "seed-engine.h"

G_BEGIN_DECLS

#define SEED_TYPE_OFFER (seed_offer_get_type ())
G_DECLARE_FINAL_TYPE (SeedOffer, seed_offer, SEED, OFFER, GObject)

/**
 * seed_offer_new:
 * @paths: (array zero-terminated=1): one at least, in the file name encoding
 * @temporary: whether the files are ours, and are removed when the share has ended
 */
SeedOffer *seed_offer_new (SeedEngine *engine, const char *const *paths, gboolean temporary);

void seed_offer_start (SeedOffer *self);

/** What a person calls it: "photo.png", or "3 files". */
const char *seed_offer_get_name (SeedOffer *self);

/** (nullable): the one path that was chosen, NULL where there are more. */
const char *seed_offer_get_path (SeedOffer *self);

/** Number and bytes of the files; 0 and -1 while they are not known. */
guint seed_offer_get_n_files (SeedOffer *self);
gint64 seed_offer_get_size (SeedOffer *self);

/** (nullable): the link, while it leads to us. */
const char *seed_offer_get_link (SeedOffer *self);

/** (nullable): what went wrong and what to do next; the share has ended then and only its row is left. */
const char *seed_offer_get_problem (SeedOffer *self);

/** Whether the server knows of us. */
gboolean seed_offer_is_connected (SeedOffer *self);

gboolean seed_offer_is_stopping (SeedOffer *self);

SeedShare *seed_offer_get_share (SeedOffer *self);

/** How many receivers are downloading now. */
guint seed_offer_count_downloading (SeedOffer *self);

/** Cuts @transfer off. */
void seed_offer_drop (SeedOffer *self, SeedTransfer *transfer);

/** Ends the share; "ended" follows within a bounded time. */
void seed_offer_stop (SeedOffer *self);

G_END_DECLS
