// SPDX-License-Identifier: MIT
#pragma once

/* The window: takes files, and shows what is shared and who receives it. Belongs to the application.
 *
 * Signals:
 *   leave ()   the person closes the window; it stays until it is destroyed
 */

#include <gtk/gtk.h>

#include "seed-shelf.h"

G_BEGIN_DECLS

#define SEED_TYPE_WINDOW (seed_window_get_type ())
G_DECLARE_FINAL_TYPE (SeedWindow, seed_window, SEED, WINDOW, GtkApplicationWindow)

GtkWidget *seed_window_new (GtkApplication *application, SeedShelf *shelf);

/** Shares @files, or says why that can't be. */
void seed_window_share_uris (SeedWindow *self, char **uris);

G_END_DECLS
