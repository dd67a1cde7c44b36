// SPDX-License-Identifier: MIT
#include "seed-share-row.h"

#include <glib/gi18n.h>

#include "seed-format.h"
#include "seed-receiver-row.h"
#include "seed-safe-path.h"
#include "seed-thumbnail.h"

#define REDRAW_MS 100
#define COPIED_MS 3000

struct _SeedShareRow
{
  GtkListBoxRow parent;

  /* Template widgets */
  GtkImage *thumbnail;
  GtkLabel *name;
  GtkLabel *about;
  GtkLabel *sums;
  GtkLabel *problem;
  GtkWidget *link_box;
  GtkEntry *link;
  GtkButton *copy_button;
  GtkButton *stop_button;
  GtkContainer *receivers;

  /* Owned */
  SeedOffer *offer;
  GHashTable *rows;  /* SeedTransfer => SeedReceiverRow, borrowed from `receivers` */
  GHashTable *dirty; /* of SeedTransfer: what has to be drawn anew */
  GCancellable *cancellable;
  guint redraw_source;
  guint copied_source;
};

G_DEFINE_FINAL_TYPE (SeedShareRow, seed_share_row, GTK_TYPE_LIST_BOX_ROW)

/* ---- The share itself ---- */

static char *
describe_size (SeedOffer *offer)
{
  guint n_files = seed_offer_get_n_files (offer);
  g_autofree char *size = NULL;
  g_autofree char *files = NULL;

  if (n_files == 0)
    return g_strdup (_ ("Looking at the files…"));

  size = g_format_size ((guint64) seed_offer_get_size (offer));
  if (n_files == 1 || seed_offer_get_path (offer) == NULL)
    return g_steal_pointer (&size);

  files = seed_format_files (n_files);
  return g_strdup_printf ("%s · %s", files, size);
}

static void
show_sums (SeedShareRow *self)
{
  GPtrArray *transfers = seed_share_get_transfers (seed_offer_get_share (self->offer));
  g_autofree char *sums = seed_format_sums (transfers);
  gboolean has_link = seed_offer_get_link (self->offer) != NULL;

  if (seed_offer_get_problem (self->offer) == NULL && !has_link)
    gtk_label_set_text (self->sums, seed_offer_is_stopping (self->offer) ? _ ("Stopping…")
                                                                         : _ ("Making the link…"));
  else if (transfers->len == 0)
    gtk_label_set_text (self->sums, has_link ? _ ("Send the link to whoever should have it.") : "");
  else
    gtk_label_set_text (self->sums, sums);

  gtk_widget_set_visible (GTK_WIDGET (self->sums), *gtk_label_get_text (self->sums) != '\0');
}

static void
show_offer (SeedShareRow *self)
{
  const char *link = seed_offer_get_link (self->offer);
  const char *problem = seed_offer_get_problem (self->offer);
  gboolean is_stopping = seed_offer_is_stopping (self->offer);
  g_autofree char *about = describe_size (self->offer);

  gtk_label_set_text (self->about, about);
  gtk_widget_set_visible (GTK_WIDGET (self->about), problem == NULL);
  gtk_label_set_text (self->problem, problem == NULL ? "" : problem);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  if (problem != NULL)
    gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "failed");

  gtk_widget_set_visible (self->link_box, problem == NULL);
  gtk_widget_set_sensitive (self->link_box, link != NULL);
  if (g_strcmp0 (gtk_entry_get_text (self->link), link == NULL ? "" : link) != 0)
    gtk_entry_set_text (self->link, link == NULL ? "" : link);

  gtk_button_set_label (self->stop_button, problem == NULL ? _ ("Stop") : _ ("Dismiss"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->stop_button), !is_stopping);
  show_sums (self);
}

/* ---- Copying ---- */

static void
show_copied (SeedShareRow *self, gboolean copied)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->copy_button));

  gtk_button_set_label (self->copy_button, copied ? _ ("Copied") : _ ("Copy"));
  if (copied)
    gtk_style_context_add_class (style, "done");
  else
    gtk_style_context_remove_class (style, "done");
}

static gboolean
copied_over_cb (gpointer user_data)
{
  SeedShareRow *self = user_data;

  self->copied_source = 0;
  show_copied (self, FALSE);

  return G_SOURCE_REMOVE;
}

void
seed_share_row_copy_link (SeedShareRow *self)
{
  const char *link = seed_offer_get_link (self->offer);

  if (link == NULL)
    return;

  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                          link, -1);
  show_copied (self, TRUE);
  g_clear_handle_id (&self->copied_source, g_source_remove);
  self->copied_source = g_timeout_add (COPIED_MS, copied_over_cb, self);
}

/* ---- The live view ---- */

static void
redraw (SeedShareRow *self)
{
  GHashTableIter iter;
  gpointer transfer;

  g_clear_handle_id (&self->redraw_source, g_source_remove);
  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, &transfer, NULL))
    {
      SeedReceiverRow *row = g_hash_table_lookup (self->rows, transfer);

      if (row != NULL)
        seed_receiver_row_update (row);
    }

  g_hash_table_remove_all (self->dirty);
  show_sums (self);
}

static gboolean
redraw_cb (gpointer user_data)
{
  SeedShareRow *self = user_data;

  self->redraw_source = 0;
  redraw (self);

  return G_SOURCE_REMOVE;
}

static gboolean
is_seen (SeedShareRow *self)
{
  GdkWindow *window = gtk_widget_get_window (gtk_widget_get_toplevel (GTK_WIDGET (self)));

  return gtk_widget_get_mapped (GTK_WIDGET (self)) && window != NULL &&
         (gdk_window_get_state (window) &
          (GDK_WINDOW_STATE_ICONIFIED | GDK_WINDOW_STATE_WITHDRAWN)) == 0;
}

/* What is not seen is drawn once the window is. */
static void
schedule (SeedShareRow *self)
{
  if (self->redraw_source == 0 && g_hash_table_size (self->dirty) > 0 && is_seen (self))
    self->redraw_source = g_timeout_add (REDRAW_MS, redraw_cb, self);
}

static void
transfer_changed_cb (SeedShare *share, SeedTransfer *transfer, gboolean state, SeedShareRow *self)
{
  g_hash_table_add (self->dirty, g_object_ref (transfer));
  schedule (self);
}

static void
receiver_drop_cb (SeedReceiverRow *row, SeedShareRow *self)
{
  seed_offer_drop (self->offer, seed_receiver_row_get_transfer (row));
}

/* The share forgets receivers that left long ago when there are too many. */
static void
forget_rows (SeedShareRow *self, GPtrArray *transfers)
{
  GHashTableIter iter;
  gpointer transfer;
  gpointer row;

  if (g_hash_table_size (self->rows) <= transfers->len)
    return;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &transfer, &row))
    {
      if (g_ptr_array_find (transfers, transfer, NULL))
        continue;

      g_hash_table_remove (self->dirty, transfer);
      g_hash_table_iter_remove (&iter);
      gtk_widget_destroy (row);
    }
}

static void
transfer_added_cb (SeedShare *share, SeedTransfer *transfer, SeedShareRow *self)
{
  GtkWidget *row = seed_receiver_row_new (transfer);

  g_signal_connect_object (row, "drop", G_CALLBACK (receiver_drop_cb), self, 0);
  g_hash_table_insert (self->rows, transfer, row);
  gtk_container_add (self->receivers, row);
  gtk_widget_show (GTK_WIDGET (self->receivers));
  forget_rows (self, seed_share_get_transfers (share));
  show_sums (self);
}

static gboolean
state_changed_cb (GtkWidget *window, GdkEvent *event, SeedShareRow *self)
{
  schedule (self);
  return GDK_EVENT_PROPAGATE;
}

static void
seed_share_row_map (GtkWidget *widget)
{
  SeedShareRow *self = SEED_SHARE_ROW (widget);

  GTK_WIDGET_CLASS (seed_share_row_parent_class)->map (widget);
  schedule (self);
}

static void
seed_share_row_hierarchy_changed (GtkWidget *widget, GtkWidget *previous)
{
  GtkWidget *window = gtk_widget_get_toplevel (widget);

  if (previous != NULL)
    g_signal_handlers_disconnect_by_func (previous, state_changed_cb, widget);
  if (GTK_IS_WINDOW (window))
    g_signal_connect_object (window, "window-state-event", G_CALLBACK (state_changed_cb), widget,
                             G_CONNECT_AFTER);
}

/* ---- Making it ---- */

static void
thumbnail_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedShareRow) self = user_data;
  g_autoptr (SeedThumbnail) picture = seed_thumbnail_load_finish (result, NULL);

  if (picture == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;

  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->thumbnail));

  if (picture->surface != NULL)
    {
      gtk_image_set_from_surface (self->thumbnail, picture->surface);
      gtk_style_context_add_class (style, "picture");
    }
  else
    {
      gtk_image_set_from_gicon (self->thumbnail, picture->icon, GTK_ICON_SIZE_DND);
      gtk_image_set_pixel_size (self->thumbnail, 24);
    }
}

static void
offer_link_cb (SeedOffer *offer, SeedShareRow *self)
{
  seed_share_row_copy_link (self);
}

static void
copy_clicked_cb (SeedShareRow *self)
{
  seed_share_row_copy_link (self);
}

static void
stop_clicked_cb (SeedShareRow *self)
{
  seed_offer_stop (self->offer);
}

static void
set_offer (SeedShareRow *self, SeedOffer *offer)
{
  g_autofree char *name = seed_printable_name (seed_offer_get_name (offer));
  g_autofree char *copy = g_strdup_printf (_ ("Copy the link of %s"), name);
  g_autofree char *stop = g_strdup_printf (_ ("Stop sharing %s"), name);
  SeedShare *share = seed_offer_get_share (offer);
  GPtrArray *transfers = seed_share_get_transfers (share);

  self->offer = g_object_ref (offer);
  gtk_label_set_text (self->name, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), copy);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->stop_button), stop);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), name);

  g_signal_connect_object (offer, "changed", G_CALLBACK (show_offer), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (offer, "link", G_CALLBACK (offer_link_cb), self, 0);
  g_signal_connect_object (share, "transfer-added", G_CALLBACK (transfer_added_cb), self, 0);
  g_signal_connect_object (share, "transfer-changed", G_CALLBACK (transfer_changed_cb), self, 0);

  for (guint i = 0; i < transfers->len; i++)
    transfer_added_cb (share, transfers->pdata[i], self);

  show_offer (self);
  seed_thumbnail_load_async (seed_offer_get_path (offer),
                             gtk_widget_get_scale_factor (GTK_WIDGET (self)), self->cancellable,
                             thumbnail_cb, g_object_ref (self));
}

GtkWidget *
seed_share_row_new (SeedOffer *offer)
{
  SeedShareRow *self = g_object_new (SEED_TYPE_SHARE_ROW, NULL);

  set_offer (self, offer);

  return GTK_WIDGET (self);
}

static void
seed_share_row_dispose (GObject *object)
{
  SeedShareRow *self = SEED_SHARE_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->redraw_source, g_source_remove);
  g_clear_handle_id (&self->copied_source, g_source_remove);
  g_hash_table_remove_all (self->rows);

  G_OBJECT_CLASS (seed_share_row_parent_class)->dispose (object);
}

static void
seed_share_row_finalize (GObject *object)
{
  SeedShareRow *self = SEED_SHARE_ROW (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->offer);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->dirty);

  G_OBJECT_CLASS (seed_share_row_parent_class)->finalize (object);
}

static void
seed_share_row_class_init (SeedShareRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = seed_share_row_dispose;
  object_class->finalize = seed_share_row_finalize;
  widget_class->map = seed_share_row_map;
  widget_class->hierarchy_changed = seed_share_row_hierarchy_changed;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seedshot/Seedshot/seed-share-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, name);
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, about);
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, sums);
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, problem);
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, link_box);
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, link);
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, stop_button);
  gtk_widget_class_bind_template_child (widget_class, SeedShareRow, receivers);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_clicked_cb);
}

static void
seed_share_row_init (SeedShareRow *self)
{
  self->rows = g_hash_table_new (NULL, NULL);
  self->dirty = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->link)), _ ("Link"));
  /* The whole window takes what is dropped. */
  gtk_drag_dest_unset (GTK_WIDGET (self->link));
}
