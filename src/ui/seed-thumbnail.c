// SPDX-License-Identifier: MIT
#include "seed-thumbnail.h"

#include <math.h>

#define ROUND 8.0
/* Decoding takes memory by the size of the picture. */
#define PICTURE_BYTES_MAX (32 * 1024 * 1024)
#define PICTURE_SIDE_MAX 12000

typedef struct
{
  char *path;
  int scale;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_free (wish->path);
  g_free (wish);
}

void
seed_thumbnail_free (SeedThumbnail *self)
{
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_clear_object (&self->icon);
  g_free (self);
}

/* The middle of the picture, with round corners. */
static cairo_surface_t *
paint (GdkPixbuf *picture, int scale)
{
  const double size = SEED_THUMBNAIL_SIZE;
  int pixels = SEED_THUMBNAIL_SIZE * scale;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, pixels, pixels);

  cairo_surface_set_device_scale (surface, scale, scale);
  cairo_t *cr = cairo_create (surface);

  cairo_arc (cr, size - ROUND, ROUND, ROUND, -G_PI_2, 0);
  cairo_arc (cr, size - ROUND, size - ROUND, ROUND, 0, G_PI_2);
  cairo_arc (cr, ROUND, size - ROUND, ROUND, G_PI_2, G_PI);
  cairo_arc (cr, ROUND, ROUND, ROUND, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
  cairo_clip (cr);

  cairo_scale (cr, 1.0 / scale, 1.0 / scale);
  gdk_cairo_set_source_pixbuf (cr, picture, (pixels - gdk_pixbuf_get_width (picture)) / 2.0,
                               (pixels - gdk_pixbuf_get_height (picture)) / 2.0);
  cairo_paint (cr);
  cairo_destroy (cr);

  return surface;
}

static cairo_surface_t *
load_picture (const char *path, int scale)
{
  int pixels = SEED_THUMBNAIL_SIZE * scale;
  int width = 0;
  int height = 0;

  if (gdk_pixbuf_get_file_info (path, &width, &height) == NULL || width < 1 || height < 1 ||
      width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX)
    return NULL;

  double factor = MAX ((double) pixels / width, (double) pixels / height);
  int to_width = MAX ((int) ceil (width * factor), 1);
  int to_height = MAX ((int) ceil (height * factor), 1);

  /* Of a very long picture only the middle would be seen. */
  if (to_width > 20 * pixels || to_height > 20 * pixels)
    return NULL;

  g_autoptr (GdkPixbuf) small =
      gdk_pixbuf_new_from_file_at_scale (path, to_width, to_height, FALSE, NULL);
  g_autoptr (GdkPixbuf) upright =
      small == NULL ? NULL : gdk_pixbuf_apply_embedded_orientation (small);

  return upright == NULL ? NULL : paint (upright, scale);
}

static void
load_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  const Wish *wish = data;
  g_autoptr (SeedThumbnail) picture = g_new0 (SeedThumbnail, 1);
  g_autoptr (GFile) file = wish->path == NULL ? NULL : g_file_new_for_path (wish->path);
  g_autoptr (GFileInfo) info = NULL;

  if (file != NULL)
    info = g_file_query_info (file,
                              G_FILE_ATTRIBUTE_STANDARD_TYPE
                              "," G_FILE_ATTRIBUTE_STANDARD_SIZE
                              "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE
                              "," G_FILE_ATTRIBUTE_STANDARD_SYMBOLIC_ICON,
                              G_FILE_QUERY_INFO_NONE, cancellable, NULL);

  if (info == NULL)
    {
      picture->icon = g_themed_icon_new (wish->path == NULL ? "folder-documents-symbolic"
                                                            : "dialog-warning-symbolic");
      g_task_return_pointer (task, g_steal_pointer (&picture),
                             (GDestroyNotify) seed_thumbnail_free);
      return;
    }

  const char *type = g_file_info_get_content_type (info);

  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR && type != NULL &&
      g_content_type_is_a (type, "image/*") && g_file_info_get_size (info) <= PICTURE_BYTES_MAX)
    picture->surface = load_picture (wish->path, wish->scale);

  if (picture->surface == NULL)
    picture->icon = g_object_ref (g_file_info_get_symbolic_icon (info));

  g_task_return_pointer (task, g_steal_pointer (&picture), (GDestroyNotify) seed_thumbnail_free);
}

void
seed_thumbnail_load_async (const char *path, int scale, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->path = g_strdup (path);
  wish->scale = scale;
  g_task_set_source_tag (task, seed_thumbnail_load_async);
  g_task_set_task_data (task, wish, wish_free);
  g_task_run_in_thread (task, load_thread);
}

SeedThumbnail *
seed_thumbnail_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
