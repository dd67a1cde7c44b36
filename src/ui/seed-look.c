// SPDX-License-Identifier: MIT
#include "seed-look.h"

#include "seed-colours.h"

struct _SeedLook
{
  GtkWidget *window;
  GtkCssProvider *colours;
  GtkCssProvider *style;
  gboolean is_dark;
  gulong handler;
};

/* Asked of the colours themselves: a theme's name tells little, and GTK_THEME hides it. */
static gboolean
theme_is_dark (GtkWidget *window)
{
  GdkRGBA colour;

  return gtk_style_context_lookup_color (gtk_widget_get_style_context (window), "theme_bg_color",
                                         &colour) &&
         0.30 * colour.red + 0.59 * colour.green + 0.11 * colour.blue < 0.5;
}

static void
load_colours (SeedLook *self)
{
  g_autofree char *css = seed_colours_css (self->is_dark);

  (void) gtk_css_provider_load_from_data (self->colours, css, -1, NULL);
}

static void
style_updated_cb (GtkWidget *window, SeedLook *self)
{
  gboolean is_dark = theme_is_dark (window);

  if (is_dark == self->is_dark)
    return;

  self->is_dark = is_dark;
  load_colours (self);
}

SeedLook *
seed_look_new (GtkWidget *window)
{
  SeedLook *self = g_new0 (SeedLook, 1);
  GdkScreen *screen = gtk_widget_get_screen (window);

  self->window = window;
  self->is_dark = theme_is_dark (window);
  self->colours = gtk_css_provider_new ();
  self->style = gtk_css_provider_new ();
  load_colours (self);
  gtk_css_provider_load_from_resource (self->style, "/org/seedshot/Seedshot/style.css");
  gtk_style_context_add_provider_for_screen (screen, GTK_STYLE_PROVIDER (self->colours),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_screen (screen, GTK_STYLE_PROVIDER (self->style),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  self->handler = g_signal_connect (window, "style-updated", G_CALLBACK (style_updated_cb), self);

  return self;
}

void
seed_look_free (SeedLook *self)
{
  GdkScreen *screen = gtk_widget_get_screen (self->window);

  g_signal_handler_disconnect (self->window, self->handler);
  gtk_style_context_remove_provider_for_screen (screen, GTK_STYLE_PROVIDER (self->style));
  gtk_style_context_remove_provider_for_screen (screen, GTK_STYLE_PROVIDER (self->colours));
  g_object_unref (self->style);
  g_object_unref (self->colours);
  g_free (self);
}
