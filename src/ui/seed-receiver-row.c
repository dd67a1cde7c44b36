// SPDX-License-Identifier: MIT
#include "seed-receiver-row.h"

#include <glib/gi18n.h>

#include "seed-colours.h"
#include "seed-format.h"
#include "seed-safe-path.h"

struct _SeedReceiverRow
{
  GtkBox parent;

  /* Template widgets */
  GtkLabel *badge;
  GtkLabel *address;
  GtkLabel *agent;
  GtkLabel *percent;
  GtkLabel *details;
  GtkProgressBar *bar;
  GtkButton *drop_button;

  /* Owned */
  SeedTransfer *transfer;
  char *colour_class;
};

enum
{
  DROP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedReceiverRow, seed_receiver_row, GTK_TYPE_BOX)

static void
show_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static void
set_name (gpointer widget, const char *name)
{
  AtkObject *accessible = gtk_widget_get_accessible (GTK_WIDGET (widget));

  if (g_strcmp0 (atk_object_get_name (accessible), name) != 0)
    atk_object_set_name (accessible, name);
}

static void
swap_class (gpointer widget, const char *from, const char *to)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (widget));

  gtk_style_context_remove_class (style, from);
  gtk_style_context_add_class (style, to);
}

static void
show_colour (SeedReceiverRow *self)
{
  g_autofree char *name = seed_colours_class (seed_transfer_get_colour (self->transfer));

  if (g_str_equal (name, self->colour_class))
    return;

  swap_class (self->badge, self->colour_class, name);
  swap_class (self->bar, self->colour_class, name);
  g_free (self->colour_class);
  self->colour_class = g_steal_pointer (&name);
}

static void
mark (SeedReceiverRow *self, const char *name, gboolean on)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));

  if (on)
    gtk_style_context_add_class (style, name);
  else
    gtk_style_context_remove_class (style, name);
}

static void
show_state (SeedReceiverRow *self)
{
  SeedReceiverState state = seed_transfer_get_state (self->transfer);

  gtk_widget_set_visible (GTK_WIDGET (self->drop_button), seed_transfer_is_live (self->transfer));
  mark (self, "failed", state == SEED_RECEIVER_FAILED);
  mark (self, "stopped", state == SEED_RECEIVER_STOPPED);
}

void
seed_receiver_row_update (SeedReceiverRow *self)
{
  SeedTransfer *transfer = self->transfer;
  const char *address = seed_transfer_get_address (transfer);
  gint64 bytes = seed_transfer_get_bytes (transfer);
  gint64 size = seed_transfer_get_size (transfer);
  g_autofree char *agent = seed_printable_name (seed_transfer_get_agent (transfer));
  g_autofree char *details = seed_format_details (transfer);
  /* Translators: per cent of a download. */
  g_autofree char *percent = g_strdup_printf (_ ("%d %%"), seed_format_percent (bytes, size));
  g_autofree char *number = g_strdup_printf ("%u", seed_transfer_get_number (transfer));
  const char *who = address == NULL ? _ ("finding a path…") : address;
  g_autofree char *row_name = g_strdup_printf (_ ("Receiver %s: %s"), number, who);
  g_autofree char *bar_name = g_strdup_printf (_ ("Received by %s: %s"), number, who);
  g_autofree char *drop_name = g_strdup_printf (_ ("Cut off receiver %s: %s"), number, who);

  show_colour (self);
  show_state (self);
  show_text (self->badge, number);
  show_text (self->address, who);
  show_text (self->agent, agent);
  show_text (self->percent, percent);
  show_text (self->details, details);
  gtk_progress_bar_set_fraction (self->bar, size <= 0 ? 0 : (double) bytes / (double) size);

  set_name (self, row_name);
  set_name (self->bar, bar_name);
  set_name (self->drop_button, drop_name);
}

static void
drop_clicked_cb (SeedReceiverRow *self)
{
  g_signal_emit (self, signals[DROP], 0);
}

SeedTransfer *
seed_receiver_row_get_transfer (SeedReceiverRow *self)
{
  return self->transfer;
}

GtkWidget *
seed_receiver_row_new (SeedTransfer *transfer)
{
  SeedReceiverRow *self = g_object_new (SEED_TYPE_RECEIVER_ROW, NULL);

  self->transfer = g_object_ref (transfer);
  seed_receiver_row_update (self);

  return GTK_WIDGET (self);
}

static void
seed_receiver_row_finalize (GObject *object)
{
  SeedReceiverRow *self = SEED_RECEIVER_ROW (object);

  g_clear_object (&self->transfer);
  g_free (self->colour_class);

  G_OBJECT_CLASS (seed_receiver_row_parent_class)->finalize (object);
}

static void
seed_receiver_row_class_init (SeedReceiverRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = seed_receiver_row_finalize;

  signals[DROP] = g_signal_new ("drop", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seedshot/Seedshot/seed-receiver-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SeedReceiverRow, badge);
  gtk_widget_class_bind_template_child (widget_class, SeedReceiverRow, address);
  gtk_widget_class_bind_template_child (widget_class, SeedReceiverRow, agent);
  gtk_widget_class_bind_template_child (widget_class, SeedReceiverRow, percent);
  gtk_widget_class_bind_template_child (widget_class, SeedReceiverRow, details);
  gtk_widget_class_bind_template_child (widget_class, SeedReceiverRow, bar);
  gtk_widget_class_bind_template_child (widget_class, SeedReceiverRow, drop_button);
  gtk_widget_class_bind_template_callback (widget_class, drop_clicked_cb);
}

static void
seed_receiver_row_init (SeedReceiverRow *self)
{
  self->colour_class = seed_colours_class (-1);
  gtk_widget_init_template (GTK_WIDGET (self));
  atk_object_set_role (gtk_widget_get_accessible (GTK_WIDGET (self)), ATK_ROLE_LIST_ITEM);
  swap_class (self->badge, "", self->colour_class);
}
