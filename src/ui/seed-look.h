// SPDX-License-Identifier: MIT
#pragma once

/* The style of the windows: follows the theme between light and dark. Owned by the window; main thread. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _SeedLook SeedLook;

/** @window: outlives the look. */
SeedLook *seed_look_new (GtkWidget *window);
void seed_look_free (SeedLook *self);

G_END_DECLS
