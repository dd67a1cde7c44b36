// SPDX-License-Identifier: MIT
#include "seed-words.h"

#include <glib/gi18n-lib.h>

const char *
seed_words_state (SeedReceiverState state)
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
      return _ ("complete, still there");
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

char *
seed_words_describe (SeedTransfer *transfer)
{
  SeedReceiverState state = seed_transfer_get_state (transfer);
  const GError *error = seed_transfer_get_error (transfer);
  gint64 size = seed_transfer_get_size (transfer);

  if (state == SEED_RECEIVER_FAILED && error != NULL)
    /* Translators: the state of a receiver, and why. */
    return g_strdup_printf (_ ("%s: %s"), seed_words_state (state), error->message);
  if (state == SEED_RECEIVER_LEFT && size > 0)
    return g_strdup (seed_transfer_get_bytes (transfer) == size ? _ ("complete, then left")
                                                                : _ ("left before the end"));

  return g_strdup (seed_words_state (state));
}

char *
seed_words_rate (double rate)
{
  g_autofree char *size = g_format_size ((guint64) rate);

  /* Translators: an amount of data a second, such as "21.3 MB/s". */
  return g_strdup_printf (_ ("%s/s"), size);
}
