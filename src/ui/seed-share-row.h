// SPDX-License-Identifier: MIT
#pragma once

/* A share in the window: what it is, its link, who receives it, and a way to stop it. Belongs to the list
 * of the window. */

#include <gtk/gtk.h>

#include "seed-offer.h"

G_BEGIN_DECLS

#define SEED_TYPE_SHARE_ROW (seed_share_row_get_type ())
G_DECLARE_FINAL_TYPE (SeedShareRow, seed_share_row, SEED, SHARE_ROW, GtkListBoxRow)

GtkWidget *seed_share_row_new (SeedOffer *offer);

/** Puts the link into the clipboard, if there is one yet, and shows that it is there. */
void seed_share_row_copy_link (SeedShareRow *self);

G_END_DECLS
