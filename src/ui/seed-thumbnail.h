// SPDX-License-Identifier: MIT
#pragma once

/* What a share looks like: a small picture of a picture, and an icon of everything else. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Its width and height, in logical pixels. */
#define SEED_THUMBNAIL_SIZE 48

typedef struct
{
  cairo_surface_t *surface; /* (nullable) */
  GIcon *icon;              /* (nullable): where there is no surface */
} SeedThumbnail;

/**
 * seed_thumbnail_load_async:
 * @path: (nullable): %NULL for several files
 * @scale: physical pixels in a logical one
 *
 * A picture that is large, or can't be read, gets the icon of its type.
 */
void seed_thumbnail_load_async (const char *path, int scale, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);

/** (transfer full) */
SeedThumbnail *seed_thumbnail_load_finish (GAsyncResult *result, GError **error);

void seed_thumbnail_free (SeedThumbnail *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedThumbnail, seed_thumbnail_free)

G_END_DECLS
