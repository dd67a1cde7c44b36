// SPDX-License-Identifier: MIT
#pragma once

/* One receiver in the live view: who, how far, how fast, and a way to cut it off. Belongs to its
 * SeedShareRow, which says when to draw.
 *
 * Signals:
 *   drop ()   the person wants this receiver cut off
 */

#include <gtk/gtk.h>

#include "seed-transfer.h"

G_BEGIN_DECLS

#define SEED_TYPE_RECEIVER_ROW (seed_receiver_row_get_type ())
G_DECLARE_FINAL_TYPE (SeedReceiverRow, seed_receiver_row, SEED, RECEIVER_ROW, GtkBox)

GtkWidget *seed_receiver_row_new (SeedTransfer *transfer);

SeedTransfer *seed_receiver_row_get_transfer (SeedReceiverRow *self);

/** Shows what the transfer says now. */
void seed_receiver_row_update (SeedReceiverRow *self);

G_END_DECLS
