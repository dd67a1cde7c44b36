// SPDX-License-Identifier: MIT
#include "seed-cli.h"

#include <glib/gi18n.h>

#include "seed-cli-json.h"
#include "seed-cli-rows.h"
#include "seed-collect.h"
#include "seed-engine.h"

typedef struct
{
  SeedCliOutput output;
  GMainLoop *loop;
  SeedEngine *engine;
  SeedOutgoing *outgoing;
  SeedCliRows *rows;
  GCancellable *cancellable;
  gboolean is_stopping;
  int status;
} Send;

static void
stopped_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Send *self = user_data;

  (void) seed_outgoing_stop_finish (SEED_OUTGOING (object), result, NULL);
  g_main_loop_quit (self->loop);
}

static gboolean
stop_cb (gpointer user_data)
{
  Send *self = user_data;

  if (self->is_stopping)
    return G_SOURCE_REMOVE;

  self->is_stopping = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (self->output.terminal)
    seed_cli_rows_set_notice (self->rows, _ ("Stopping…"));
  seed_outgoing_stop_async (self->outgoing, NULL, stopped_cb, self);

  return G_SOURCE_REMOVE;
}

static void
fail (Send *self, const GError *error)
{
  if (self->is_stopping)
    return;

  seed_cli_rows_flush (self->rows);
  self->status = seed_cli_report (&self->output, error);
  (void) stop_cb (self);
}

/* What a person can do now; programs that read lines have no use for it. */
static void
show_hint (Send *self)
{
  if (self->output.terminal)
    seed_cli_rows_set_notice (
        self->rows, _ ("Send this link to whoever should have it. Ctrl+C ends the share."));
}

static void
outgoing_link_cb (SeedOutgoing *outgoing, const char *link, Send *self)
{
  FILE *stream = self->output.stream;

  if (self->output.json)
    {
      g_autoptr (SeedCliEvent) event = seed_cli_event_new ("link");

      seed_cli_event_string (event, "url", link);
      seed_cli_event_print (event, stream);
      return;
    }

  (void) fprintf (stream, "%s\n", link);
  (void) fflush (stream);

  if (self->output.terminal)
    (void) fputc ('\n', stream);

  show_hint (self);
}

static void
outgoing_connected_cb (SeedOutgoing *outgoing, gboolean connected, Send *self)
{
  seed_cli_rows_set_notice (self->rows,
                            connected ? NULL : _ ("The server is away; downloads that run go on."));
}

static void
outgoing_failed_cb (SeedOutgoing *outgoing, const GError *error, Send *self)
{
  fail (self, error);
}

static void
collected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Send *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedCollection) collection = seed_collect_finish (result, &error);

  if (collection != NULL)
    seed_share_set_collection (seed_outgoing_get_share (self->outgoing), collection);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, error);
}

static void
print_done (Send *self)
{
  GPtrArray *transfers = seed_share_get_transfers (seed_outgoing_get_share (self->outgoing));
  g_autoptr (SeedCliEvent) event = seed_cli_event_new ("done");

  if (!self->output.json || self->status != 0)
    return;

  seed_cli_event_int (event, "receivers", transfers->len);
  seed_cli_event_print (event, self->output.stream);
}

static void
run (Send *self, char **paths)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->cancellable = g_cancellable_new ();
  self->outgoing = seed_engine_share (self->engine);
  self->rows = seed_cli_rows_new (&self->output, seed_outgoing_get_share (self->outgoing));

  g_signal_connect (self->outgoing, "link", G_CALLBACK (outgoing_link_cb), self);
  g_signal_connect (self->outgoing, "connected", G_CALLBACK (outgoing_connected_cb), self);
  g_signal_connect (self->outgoing, "failed", G_CALLBACK (outgoing_failed_cb), self);
  seed_cli_on_signal (stop_cb, self);

  seed_outgoing_start (self->outgoing);
  seed_collect_async ((const char *const *) paths, self->cancellable, collected_cb, self);
  g_main_loop_run (self->loop);

  seed_cli_rows_flush (self->rows);
  if (self->status == 0)
    seed_cli_rows_set_notice (self->rows, _ ("The share has ended; the link leads nowhere now."));
  print_done (self);

  g_clear_pointer (&self->rows, seed_cli_rows_free);
  g_clear_object (&self->outgoing);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

static gboolean
start (Send *self, const char *server, const char *listen, char **paths, GError **error)
{
  const char *from_environment = g_getenv ("SEEDSHOT_SERVER");

  if (server == NULL && listen == NULL && from_environment != NULL && *from_environment != '\0')
    server = from_environment;

  if (!seed_collect_check ((const char *const *) paths, error))
    return FALSE;

  self->engine = seed_engine_new (server, listen, error);

  return self->engine != NULL && seed_engine_start (self->engine, error);
}

int
seed_cli_send (int argc, char **argv)
{
  g_autofree char *server = NULL;
  g_autofree char *listen = NULL;
  gboolean json = FALSE;
  g_auto (GStrv) paths = NULL;
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, &server,
      N_ ("Use the server at URL; SEEDSHOT_SERVER does the same"), N_ ("URL") },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen,
      N_ ("Where the embedded server listens: ADDRESS, :PORT or both"), N_ ("ADDR:PORT") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print events, one JSON object a line"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, N_ ("FILE…") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Send self = { 0 };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (
      context, _ ("Share files and folders: prints a link, and stays until Ctrl+C."));
  gboolean parsed = g_option_context_parse (context, &argc, &argv, &error);

  seed_cli_output_init (&self.output, stdout, json);

  if (!parsed || !start (&self, server, listen, paths, &error))
    self.status = seed_cli_report (&self.output, error);
  else
    run (&self, paths);

  if (self.engine != NULL)
    seed_engine_stop (self.engine);

  g_clear_object (&self.engine);
  return self.status;
}
