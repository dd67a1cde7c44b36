// SPDX-License-Identifier: MIT
#include "seed-cli.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "seed-cli-json.h"

void
seed_cli_output_init (SeedCliOutput *self, FILE *stream, gboolean json)
{
  const char *term = g_getenv ("TERM");
  const char *no_color = g_getenv ("NO_COLOR");

  self->json = json;
  self->stream = stream;
  self->terminal = !json && isatty (fileno (stream)) && term != NULL && !g_str_equal (term, "dumb");
  self->colour = self->terminal && (no_color == NULL || *no_color == '\0');
}

int
seed_cli_report (const SeedCliOutput *self, const GError *error)
{
  SeedCode code = seed_error_code (error);
  g_autofree char *description = seed_error_describe (error);

  if (self->json)
    {
      g_autoptr (SeedCliEvent) event = seed_cli_event_new ("error");

      seed_cli_event_string (event, "code", seed_code_name (code));
      seed_cli_event_string (event, "message", error->message);
      seed_cli_event_print (event, self->stream);
    }

  g_printerr ("seedshot-cli: %s\n", description);
  return seed_code_exit_status (code);
}

typedef struct
{
  GSourceFunc stop;
  gpointer user_data;
  gboolean asked; /* once already */
} Interrupt;

static gboolean
signal_cb (gpointer user_data)
{
  Interrupt *interrupt = user_data;

  /* Whoever presses Ctrl+C twice does not want to wait for good-byes. */
  if (interrupt->asked)
    _exit (seed_code_exit_status (SEED_CODE_FAILED));

  interrupt->asked = TRUE;
  interrupt->stop (interrupt->user_data);

  return G_SOURCE_CONTINUE;
}

void
seed_cli_on_signal (GSourceFunc stop, gpointer user_data)
{
  const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
  g_autofree Interrupt *interrupt = g_rc_box_new0 (Interrupt);

  interrupt->stop = stop;
  interrupt->user_data = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_unix_signal_add_full (G_PRIORITY_HIGH, numbers[i], signal_cb, g_rc_box_acquire (interrupt),
                            (GDestroyNotify) g_rc_box_release);

  g_rc_box_release (g_steal_pointer (&interrupt));
}

char *
seed_cli_format_seconds (gint64 seconds)
{
  if (seconds < 0)
    return g_strdup ("");
  if (seconds < 3600)
    return g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600,
                          (int) (seconds / 60 % 60), (int) (seconds % 60));
}

int
seed_cli_percent (gint64 bytes, gint64 size)
{
  return size == 0 ? 100 : (int) ((double) bytes * 100 / (double) size);
}
