// SPDX-License-Identifier: MIT
#include "seed-cli.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "seed-cli-json.h"
#include "seed-cli-screen.h"
#include "seed-engine.h"
#include "seed-rate.h"
#include "seed-safe-path.h"
#include "seed-words.h"

#define REDRAW_MS 100
#define BAR_WIDTH 30
#define LINK_LENGTH_MAX 4096

typedef struct
{
  SeedCliOutput output;
  GMainLoop *loop;
  SeedIncoming *incoming;
  SeedReceiver *receiver; /* owned by `incoming` */
  SeedCliScreen *screen;
  SeedRate rate;
  guint redraw_source;
  guint n_finished;
  gboolean is_closing;
  int status;
} Get;

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Get *self = user_data;

  (void) seed_incoming_close_finish (SEED_INCOMING (object), result, NULL);
  g_main_loop_quit (self->loop);
}

static void
close_incoming (Get *self)
{
  if (self->is_closing)
    return;

  self->is_closing = TRUE;
  seed_incoming_close_async (self->incoming, NULL, closed_cb, self);
}

static gboolean
interrupted_cb (gpointer user_data)
{
  Get *self = user_data;

  self->status = seed_code_exit_status (SEED_CODE_FAILED);
  close_incoming (self);

  return G_SOURCE_REMOVE;
}

static void
draw (Get *self)
{
  const SeedManifest *manifest = seed_receiver_get_manifest (self->receiver);
  gint64 size = seed_manifest_get_bytes (manifest);
  gint64 bytes = seed_receiver_get_bytes (self->receiver);
  double rate = seed_rate_get (&self->rate, g_get_monotonic_time ());
  int percent = seed_cli_percent (bytes, size);
  g_autofree char *bar = seed_cli_bar (&self->output, BAR_WIDTH, percent, 0);
  g_autofree char *rate_text = seed_words_rate (rate);
  g_autofree char *total = g_format_size ((guint64) size);
  g_autofree char *left = seed_cli_format_seconds (seed_rate_seconds_left (size - bytes, rate));
  g_autofree char *row =
      g_strdup_printf ("%s %3d %%  %s  %10s  %s", bar, percent, total, rate_text, left);

  seed_cli_screen_draw (self->screen, (const char *const[]){ row, NULL });
}

static void
print_progress (Get *self)
{
  const SeedManifest *manifest = seed_receiver_get_manifest (self->receiver);
  g_autoptr (SeedCliEvent) event = seed_cli_event_new ("progress");

  seed_cli_event_int (event, "bytes", seed_receiver_get_bytes (self->receiver));
  seed_cli_event_int (event, "size", seed_manifest_get_bytes (manifest));
  seed_cli_event_int (event, "rate", (gint64) seed_rate_get (&self->rate, g_get_monotonic_time ()));
  seed_cli_event_print (event, self->output.stream);
}

static void
show_progress (Get *self)
{
  g_clear_handle_id (&self->redraw_source, g_source_remove);

  if (self->receiver == NULL || seed_receiver_get_manifest (self->receiver) == NULL)
    return;

  if (self->screen != NULL)
    draw (self);
  else if (self->output.json)
    print_progress (self);
}

static gboolean
redraw_cb (gpointer user_data)
{
  Get *self = user_data;

  self->redraw_source = 0;
  show_progress (self);

  return G_SOURCE_REMOVE;
}

static void
receiver_progress_cb (SeedReceiver *receiver, Get *self)
{
  seed_rate_add (&self->rate, seed_receiver_get_bytes (receiver), g_get_monotonic_time ());

  if (self->redraw_source == 0)
    self->redraw_source = g_timeout_add (REDRAW_MS, redraw_cb, self);
}

static void
receiver_finished_cb (SeedReceiver *receiver, guint file, const char *path, Get *self)
{
  const SeedFile *entry = seed_manifest_get (seed_receiver_get_manifest (receiver), file);

  self->n_finished++;

  if (self->output.json)
    {
      g_autofree char *display = g_filename_display_name (path);
      g_autoptr (SeedCliEvent) event = seed_cli_event_new ("file");

      seed_cli_event_string (event, "path", display);
      seed_cli_event_int (event, "size", entry->size);
      seed_cli_event_print (event, self->output.stream);
    }
  else if (*path != '\0')
    {
      g_autofree char *printable = seed_printable_name (path);

      /* Above the bar, which is drawn anew below it. */
      if (self->screen != NULL)
        seed_cli_screen_draw (self->screen, (const char *const[]){ NULL });

      (void) fprintf (self->output.stream, "%s\n", printable);
      (void) fflush (self->output.stream);
    }
}

static void
print_done (Get *self)
{
  g_autoptr (SeedCliEvent) event = seed_cli_event_new ("done");

  if (!self->output.json)
    return;

  seed_cli_event_int (event, "files", self->n_finished);
  seed_cli_event_int (event, "bytes", seed_receiver_get_bytes (self->receiver));
  seed_cli_event_print (event, self->output.stream);
}

static void
receiver_complete_cb (SeedReceiver *receiver, Get *self)
{
  show_progress (self);
  print_done (self);
  close_incoming (self);
}

static void
say (Get *self, const char *text)
{
  if (!self->output.json)
    g_printerr ("%s\n", text);
}

static void
receiver_preparing_cb (SeedReceiver *receiver, Get *self)
{
  say (self, _ ("The sender is still preparing the files…"));
}

static void
incoming_receiver_cb (SeedIncoming *incoming, SeedReceiver *receiver, Get *self)
{
  self->receiver = receiver;
  seed_rate_add (&self->rate, 0, g_get_monotonic_time ());

  g_signal_connect (receiver, "preparing", G_CALLBACK (receiver_preparing_cb), self);
  g_signal_connect (receiver, "progress", G_CALLBACK (receiver_progress_cb), self);
  g_signal_connect (receiver, "finished", G_CALLBACK (receiver_finished_cb), self);
  g_signal_connect (receiver, "complete", G_CALLBACK (receiver_complete_cb), self);
}

static void
incoming_phase_cb (SeedIncoming *incoming, int phase, Get *self)
{
  if (phase == SEED_PHASE_SIGNALLING && seed_incoming_is_waiting (incoming))
    say (self, _ ("Waiting for the sender to come back…"));
}

static void
incoming_ended_cb (SeedIncoming *incoming, const GError *error, Get *self)
{
  if (error != NULL)
    self->status = seed_cli_report (&self->output, error);

  close_incoming (self);
}

static void
run (Get *self, const SeedLink *link, SeedWriter *writer)
{
  g_autofree char *agent = seed_engine_dup_agent ();

  self->loop = g_main_loop_new (NULL, FALSE);
  self->incoming = seed_incoming_new (link, writer, agent);
  if (self->output.terminal)
    self->screen = seed_cli_screen_new (&self->output);

  g_signal_connect (self->incoming, "phase", G_CALLBACK (incoming_phase_cb), self);
  g_signal_connect (self->incoming, "receiver", G_CALLBACK (incoming_receiver_cb), self);
  g_signal_connect (self->incoming, "ended", G_CALLBACK (incoming_ended_cb), self);
  seed_cli_on_signal (interrupted_cb, self);

  seed_incoming_start (self->incoming);
  g_main_loop_run (self->loop);

  g_clear_handle_id (&self->redraw_source, g_source_remove);
  g_clear_object (&self->incoming);
  g_clear_pointer (&self->screen, seed_cli_screen_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

/* From standard input, so that the secret does not stand in the list of processes. */
static char *
read_link (void)
{
  char line[LINK_LENGTH_MAX];

  return g_strdup (fgets (line, sizeof line, stdin) == NULL ? "" : line);
}

static SeedLink *
parse_link (char **arguments, GError **error)
{
  if (arguments == NULL || arguments[0] == NULL || arguments[1] != NULL)
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_USAGE, _ ("Name one link to receive."));
      return NULL;
    }

  g_autofree char *text = g_str_equal (arguments[0], "-") ? read_link () : g_strdup (arguments[0]);

  return seed_link_parse (text, error);
}

static SeedStore *
open_store (const char *output, GError **error)
{
  if (output != NULL && g_str_equal (output, "-"))
    return seed_store_new_stream (STDOUT_FILENO);

  return seed_store_new_folder (output == NULL ? "." : output, error);
}

int
seed_cli_get (int argc, char **argv)
{
  g_autofree char *output = NULL;
  gboolean json = FALSE;
  g_auto (GStrv) arguments = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_ ("The folder to receive into, or - for standard output"), N_ ("DIR") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print events, one JSON object a line"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments, NULL, N_ ("LINK") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedLink) link = NULL;
  SeedStore *store = NULL;
  Get self = { 0 };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (
      context, _ ("Receive what a link leads to. LINK as - is read from standard input."));
  gboolean parsed = g_option_context_parse (context, &argc, &argv, &error);

  /* Standard output is the file's where it was asked for; what is said goes beside it. */
  gboolean to_stdout = output != NULL && g_str_equal (output, "-");

  seed_cli_output_init (&self.output, to_stdout ? stderr : stdout, json);

  if (parsed)
    link = parse_link (arguments, &error);
  if (link != NULL)
    store = open_store (output, &error);

  if (store == NULL)
    return seed_cli_report (&self.output, error);

  run (&self, link, seed_writer_new (store));
  return self.status;
}
