// SPDX-License-Identifier: MIT
#include "seed-format.h"

#include <glib/gi18n.h>

#include "seed-words.h"

#define MINUTE 60
#define HOUR 3600

int
seed_format_percent (gint64 bytes, gint64 size)
{
  return size <= 0 ? 0 : (int) ((double) bytes * 100 / (double) size);
}

char *
seed_format_time_left (gint64 seconds)
{
  if (seconds < 0)
    return g_strdup ("");

  if (seconds < MINUTE)
    {
      guint count = (guint) MAX (seconds, 1);

      return g_strdup_printf (ngettext ("%u second left", "%u seconds left", count), count);
    }
  if (seconds < HOUR)
    {
      guint count = (guint) ((seconds + MINUTE - 1) / MINUTE);

      return g_strdup_printf (ngettext ("%u minute left", "%u minutes left", count), count);
    }
  if (seconds > 48 * HOUR)
    return g_strdup (_ ("more than two days left"));

  guint count = (guint) ((seconds + HOUR - 1) / HOUR);

  return g_strdup_printf (ngettext ("%u hour left", "%u hours left", count), count);
}

char *
seed_format_files (guint n_files)
{
  return g_strdup_printf (ngettext ("%u file", "%u files", n_files), n_files);
}

const char *
seed_format_path (SeedPath path)
{
  switch (path)
    {
    case SEED_PATH_LAN:
      return _ ("LAN");
    case SEED_PATH_DIRECT:
      return _ ("direct");
    case SEED_PATH_RELAYED:
      return _ ("relayed");
    case SEED_PATH_UNKNOWN:
    default:
      return "";
    }
}

static void
add_part (GString *text, const char *part)
{
  if (*part == '\0')
    return;

  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

char *
seed_format_details (SeedTransfer *transfer)
{
  GString *text = g_string_new (NULL);
  g_autofree char *state = seed_words_describe (transfer);

  add_part (text, state);
  if (seed_transfer_get_state (transfer) == SEED_RECEIVER_DOWNLOADING &&
      seed_transfer_get_rate (transfer) >= 1)
    {
      g_autofree char *rate = seed_words_rate (seed_transfer_get_rate (transfer));
      g_autofree char *left = seed_format_time_left (seed_transfer_get_seconds_left (transfer));

      add_part (text, rate);
      add_part (text, left);
    }
  add_part (text, seed_format_path (seed_transfer_get_path (transfer)));

  return g_string_free (text, FALSE);
}

/* @part: (transfer full) */
static void
add_count (GString *text, guint count, char *part)
{
  g_autofree char *owned = part;

  if (count > 0)
    add_part (text, owned);
}

char *
seed_format_sums (GPtrArray *transfers)
{
  guint counts[SEED_RECEIVER_STOPPED + 1] = { 0 };
  gint64 bytes = 0;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < transfers->len; i++)
    {
      SeedReceiverState state = seed_transfer_get_state (transfers->pdata[i]);

      counts[state]++;
      bytes += seed_transfer_get_bytes (transfers->pdata[i]);
    }

  guint waiting = counts[SEED_RECEIVER_WAITING] + counts[SEED_RECEIVER_CONNECTING];
  guint downloading = counts[SEED_RECEIVER_DOWNLOADING];
  guint viewing = counts[SEED_RECEIVER_VIEWING];
  guint gone = counts[SEED_RECEIVER_LEFT];
  guint failed = counts[SEED_RECEIVER_FAILED];
  guint cut = counts[SEED_RECEIVER_STOPPED];

  add_count (text, waiting, g_strdup_printf (_ ("%u waiting"), waiting));
  add_count (text, downloading, g_strdup_printf (_ ("%u downloading"), downloading));
  add_count (text, viewing, g_strdup_printf (_ ("%u viewing"), viewing));
  add_count (text, gone, g_strdup_printf (_ ("%u left"), gone));
  add_count (text, failed, g_strdup_printf (_ ("%u failed"), failed));
  add_count (text, cut, g_strdup_printf (_ ("%u stopped"), cut));

  if (bytes > 0)
    {
      g_autofree char *size = g_format_size ((guint64) bytes);
      g_autofree char *sent = g_strdup_printf (_ ("%s sent"), size);

      add_part (text, sent);
    }

  return g_string_free (text, FALSE);
}
