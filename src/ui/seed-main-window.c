// SPDX-License-Identifier: MIT
#include "seed-main-window.h"

#include <glib/gi18n.h>

#include "seed-drop.h"
#include "seed-look.h"
#include "seed-share-row.h"

#define GOOD_NEWS_SECONDS 5

struct _SeedMainWindow
{
  GtkApplicationWindow parent;

  /* Template widgets */
  GtkHeaderBar *header;
  GtkWidget *add_button;
  GtkStack *stack;
  GtkListBox *list;
  GtkInfoBar *notice;
  GtkLabel *notice_text;
  GtkWidget *drop_hint;

  /* Owned */
  SeedShelf *shelf;
  SeedLook *look;
  GtkFileChooserNative *chooser;
  GCancellable *cancellable;
  guint notice_source;
};

enum
{
  LEAVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedMainWindow, seed_main_window, GTK_TYPE_APPLICATION_WINDOW)

/* ---- Telling ---- */

static void
hide_notice (SeedMainWindow *self)
{
  g_clear_handle_id (&self->notice_source, g_source_remove);
  gtk_info_bar_set_revealed (self->notice, FALSE);
}

static gboolean
notice_over_cb (gpointer user_data)
{
  SeedMainWindow *self = user_data;

  self->notice_source = 0;
  hide_notice (self);

  return G_SOURCE_REMOVE;
}

static void
show_notice (SeedMainWindow *self, GtkMessageType type, const char *text)
{
  hide_notice (self);
  gtk_label_set_text (self->notice_text, text);
  gtk_info_bar_set_message_type (self->notice, type);
  gtk_widget_show (GTK_WIDGET (self->notice));
  gtk_info_bar_set_revealed (self->notice, TRUE);
}

static void
show_error (SeedMainWindow *self, const GError *error)
{
  g_autofree char *text =
      error->domain == SEED_ERROR ? seed_error_describe (error) : g_strdup (error->message);

  show_notice (self, GTK_MESSAGE_ERROR, text);
}

static void
shelf_connected_cb (SeedShelf *shelf, gboolean connected, SeedMainWindow *self)
{
  if (!connected)
    {
      show_notice (self, GTK_MESSAGE_WARNING,
                   _ ("The server is away. Downloads that run go on; new ones have to wait until "
                      "it is back."));
      return;
    }

  show_notice (self, GTK_MESSAGE_INFO, _ ("The server is back."));
  self->notice_source = g_timeout_add_seconds (GOOD_NEWS_SECONDS, notice_over_cb, self);
}

static void
notice_response_cb (SeedMainWindow *self)
{
  hide_notice (self);
}

/* ---- Sharing ---- */

static void
share (SeedMainWindow *self, SeedDrop *drop)
{
  g_autoptr (GError) error = NULL;

  if (!seed_shelf_share (self->shelf, (const char *const *) drop->paths, drop->temporary, &error))
    {
      show_error (self, error);
      return;
    }

  drop->temporary = FALSE;
  if (gtk_info_bar_get_message_type (self->notice) == GTK_MESSAGE_ERROR)
    hide_notice (self);
  gtk_adjustment_set_value (gtk_list_box_get_adjustment (self->list), 0);
}

void
seed_main_window_share_uris (SeedMainWindow *self, char **uris)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedDrop) drop = seed_drop_new (uris, &error);

  if (drop == NULL)
    show_error (self, error);
  else
    share (self, drop);
}

static void
pasted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedMainWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedDrop) drop = seed_drop_paste_finish (result, &error);

  if (drop != NULL)
    share (self, drop);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_error (self, error);
}

static void
paste_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SeedMainWindow *self = user_data;

  seed_drop_paste_async (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                         self->cancellable, pasted_cb, g_object_ref (self));
}

static void
chooser_response_cb (GtkNativeDialog *chooser, int response, SeedMainWindow *self)
{
  g_autoptr (GPtrArray) uris = g_ptr_array_new_with_free_func (g_free);

  if (response == GTK_RESPONSE_ACCEPT)
    {
      GSList *chosen = gtk_file_chooser_get_uris (GTK_FILE_CHOOSER (chooser));

      for (GSList *link = chosen; link != NULL; link = link->next)
        g_ptr_array_add (uris, link->data);

      g_slist_free (chosen);
      g_ptr_array_add (uris, NULL);
      seed_main_window_share_uris (self, (char **) uris->pdata);
    }

  g_clear_object (&self->chooser);
}

static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SeedMainWindow *self = user_data;

  if (self->chooser == NULL)
    {
      self->chooser =
          gtk_file_chooser_native_new (_ ("Choose what to share"), GTK_WINDOW (self),
                                       GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Share"), _ ("_Cancel"));
      gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
      gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
      g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                               0);
    }

  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- Keys ---- */

/* Text that is selected is what Ctrl+C means; else the share that has the focus, or the only one. */
static void
copy_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SeedMainWindow *self = user_data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *row = focus == NULL ? NULL : gtk_widget_get_ancestor (focus, SEED_TYPE_SHARE_ROW);

  if (GTK_IS_EDITABLE (focus) &&
      gtk_editable_get_selection_bounds (GTK_EDITABLE (focus), NULL, NULL))
    {
      gtk_editable_copy_clipboard (GTK_EDITABLE (focus));
      return;
    }

  if (row == NULL && g_list_model_get_n_items (seed_shelf_get_offers (self->shelf)) == 1)
    row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0));
  if (row != NULL)
    seed_share_row_copy_link (SEED_SHARE_ROW (row));
}

static void
close_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));
}

static const GActionEntry actions[] = {
  { .name = "open", .activate = open_action },
  { .name = "paste", .activate = paste_action },
  { .name = "copy-link", .activate = copy_action },
  { .name = "close", .activate = close_action },
};

/* ---- Dropping ---- */

static gboolean
seed_main_window_drag_motion (GtkWidget *widget, GdkDragContext *context, int x, int y, guint time)
{
  SeedMainWindow *self = SEED_MAIN_WINDOW (widget);

  if (gtk_drag_dest_find_target (widget, context, NULL) != GDK_NONE)
    gtk_widget_show (self->drop_hint);

  return FALSE;
}

static void
seed_main_window_drag_leave (GtkWidget *widget, GdkDragContext *context, guint time)
{
  gtk_widget_hide (SEED_MAIN_WINDOW (widget)->drop_hint);
}

static void
seed_main_window_drag_data_received (GtkWidget *widget, GdkDragContext *context, int x, int y,
                                     GtkSelectionData *data, guint info, guint time)
{
  g_auto (GStrv) uris = gtk_selection_data_get_uris (data);

  seed_main_window_share_uris (SEED_MAIN_WINDOW (widget), uris);
}

/* ---- The list ---- */

static GtkWidget *
create_row (gpointer offer, gpointer user_data)
{
  return seed_share_row_new (offer);
}

static void
offers_changed_cb (SeedMainWindow *self)
{
  guint n_offers = g_list_model_get_n_items (seed_shelf_get_offers (self->shelf));
  g_autofree char *text = g_strdup_printf (ngettext ("%u share", "%u shares", n_offers), n_offers);

  gtk_stack_set_visible_child_name (self->stack, n_offers == 0 ? "empty" : "shares");
  gtk_widget_set_visible (self->add_button, n_offers > 0);
  gtk_header_bar_set_subtitle (self->header, n_offers < 2 ? NULL : text);
}

static gboolean
seed_main_window_delete_event (GtkWidget *widget, GdkEventAny *event)
{
  g_signal_emit (widget, signals[LEAVE], 0);

  return GDK_EVENT_STOP;
}

GtkWidget *
seed_main_window_new (GtkApplication *application, SeedShelf *shelf)
{
  SeedMainWindow *self = g_object_new (SEED_TYPE_MAIN_WINDOW, "application", application, NULL);
  GListModel *offers = seed_shelf_get_offers (shelf);

  self->shelf = g_object_ref (shelf);
  gtk_list_box_bind_model (self->list, offers, create_row, NULL, NULL);
  g_signal_connect_object (offers, "items-changed", G_CALLBACK (offers_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (shelf, "connected", G_CALLBACK (shelf_connected_cb), self, 0);
  offers_changed_cb (self);

  return GTK_WIDGET (self);
}

static void
seed_main_window_dispose (GObject *object)
{
  SeedMainWindow *self = SEED_MAIN_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->notice_source, g_source_remove);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->look, seed_look_free);

  G_OBJECT_CLASS (seed_main_window_parent_class)->dispose (object);
}

static void
seed_main_window_finalize (GObject *object)
{
  SeedMainWindow *self = SEED_MAIN_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->shelf);

  G_OBJECT_CLASS (seed_main_window_parent_class)->finalize (object);
}

static void
seed_main_window_class_init (SeedMainWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = seed_main_window_dispose;
  object_class->finalize = seed_main_window_finalize;
  widget_class->delete_event = seed_main_window_delete_event;
  widget_class->drag_motion = seed_main_window_drag_motion;
  widget_class->drag_leave = seed_main_window_drag_leave;
  widget_class->drag_data_received = seed_main_window_drag_data_received;

  signals[LEAVE] = g_signal_new ("leave", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seedshot/Seedshot/seed-main-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SeedMainWindow, header);
  gtk_widget_class_bind_template_child (widget_class, SeedMainWindow, add_button);
  gtk_widget_class_bind_template_child (widget_class, SeedMainWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SeedMainWindow, list);
  gtk_widget_class_bind_template_child (widget_class, SeedMainWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, SeedMainWindow, notice_text);
  gtk_widget_class_bind_template_child (widget_class, SeedMainWindow, drop_hint);
  gtk_widget_class_bind_template_callback (widget_class, notice_response_cb);
}

static void
seed_main_window_init (SeedMainWindow *self)
{
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->look = seed_look_new (GTK_WIDGET (self));
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  seed_drop_dest_set (GTK_WIDGET (self));
}
