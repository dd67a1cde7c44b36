// SPDX-License-Identifier: MIT
#include "seed-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "config.h"
#include "seed-main-window.h"

#define ID "org.seedshot.Seedshot"

struct _SeedApplication
{
  GtkApplication parent;

  SeedShelf *shelf;
  GtkWidget *window;   /* borrowed; NULL while there is none */
  GtkWidget *question; /* borrowed: whether to end, while that is asked */
  guint term_source;
  guint interrupt_source;
  gboolean is_ending;
};

G_DEFINE_FINAL_TYPE (SeedApplication, seed_application, GTK_TYPE_APPLICATION)

/* ---- The end ---- */

static void
end_if_empty (SeedApplication *self)
{
  if (self->is_ending && g_list_model_get_n_items (seed_shelf_get_offers (self->shelf)) == 0)
    g_application_quit (G_APPLICATION (self));
}

/* Receivers are told, so it takes a moment; the window is gone at once. */
static void
end (SeedApplication *self)
{
  self->is_ending = TRUE;
  g_application_hold (G_APPLICATION (self));
  if (self->window != NULL)
    gtk_widget_hide (self->window);

  seed_shelf_stop_all (self->shelf);
  end_if_empty (self);
}

static void
question_response_cb (GtkDialog *question, int response, SeedApplication *self)
{
  gtk_widget_destroy (GTK_WIDGET (question));
  if (response == GTK_RESPONSE_ACCEPT && !self->is_ending)
    end (self);
}

static void
ask (SeedApplication *self)
{
  guint n_open = seed_shelf_count_open (self->shelf);
  guint n_downloading = seed_shelf_count_downloading (self->shelf);

  if (self->question != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->question));
      return;
    }

  self->question = gtk_message_dialog_new (
      GTK_WINDOW (self->window), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
      GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", _ ("Stop sharing?"));
  g_signal_connect (self->question, "destroy", G_CALLBACK (gtk_widget_destroyed), &self->question);

  if (n_downloading > 0)
    gtk_message_dialog_format_secondary_text (
        GTK_MESSAGE_DIALOG (self->question),
        ngettext ("%u download is running and would be cut off. No link works after this.",
                  "%u downloads are running and would be cut off. No link works after this.",
                  n_downloading),
        n_downloading);
  else
    gtk_message_dialog_format_secondary_text (
        GTK_MESSAGE_DIALOG (self->question),
        ngettext ("%u link leads to this computer. It works no more after this.",
                  "%u links lead to this computer. They work no more after this.", n_open),
        n_open);

  gtk_style_context_add_class (gtk_widget_get_style_context (self->question), "seedshot");
  gtk_dialog_add_button (GTK_DIALOG (self->question), _ ("_Keep Sharing"), GTK_RESPONSE_CANCEL);
  GtkWidget *stop = gtk_dialog_add_button (GTK_DIALOG (self->question), _ ("_Stop and Quit"),
                                           GTK_RESPONSE_ACCEPT);

  gtk_style_context_add_class (gtk_widget_get_style_context (stop),
                               GTK_STYLE_CLASS_DESTRUCTIVE_ACTION);
  gtk_dialog_set_default_response (GTK_DIALOG (self->question), GTK_RESPONSE_CANCEL);
  g_signal_connect_object (self->question, "response", G_CALLBACK (question_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (self->question));
}

static void
window_leave_cb (GtkWidget *window, SeedApplication *self)
{
  if (seed_shelf_count_open (self->shelf) > 0)
    ask (self);
  else if (!self->is_ending)
    end (self);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SeedApplication *self = user_data;

  if (seed_shelf_count_downloading (self->shelf) > 0)
    ask (self);
  else if (!self->is_ending)
    end (self);
}

static gboolean
signal_cb (gpointer user_data)
{
  SeedApplication *self = user_data;

  if (!self->is_ending)
    end (self);

  return G_SOURCE_CONTINUE;
}

/* ---- The window ---- */

static SeedMainWindow *
show_window (SeedApplication *self)
{
  if (self->window == NULL)
    {
      self->window = seed_main_window_new (GTK_APPLICATION (self), self->shelf);
      g_signal_connect (self->window, "destroy", G_CALLBACK (gtk_widget_destroyed), &self->window);
      g_signal_connect_object (self->window, "leave", G_CALLBACK (window_leave_cb), self, 0);
    }

  if (!self->is_ending)
    gtk_window_present (GTK_WINDOW (self->window));

  return SEED_MAIN_WINDOW (self->window);
}

static void
show_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  (void) show_window (user_data);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SeedApplication *self = user_data;

  gtk_show_about_dialog (GTK_WINDOW (self->window), "program-name", "Seedshot", "version",
                         SEED_VERSION, "logo-icon-name", ID, "license-type", GTK_LICENSE_MIT_X11,
                         "comments", _ ("Share files straight from your own machine"), NULL);
}

static const GActionEntry actions[] = {
  { .name = "show", .activate = show_action },
  { .name = "about", .activate = about_action },
  { .name = "quit", .activate = quit_action },
};

static const struct
{
  const char *action;
  const char *keys[2];
} accelerators[] = {
  { "app.quit", { "<Primary>q", NULL } },      { "win.close", { "<Primary>w", NULL } },
  { "win.open", { "<Primary>o", NULL } },      { "win.paste", { "<Primary>v", NULL } },
  { "win.copy-link", { "<Primary>c", NULL } },
};

static void
seed_application_activate (GApplication *application)
{
  (void) show_window (SEED_APPLICATION (application));
}

static void
seed_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  SeedMainWindow *window = show_window (SEED_APPLICATION (application));
  g_autoptr (GPtrArray) uris = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < n_files; i++)
    g_ptr_array_add (uris, g_file_get_uri (files[i]));

  g_ptr_array_add (uris, NULL);
  seed_main_window_share_uris (window, (char **) uris->pdata);
}

static void
seed_application_startup (GApplication *application)
{
  SeedApplication *self = SEED_APPLICATION (application);
  const char *server = g_getenv ("SEEDSHOT_SERVER");

  G_APPLICATION_CLASS (seed_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (ID);
  self->shelf = seed_shelf_new (server != NULL && *server != '\0' ? server : NULL);
  g_signal_connect_object (seed_shelf_get_offers (self->shelf), "items-changed",
                           G_CALLBACK (end_if_empty), self, G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  self->term_source = g_unix_signal_add (SIGTERM, signal_cb, self);
  self->interrupt_source = g_unix_signal_add (SIGINT, signal_cb, self);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           accelerators[i].keys);
}

static void
seed_application_shutdown (GApplication *application)
{
  SeedApplication *self = SEED_APPLICATION (application);

  g_clear_handle_id (&self->term_source, g_source_remove);
  g_clear_handle_id (&self->interrupt_source, g_source_remove);
  if (self->window != NULL)
    gtk_widget_destroy (self->window);
  seed_shelf_close (self->shelf);
  g_clear_object (&self->shelf);

  G_APPLICATION_CLASS (seed_application_parent_class)->shutdown (application);
}

static int
seed_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  g_autoptr (GError) error = NULL;
  gboolean quit = g_variant_dict_contains (options, "quit");
  gboolean show = g_variant_dict_contains (options, "show");

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("seedshot %s\n", SEED_VERSION);
      return 0;
    }
  if (!quit && !show)
    return -1;

  if (!g_application_register (application, NULL, &error))
    {
      g_printerr ("seedshot: %s\n", error->message);
      return 1;
    }
  if (!g_application_get_is_remote (application))
    return quit ? 0 : -1;

  g_action_group_activate_action (G_ACTION_GROUP (application), quit ? "quit" : "show", NULL);
  return 0;
}

SeedApplication *
seed_application_new (void)
{
  return g_object_new (SEED_TYPE_APPLICATION, "application-id", ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/org/seedshot/Seedshot",
                       NULL);
}

static void
seed_application_class_init (SeedApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = seed_application_startup;
  application_class->shutdown = seed_application_shutdown;
  application_class->activate = seed_application_activate;
  application_class->open = seed_application_open;
  application_class->handle_local_options = seed_application_handle_local_options;
}

static void
seed_application_init (SeedApplication *self)
{
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
    { "show", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the window"), NULL },
    { "quit", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Quit the application that is running"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[FILE…]"));
  g_application_set_option_context_summary (
      G_APPLICATION (self),
      _ ("Share files straight from this machine: whoever opens the link downloads from you."));
}
