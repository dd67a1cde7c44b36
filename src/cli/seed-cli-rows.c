// SPDX-License-Identifier: MIT
#include "seed-cli-rows.h"

#include <glib/gi18n.h>

#include "seed-cli-json.h"
#include "seed-cli-screen.h"
#include "seed-protocol-table.h"
#include "seed-safe-path.h"

#define REDRAW_MS 100
#define BAR_MAX 30
#define BAR_MIN 8

struct _SeedCliRows
{
  const SeedCliOutput *output;
  SeedShare *share;
  SeedCliScreen *screen;
  char *notice;
  GHashTable *dirty; /* SeedTransfer whose numbers have changed since */
  guint redraw_source;
};

/* Each state as a person reads it. */
static const char *
state_text (SeedReceiverState state)
{
  switch (state)
    {
    case SEED_RECEIVER_WAITING:
      return _ ("waiting");
    case SEED_RECEIVER_CONNECTING:
      return _ ("connecting");
    case SEED_RECEIVER_DOWNLOADING:
      return _ ("downloading");
    case SEED_RECEIVER_VIEWING:
      return _ ("complete");
    case SEED_RECEIVER_LEFT:
      return _ ("left");
    case SEED_RECEIVER_FAILED:
      return _ ("failed");
    case SEED_RECEIVER_STOPPED:
      return _ ("stopped");
    default:
      g_assert_not_reached ();
    }
}

static char *
describe_state (SeedTransfer *transfer)
{
  const GError *error = seed_transfer_get_error (transfer);
  const char *state = state_text (seed_transfer_get_state (transfer));

  if (seed_transfer_get_state (transfer) != SEED_RECEIVER_FAILED || error == NULL)
    return g_strdup (state);

  /* Translators: the state of a receiver, and why. */
  return g_strdup_printf (_ ("%s: %s"), state, error->message);
}

static const char *
address_of (SeedTransfer *transfer)
{
  const char *address = seed_transfer_get_address (transfer);

  return address == NULL ? "…" : address;
}

/* ---- JSON ---- */

static void
print_event (SeedCliRows *self, SeedTransfer *transfer)
{
  g_autoptr (SeedCliEvent) event = seed_cli_event_new ("receiver");
  const GError *error = seed_transfer_get_error (transfer);

  seed_cli_event_int (event, "id", seed_transfer_get_number (transfer));
  seed_cli_event_string (event, "ip", seed_transfer_get_address (transfer));
  seed_cli_event_string (event, "agent", seed_transfer_get_agent (transfer));
  seed_cli_event_string (event, "state",
                         seed_receiver_state_name (seed_transfer_get_state (transfer)));
  seed_cli_event_int (event, "bytes", seed_transfer_get_bytes (transfer));
  seed_cli_event_int (event, "size", seed_transfer_get_size (transfer));
  seed_cli_event_int (event, "rate", (gint64) seed_transfer_get_rate (transfer));
  seed_cli_event_string (event, "path", seed_path_name (seed_transfer_get_path (transfer)));

  if (error != NULL)
    {
      seed_cli_event_string (event, "code", seed_code_name (seed_error_code (error)));
      seed_cli_event_string (event, "message", error->message);
    }

  seed_cli_event_print (event, self->output->stream);
}

/* ---- Lines ---- */

static void
print_line (SeedCliRows *self, SeedTransfer *transfer)
{
  g_autofree char *agent = seed_printable_name (seed_transfer_get_agent (transfer));
  g_autofree char *state = describe_state (transfer);
  int percent =
      seed_cli_percent (seed_transfer_get_bytes (transfer), seed_transfer_get_size (transfer));

  (void) fprintf (self->output->stream, "%u  %s  %s  %d %%  %s\n",
                  seed_transfer_get_number (transfer), address_of (transfer), agent, percent,
                  state);
  (void) fflush (self->output->stream);
}

/* ---- Bars ---- */

static char *
format_row (SeedCliRows *self, SeedTransfer *transfer, guint width)
{
  int colour = seed_transfer_get_colour (transfer);
  int percent =
      seed_cli_percent (seed_transfer_get_bytes (transfer), seed_transfer_get_size (transfer));
  double rate = seed_transfer_get_rate (transfer);
  g_autofree char *agent = seed_printable_name (seed_transfer_get_agent (transfer));
  g_autofree char *rate_text = rate > 0 ? seed_cli_format_rate (rate) : g_strdup ("");
  g_autofree char *left = seed_cli_format_seconds (seed_transfer_get_seconds_left (transfer));
  g_autofree char *state = describe_state (transfer);
  g_autofree char *who =
      g_strdup_printf ("%2u  %s", seed_transfer_get_number (transfer), address_of (transfer));
  g_autofree char *numbers = g_strdup_printf (" %3d %%  %10s  %7s  ", percent, rate_text, left);

  /* Number and address, browser, bar, numbers, state: the bar takes what is left over. */
  guint who_width = width < 60 ? 18 : 21;
  guint agent_width = width < 90 ? 0 : 24;
  guint state_width = MIN ((guint) g_utf8_strlen (state, -1), width < 70 ? 12 : 40);
  guint used = who_width + agent_width + 29 + state_width + 1;
  guint bar_width = used + BAR_MIN > width ? 0 : MIN (width - used, BAR_MAX);

  g_autofree char *fit_who = seed_cli_fit (who, who_width);
  g_autofree char *fit_agent = seed_cli_fit (agent, agent_width);
  g_autofree char *fit_state = seed_cli_fit (state, state_width);
  g_autofree char *painted = seed_cli_paint (self->output, fit_who, colour);
  g_autofree char *bar = seed_cli_bar (self->output, bar_width, percent, colour);

  return g_strconcat (painted, fit_agent, bar, numbers, fit_state, NULL);
}

/* The receivers to show when not all fit: those that are live come first, the newest of them. */
static GPtrArray *
choose_transfers (SeedCliRows *self, guint limit)
{
  GPtrArray *all = seed_share_get_transfers (self->share);
  GPtrArray *chosen = g_ptr_array_new ();
  guint n_live = 0;

  for (guint i = 0; i < all->len; i++)
    n_live += seed_transfer_is_live (all->pdata[i]) ? 1 : 0;

  guint skip_live = n_live > limit ? n_live - limit : 0;
  guint n_other = all->len - n_live;
  guint room = limit - (n_live - skip_live);
  guint skip_other = n_other > room ? n_other - room : 0;

  for (guint i = 0; i < all->len; i++)
    {
      guint *skip = seed_transfer_is_live (all->pdata[i]) ? &skip_live : &skip_other;

      if (*skip > 0)
        (*skip)--;
      else
        g_ptr_array_add (chosen, all->pdata[i]);
    }

  return chosen;
}

static void
draw (SeedCliRows *self)
{
  guint width = seed_cli_screen_get_width (self->screen);
  guint height = seed_cli_screen_get_height (self->screen);
  guint limit = height > 6 ? height - 4 : 2;
  guint n_all = seed_share_get_transfers (self->share)->len;
  g_autoptr (GPtrArray) chosen = choose_transfers (self, limit);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < chosen->len; i++)
    g_ptr_array_add (rows, format_row (self, chosen->pdata[i], width - 1));

  if (n_all > chosen->len)
    {
      guint hidden = n_all - chosen->len;
      g_autofree char *text =
          g_strdup_printf (ngettext ("… and %u more", "… and %u more", hidden), hidden);

      g_ptr_array_add (rows, seed_cli_fit (text, width - 1));
    }
  if (self->notice != NULL)
    g_ptr_array_add (rows, seed_cli_fit (self->notice, width - 1));

  g_ptr_array_add (rows, NULL);
  seed_cli_screen_draw (self->screen, (const char *const *) rows->pdata);
}

/* ---- When ---- */

static gboolean
redraw_cb (gpointer user_data)
{
  SeedCliRows *self = user_data;

  self->redraw_source = 0;
  seed_cli_rows_flush (self);

  return G_SOURCE_REMOVE;
}

void
seed_cli_rows_flush (SeedCliRows *self)
{
  g_autoptr (GHashTable) dirty = g_steal_pointer (&self->dirty);
  GHashTableIter iter;
  gpointer transfer;

  g_clear_handle_id (&self->redraw_source, g_source_remove);
  self->dirty = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);

  if (self->screen != NULL)
    draw (self);

  g_hash_table_iter_init (&iter, dirty);
  while (self->output->json && g_hash_table_iter_next (&iter, &transfer, NULL))
    print_event (self, transfer);
}

/* A change of state is shown at once, numbers at most ten times a second. */
static void
transfer_changed_cb (SeedShare *share, SeedTransfer *transfer, gboolean state, SeedCliRows *self)
{
  if (self->output->json && state)
    {
      g_hash_table_remove (self->dirty, transfer);
      print_event (self, transfer);
      return;
    }
  if (!self->output->json && !self->output->terminal)
    {
      if (state)
        print_line (self, transfer);
      return;
    }

  g_hash_table_add (self->dirty, g_object_ref (transfer));
  if (self->redraw_source == 0)
    self->redraw_source = g_timeout_add (REDRAW_MS, redraw_cb, self);
}

static void
transfer_added_cb (SeedShare *share, SeedTransfer *transfer, SeedCliRows *self)
{
  transfer_changed_cb (share, transfer, TRUE, self);
}

SeedCliRows *
seed_cli_rows_new (const SeedCliOutput *output, SeedShare *share)
{
  SeedCliRows *self = g_new0 (SeedCliRows, 1);

  self->output = output;
  self->share = share;
  self->dirty = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  if (output->terminal)
    self->screen = seed_cli_screen_new (output);

  g_signal_connect (share, "transfer-added", G_CALLBACK (transfer_added_cb), self);
  g_signal_connect (share, "transfer-changed", G_CALLBACK (transfer_changed_cb), self);

  return self;
}

void
seed_cli_rows_set_notice (SeedCliRows *self, const char *text)
{
  g_free (self->notice);
  self->notice = g_strdup (text);

  if (self->screen != NULL)
    draw (self);
  else if (!self->output->json && text != NULL)
    g_printerr ("%s\n", text);
}

void
seed_cli_rows_free (SeedCliRows *self)
{
  g_signal_handlers_disconnect_by_data (self->share, self);
  g_clear_handle_id (&self->redraw_source, g_source_remove);
  g_clear_pointer (&self->screen, seed_cli_screen_free);
  g_hash_table_unref (self->dirty);
  g_free (self->notice);
  g_free (self);
}
