// SPDX-License-Identifier: MIT
#include "seed-drop.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

/* A sandbox can't read what text/uri-list names, so the portal's way comes first. */
#define PORTAL_TARGET "application/vnd.portal.filetransfer"
#define URIS_TARGET "text/uri-list"

static const GtkTargetEntry targets[] = {
  { (char *) PORTAL_TARGET, 0, 0 },
  { (char *) URIS_TARGET, 0, 0 },
};

void
seed_drop_free (SeedDrop *self)
{
  for (guint i = 0; self->temporary && self->paths[i] != NULL; i++)
    (void) g_unlink (self->paths[i]);

  g_strfreev (self->paths);
  g_free (self);
}

void
seed_drop_dest_set (GtkWidget *widget)
{
  gtk_drag_dest_set (widget, GTK_DEST_DEFAULT_ALL, targets, G_N_ELEMENTS (targets),
                     GDK_ACTION_COPY);
}

SeedDrop *
seed_drop_new (char **uris, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; uris != NULL && uris[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_uri (uris[i]);
      char *path = g_file_get_path (file);

      if (path == NULL)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       _ ("“%s” is no file on this computer. Save it here, and share that."),
                       uris[i]);
          return NULL;
        }

      g_ptr_array_add (paths, path);
    }

  if (paths->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("There is no file in that. Drop files or folders."));
      return NULL;
    }

  SeedDrop *self = g_new0 (SeedDrop, 1);

  g_ptr_array_add (paths, NULL);
  self->paths = (char **) g_ptr_array_steal (paths, NULL);

  return self;
}

/* ---- A picture from the clipboard ---- */

/* (transfer full): an empty file of ours, with a name that a receiver can read. */
static char *
make_picture_file (GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "seedshot", NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  /* Translators: the name of a file, for a picture that was pasted; see g_date_time_format(). */
  g_autofree char *stamped = g_date_time_format (now, _ ("Picture from %Y-%m-%d %H-%M-%S"));
  int fd = g_mkdir_with_parents (folder, 0700) == 0 ? 0 : -1;

  for (guint i = 1; fd == 0; i++)
    {
      g_autofree char *number = i == 1 ? g_strdup ("") : g_strdup_printf (" (%u)", i);
      g_autofree char *name =
          g_strdup_printf ("%s%s.png", stamped == NULL ? "picture" : stamped, number);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      fd = g_open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
      if (fd >= 0)
        {
          (void) g_close (fd, NULL);
          return g_steal_pointer (&path);
        }
      if (errno == EEXIST)
        fd = 0;
    }

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _ ("The picture could not be kept in “%s”: %s. Make room for it there."), folder,
               g_strerror (errno));
  return NULL;
}

static void
save_thread (GTask *task, gpointer object, gpointer picture, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = make_picture_file (&error);
  char *paths[] = { path, NULL };

  if (path == NULL || !gdk_pixbuf_save (picture, path, "png", &error, NULL))
    {
      if (path != NULL)
        (void) g_unlink (path);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  SeedDrop *self = g_new0 (SeedDrop, 1);

  self->paths = g_strdupv (paths);
  self->temporary = TRUE;
  g_task_return_pointer (task, self, (GDestroyNotify) seed_drop_free);
}

static void
return_nothing (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s",
                           _ ("There is neither a file nor a picture in the clipboard. Copy one, "
                              "and paste again."));
}

static void
image_cb (GtkClipboard *clipboard, GdkPixbuf *picture, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (picture == NULL)
    {
      return_nothing (task);
      return;
    }

  g_task_set_task_data (task, g_object_ref (picture), g_object_unref);
  g_task_run_in_thread (task, save_thread);
}

static void
files_cb (GtkClipboard *clipboard, GtkSelectionData *data, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_auto (GStrv) uris = gtk_selection_data_get_uris (data);
  g_autoptr (GError) error = NULL;
  SeedDrop *self = seed_drop_new (uris, &error);

  if (uris == NULL || uris[0] == NULL)
    return_nothing (task);
  else if (self == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, self, (GDestroyNotify) seed_drop_free);
}

static void
targets_cb (GtkClipboard *clipboard, GdkAtom *atoms, int n_atoms, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      GdkAtom wanted = gdk_atom_intern_static_string (targets[i].target);

      for (int j = 0; atoms != NULL && j < n_atoms; j++)
        {
          if (atoms[j] != wanted)
            continue;

          gtk_clipboard_request_contents (clipboard, wanted, files_cb, g_steal_pointer (&task));
          return;
        }
    }

  if (atoms != NULL && gtk_targets_include_image (atoms, n_atoms, FALSE))
    gtk_clipboard_request_image (clipboard, image_cb, g_steal_pointer (&task));
  else
    return_nothing (task);
}

void
seed_drop_paste_async (GtkClipboard *clipboard, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, seed_drop_paste_async);
  gtk_clipboard_request_targets (clipboard, targets_cb, task);
}

SeedDrop *
seed_drop_paste_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
