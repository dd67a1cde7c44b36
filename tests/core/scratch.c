// SPDX-License-Identifier: MIT
#include "scratch.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIMIT_S 15

Scratch *
scratch_new (void)
{
  Scratch *self = g_new0 (Scratch, 1);
  g_autoptr (GError) error = NULL;

  self->path = g_dir_make_tmp ("seedshot-test-XXXXXX", &error);
  g_assert_no_error (error);

  return self;
}

Scratch *
scratch_new_in (const char *parent)
{
  g_autofree char *path = g_build_filename (parent, "seedshot-test-XXXXXX", NULL);

  if (g_mkdtemp (path) == NULL)
    return NULL;

  Scratch *self = g_new0 (Scratch, 1);

  self->path = g_steal_pointer (&path);
  return self;
}

static int
remove_cb (const char *path, const struct stat *info, int kind, struct FTW *walk)
{
  return remove (path);
}

void
scratch_free (Scratch *self)
{
  (void) nftw (self->path, remove_cb, 16, FTW_DEPTH | FTW_PHYS);
  g_free (self->path);
  g_free (self);
}

char *
scratch_path (const Scratch *self, const char *name)
{
  return g_build_filename (self->path, name, NULL);
}

char *
scratch_folder (const Scratch *self, const char *name)
{
  char *path = scratch_path (self, name);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  return path;
}

GBytes *
scratch_bytes (gsize size, guint32 seed)
{
  guint8 *data = g_malloc (size + 4);
  guint32 state = seed * 2654435761u + 1;

  /* Xorshift: quick, and no two pieces are alike. */
  for (gsize i = 0; i < size; i += 4)
    {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      data[i] = (guint8) state;
      data[i + 1] = (guint8) (state >> 8);
      data[i + 2] = (guint8) (state >> 16);
      data[i + 3] = (guint8) (state >> 24);
    }

  return g_bytes_new_take (data, size);
}

char *
scratch_file (const Scratch *self, const char *name, gsize size, guint32 seed)
{
  g_autofree char *path = scratch_path (self, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = scratch_bytes (size, seed);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, data == NULL ? "" : data, (gssize) length, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&path);
}

void
scratch_be_nobody (Scratch *self, gboolean be_nobody)
{
  if (getuid () != 0)
    return;

  if (be_nobody)
    g_assert_cmpint (chmod (self->path, 0755), ==, 0);
  g_assert_cmpint (seteuid (be_nobody ? 65534 : 0), ==, 0);
}

GBytes *
scratch_read (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (data, length);
}

guint
scratch_count (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  g_assert_nonnull (dir);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      gboolean is_folder =
          g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK);

      count += is_folder ? scratch_count (child) : 1;
    }

  return count;
}

void
scratch_assert_same (const char *path, const char *other)
{
  g_autoptr (GBytes) a = scratch_read (path);
  g_autoptr (GBytes) b = scratch_read (other);

  g_assert_cmpuint (g_bytes_get_size (a), ==, g_bytes_get_size (b));
  g_assert_true (g_bytes_equal (a, b));
}

static void
collected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SeedCollection **collection = user_data;
  g_autoptr (GError) error = NULL;

  *collection = seed_collect_finish (result, &error);
  g_assert_no_error (error);
}

SeedCollection *
scratch_collect (const char *path, const char *other)
{
  const char *paths[] = { path, other, NULL };
  SeedCollection *collection = NULL;

  seed_collect_async (paths, NULL, collected_cb, &collection);
  wait_until (collection != NULL);

  return collection;
}

static gboolean
limit_cb (gpointer user_data)
{
  gboolean *flag = user_data;

  *flag = TRUE;
  return G_SOURCE_CONTINUE;
}

guint
wait_limit (gboolean *flag)
{
  return g_timeout_add_seconds (LIMIT_S, limit_cb, flag);
}

void
run_ready (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
run_for (guint milliseconds)
{
  gboolean over = FALSE;
  guint source = g_timeout_add (milliseconds, limit_cb, &over);

  while (!over)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}
