// SPDX-License-Identifier: MIT
#include "seed-collect.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seed-safe-path.h"

/* Deeper trees are not followed: nobody shares them, and a loop would have no end. */
#define DEPTH_MAX 64

static SeedCollection *
collection_new (void)
{
  SeedCollection *self = g_atomic_rc_box_new0 (SeedCollection);

  self->manifest = seed_manifest_new ();
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) seed_source_unref);

  return self;
}

SeedCollection *
seed_collection_ref (SeedCollection *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
collection_clear (gpointer data)
{
  SeedCollection *self = data;

  seed_manifest_free (self->manifest);
  g_ptr_array_unref (self->sources);
}

void
seed_collection_unref (SeedCollection *self)
{
  g_atomic_rc_box_release_full (self, collection_clear);
}

/* A sparse file may claim more than a message can say. */
static gboolean
check_size (const SeedCollection *self, const SeedSource *source, const char *name, GError **error)
{
  g_autofree char *printable = seed_printable_name (name);

  if (seed_source_get_size (source) <= SEED_SIZE_MAX - seed_manifest_get_bytes (self->manifest))
    return TRUE;

  /* Translators: the name of a file, and what is wrong with it. */
  g_set_error (error, SEED_ERROR, SEED_CODE_FILE_UNREADABLE, _ ("“%s”: %s"), printable,
               g_strerror (EFBIG));
  return FALSE;
}

static gboolean
add_file (SeedCollection *self, const char *path, const char *name, GError **error)
{
  if (self->sources->len == SEED_FILES_MAX)
    {
      g_propagate_error (error, seed_error_new_code (SEED_CODE_TOO_MANY_FILES));
      return FALSE;
    }

  g_autoptr (SeedSource) source = seed_source_new (path, error);

  if (source == NULL || !check_size (self, source, name, error))
    return FALSE;

  gboolean uncertain = FALSE;
  g_autofree char *content_type = g_content_type_guess (name, NULL, 0, &uncertain);
  g_autofree char *type = g_content_type_get_mime_type (content_type);

  seed_manifest_add (self->manifest, name, seed_source_get_size (source), type == NULL ? "" : type,
                     seed_source_get_time (source));
  g_ptr_array_add (self->sources, g_steal_pointer (&source));

  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_folder (const char *path, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &problem);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_FILE_UNREADABLE, problem->message);
      return NULL;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));

  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static gboolean add_folder (SeedCollection *self, const char *path, const char *name, guint depth,
                            GCancellable *cancellable, GError **error);

static gboolean
add_inside (SeedCollection *self, const char *path, const char *name, guint depth,
            GCancellable *cancellable, GError **error)
{
  struct stat own;
  struct stat target;

  /* Gone since the folder was read, or a link that leads nowhere. */
  if (lstat (path, &own) != 0 || stat (path, &target) != 0)
    return TRUE;
  if (S_ISREG (target.st_mode))
    return add_file (self, path, name, error);
  if (S_ISDIR (own.st_mode))
    return add_folder (self, path, name, depth, cancellable, error);

  return TRUE;
}

static gboolean
add_folder (SeedCollection *self, const char *path, const char *name, guint depth,
            GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) names = depth > DEPTH_MAX ? g_ptr_array_new () : list_folder (path, error);

  if (names == NULL)
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *child_path = g_build_filename (path, names->pdata[i], NULL);
      g_autofree char *display = g_filename_display_name (names->pdata[i]);
      g_autofree char *child_name = g_strconcat (name, "/", display, NULL);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !add_inside (self, child_path, child_name, depth + 1, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

static char *
name_of (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  return g_filename_display_basename (absolute);
}

static void
collect_in_thread (GTask *task, gpointer source_object, gpointer task_data,
                   GCancellable *cancellable)
{
  char **paths = task_data;
  g_autoptr (SeedCollection) self = collection_new ();
  GError *error = NULL;

  for (guint i = 0; error == NULL && paths[i] != NULL; i++)
    {
      g_autofree char *name = name_of (paths[i]);

      if (g_file_test (paths[i], G_FILE_TEST_IS_DIR))
        add_folder (self, paths[i], name, 1, cancellable, &error);
      else
        add_file (self, paths[i], name, &error);
    }

  if (error == NULL && self->sources->len == 0)
    g_set_error_literal (&error, SEED_ERROR, SEED_CODE_FILE_UNREADABLE,
                         _ ("There is no file to share in there."));

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) seed_collection_unref);
}

void
seed_collect_async (const char *const *paths, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, seed_collect_async);
  g_task_set_task_data (task, g_strdupv ((char **) paths), (GDestroyNotify) g_strfreev);
  g_task_run_in_thread (task, collect_in_thread);
}

SeedCollection *
seed_collect_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
seed_collect_check (const char *const *paths, GError **error)
{
  if (paths == NULL || paths[0] == NULL)
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_USAGE, _ ("Name a file to share."));
      return FALSE;
    }

  for (guint i = 0; paths[i] != NULL; i++)
    {
      if (g_file_test (paths[i], G_FILE_TEST_IS_DIR))
        {
          g_autoptr (GError) problem = NULL;
          g_autoptr (GDir) dir = g_dir_open (paths[i], 0, &problem);

          if (dir == NULL)
            {
              g_set_error_literal (error, SEED_ERROR, SEED_CODE_FILE_UNREADABLE, problem->message);
              return FALSE;
            }
        }
      else
        {
          g_autoptr (SeedSource) source = seed_source_new (paths[i], error);

          if (source == NULL)
            return FALSE;
        }
    }

  return TRUE;
}
