// SPDX-License-Identifier: MIT
#pragma once

/* All shares of the application, and the engine below them. Owned by the application; lives on the main
 * context.
 *
 * Signals:
 *   connected (gboolean connected)   the server was lost, or found again
 */

#include "seed-offer.h"

G_BEGIN_DECLS

#define SEED_TYPE_SHELF (seed_shelf_get_type ())
G_DECLARE_FINAL_TYPE (SeedShelf, seed_shelf, SEED, SHELF, GObject)

/** @server: (nullable): URL of the server; %NULL for the embedded one */
SeedShelf *seed_shelf_new (const char *server);

/** (transfer none) (element-type SeedOffer): the newest first; each goes when it has ended. */
GListModel *seed_shelf_get_offers (SeedShelf *self);

/**
 * seed_shelf_share:
 *
 * Shares @paths, see seed_offer_new(). Starts the engine, where it is not running yet.
 */
gboolean seed_shelf_share (SeedShelf *self, const char *const *paths, gboolean temporary,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** How many links lead to us. */
guint seed_shelf_count_open (SeedShelf *self);

/** How many receivers are downloading, of all shares. */
guint seed_shelf_count_downloading (SeedShelf *self);

/** Stops every share; the list is empty once that is done, within a bounded time. */
void seed_shelf_stop_all (SeedShelf *self);

/** Stops the engine; for the end of the program. */
void seed_shelf_close (SeedShelf *self);

G_END_DECLS
