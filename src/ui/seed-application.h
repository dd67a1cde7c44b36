// SPDX-License-Identifier: MIT
#pragma once

/* The application: one for each session. Files that are handed to it go to its window; it ends when the
 * window is closed and no share is open. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SEED_TYPE_APPLICATION (seed_application_get_type ())
G_DECLARE_FINAL_TYPE (SeedApplication, seed_application, SEED, APPLICATION, GtkApplication)

SeedApplication *seed_application_new (void);

G_END_DECLS
