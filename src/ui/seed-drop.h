// SPDX-License-Identifier: MIT
#pragma once

/* What comes from outside: files dropped on the window or pasted, and pictures pasted, which become files
 * of ours. Main thread. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** What was dropped or pasted, as files. */
typedef struct
{
  char **paths;       /* (array zero-terminated=1): one at least, in the file name encoding */
  gboolean temporary; /* made by us, and removed with it; FALSE once taken over */
} SeedDrop;

void seed_drop_free (SeedDrop *self);

/** Lets @widget take files. "drag-data-received" has what seed_drop_new() takes. */
void seed_drop_dest_set (GtkWidget *widget);

/**
 * seed_drop_new:
 * @uris: (nullable) (array zero-terminated=1)
 *
 * Returns: (transfer full): the files, or %NULL with @error telling why there are none
 */
SeedDrop *seed_drop_new (char **uris, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Reads files or a picture from @clipboard. */
void seed_drop_paste_async (GtkClipboard *clipboard, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);

/** (transfer full) */
SeedDrop *seed_drop_paste_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedDrop, seed_drop_free)

G_END_DECLS
