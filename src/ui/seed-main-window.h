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

#define SEED_TYPE_MAIN_WINDOW (seed_main_window_get_type ())
G_DECLARE_FINAL_TYPE (SeedMainWindow, seed_main_window, SEED, MAIN_WINDOW, GtkApplicationWindow)

GtkWidget *seed_main_window_new (GtkApplication *application, SeedShelf *shelf);

/** Shares @files, or says why that can't be. */
void seed_main_window_share_uris (SeedMainWindow *self, char **uris);

G_END_DECLS
