// SPDX-License-Identifier: MIT
#include "seed-cli-rows.h"

#include <glib/gi18n.h>

#include "seed-cli-json.h"
#include "seed-cli-screen.h"
#include "seed-protocol-table.h"
#include "seed-safe-path.h"
#include "seed-words.h"

#define REDRAW_MS 100
#define BAR_MAX 30
#define BAR_MIN 8
#define AGENT_MAX 26
#define GAP 2
#define RATE_WIDTH 10
#define LEFT_WIDTH 7
/* "  99 %", rate and time left, with two blanks between them. */
#define NUMBERS_WIDTH (6 + 2 + RATE_WIDTH + 2 + LEFT_WIDTH)

struct _SeedCliRows
{
  const SeedCliOutput *output;
  SeedShare *share;
  SeedCliScreen *screen;
  char *notice;
  GHashTable *dirty; /* SeedTransfer whose numbers have changed since */
  guint redraw_source;
};

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
  g_autofree char *state = seed_words_describe (transfer);
  int percent =
      seed_cli_percent (seed_transfer_get_bytes (transfer), seed_transfer_get_size (transfer));

  (void) fprintf (self->output->stream, "%u  %s  %s  %d %%  %s\n",
                  seed_transfer_get_number (transfer), address_of (transfer), agent, percent,
                  state);
  (void) fflush (self->output->stream);
}

/* ---- Bars ---- */

/* What one row says, before it is cut to the width of its column. */
typedef struct
{
  SeedTransfer *transfer;
  int percent;
  char *who;
  char *agent;
  char *numbers;
  char *state;
} Row;

/* The columns, as wide as the widest cell asks for. */
typedef struct
{
  guint who;
  guint agent;
  guint bar;
  guint state;
} Columns;

static void
row_clear (gpointer data)
{
  Row *row = data;

  g_free (row->who);
  g_free (row->agent);
  g_free (row->numbers);
  g_free (row->state);
}

static Row
make_row (SeedTransfer *transfer)
{
  double rate = seed_transfer_get_rate (transfer);
  g_autofree char *rate_text = rate > 0 ? seed_words_rate (rate) : g_strdup ("");
  g_autofree char *left = seed_cli_format_seconds (seed_transfer_get_seconds_left (transfer));
  int percent =
      seed_cli_percent (seed_transfer_get_bytes (transfer), seed_transfer_get_size (transfer));

  return (Row){
    .transfer = transfer,
    .percent = percent,
    .who = g_strdup_printf ("%2u  %s", seed_transfer_get_number (transfer), address_of (transfer)),
    .agent = seed_printable_name (seed_transfer_get_agent (transfer)),
    .numbers =
        g_strdup_printf ("%*d %%  %*s  %*s", 4, percent, RATE_WIDTH, rate_text, LEFT_WIDTH, left),
    .state = seed_words_describe (transfer),
  };
}

static void
widen (guint *column, const char *cell)
{
  *column = MAX (*column, (guint) g_utf8_strlen (cell, -1));
}

/* Number, address, figures and state are always there; what is left over goes to the bar first, and to the
 * browser where the terminal is wide. */
static Columns
lay_out (GArray *rows, guint width)
{
  Columns columns = { 0 };

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      widen (&columns.who, row->who);
      widen (&columns.agent, row->agent);
      widen (&columns.state, row->state);
    }

  guint used = columns.who + GAP + NUMBERS_WIDTH + GAP;

  columns.state = MIN (columns.state, width > used ? width - used : 0);
  used += columns.state;
  columns.agent = MIN (columns.agent, AGENT_MAX);
  columns.agent = used + columns.agent + GAP + BAR_MIN > width ? 0 : columns.agent + GAP;
  used += columns.agent;
  columns.bar = used + BAR_MIN > width ? 0 : MIN (width - used, BAR_MAX);

  return columns;
}

static char *
format_row (SeedCliRows *self, const Row *row, const Columns *columns)
{
  int colour = seed_transfer_get_colour (row->transfer);
  g_autofree char *who = seed_cli_fit (row->who, columns->who + GAP);
  g_autofree char *agent = seed_cli_fit (row->agent, columns->agent);
  g_autofree char *state = seed_cli_fit (row->state, columns->state);
  g_autofree char *painted = seed_cli_paint (self->output, who, colour);
  g_autofree char *bar = seed_cli_bar (self->output, columns->bar, row->percent, colour);

  return g_strdup_printf ("%s%s%s%s%*s%s", painted, agent, bar, row->numbers, GAP, "", state);
}

static void
add_rows (SeedCliRows *self, GPtrArray *chosen, guint width, GPtrArray *lines)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));

  g_array_set_clear_func (rows, row_clear);

  for (guint i = 0; i < chosen->len; i++)
    {
      Row row = make_row (chosen->pdata[i]);

      g_array_append_val (rows, row);
    }

  Columns columns = lay_out (rows, width);

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (lines, format_row (self, &g_array_index (rows, Row, i), &columns));
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
  guint limit = height > 8 ? height - 6 : 2;
  guint n_all = seed_share_get_transfers (self->share)->len;
  g_autoptr (GPtrArray) chosen = choose_transfers (self, limit);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);

  add_rows (self, chosen, width - 1, rows);

  if (n_all > chosen->len)
    {
      guint hidden = n_all - chosen->len;
      g_autofree char *text =
          g_strdup_printf (ngettext ("… and %u more", "… and %u more", hidden), hidden);

      g_ptr_array_add (rows, seed_cli_fit (text, width - 1));
    }
  if (self->notice != NULL)
    {
      g_ptr_array_add (rows, g_strdup (""));
      g_ptr_array_add (rows, seed_cli_fit (self->notice, width - 1));
    }

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
  /* All that still changes behind the end is that the channel is closed. */
  if (!state && !seed_transfer_is_live (transfer))
    return;

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
