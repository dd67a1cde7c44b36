// SPDX-License-Identifier: MIT
#include "rtc-pair.h"

#include <string.h>

#include "seed-error.h"

#define PATIENCE_S 20

static RtcEnd *
other_end (RtcPair *pair, GObject *channel)
{
  return channel == (GObject *) pair->owner.channel ? &pair->receiver : &pair->owner;
}

static RtcEnd *
this_end (RtcPair *pair, GObject *channel)
{
  return channel == (GObject *) pair->owner.channel ? &pair->owner : &pair->receiver;
}

static char *
alter (const RtcEnd *end, const char *sdp)
{
  g_autoptr (GRegex) regex = NULL;

  if (end->altered == NULL)
    return g_strdup (sdp);

  g_assert_true (g_regex_match_simple (end->altered, sdp, 0, 0));
  regex = g_regex_new (end->altered, 0, 0, NULL);

  return g_regex_replace_literal (regex, sdp, -1, 0, end->alteration, 0, NULL);
}

static void
on_description (SeedRtcPeer *peer, const char *sdp, RtcPair *pair)
{
  RtcEnd *other = other_end (pair, G_OBJECT (peer));
  g_autofree char *text = alter (this_end (pair, G_OBJECT (peer)), sdp);

  if (!other->deaf)
    seed_rtc_peer_set_remote (SEED_RTC_PEER (other->channel), text);
}

static void
on_candidate (SeedRtcPeer *peer, guint line, const char *candidate, RtcPair *pair)
{
  RtcEnd *end = this_end (pair, G_OBJECT (peer));
  RtcEnd *other = other_end (pair, G_OBJECT (peer));

  if (*candidate == '\0')
    end->candidates_ended = TRUE;
  else
    end->candidates++;
  if (!other->deaf)
    seed_rtc_peer_add_candidate (SEED_RTC_PEER (other->channel), line, candidate);
}

static void
on_phase (SeedRtcPeer *peer, int phase, RtcPair *pair)
{
  g_array_append_val (this_end (pair, G_OBJECT (peer))->phases, phase);
}

static void
on_opened (SeedChannel *channel, RtcPair *pair)
{
  RtcEnd *end = this_end (pair, G_OBJECT (channel));

  end->opened++;
  if (end->greeting != NULL)
    seed_channel_send_control (channel, end->greeting);
}

static void
on_control (SeedChannel *channel, const char *text, gulong length, RtcPair *pair)
{
  RtcEnd *end = this_end (pair, G_OBJECT (channel));

  g_assert_cmpuint (end->opened, ==, 1);
  g_assert_cmpuint (strlen (text), ==, length);
  g_string_append_printf (end->control, "%s\n", text);
}

static void
on_bulk (SeedChannel *channel, GBytes *frame, RtcPair *pair)
{
  RtcEnd *end = this_end (pair, G_OBJECT (channel));
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (frame, &size);

  g_assert_cmpuint (end->opened, ==, 1);
  g_checksum_update (end->checksum, data, size);
  end->bytes += size;
  end->frames++;
  if (end->acknowledge_every > 0 && end->frames % end->acknowledge_every == 0)
    seed_channel_send_control (channel, "ack");
}

static void
on_writable (SeedChannel *channel, RtcPair *pair)
{
  this_end (pair, G_OBJECT (channel))->writable++;
}

static void
on_closed (SeedChannel *channel, const GError *error, RtcPair *pair)
{
  RtcEnd *end = this_end (pair, G_OBJECT (channel));

  end->closed++;
  g_test_message ("closed: %s", error != NULL ? error->message : "in order");
  end->code = error != NULL ? seed_error_code (error) : SEED_CODE_LAST;
}

static void
end_init (RtcEnd *end, SeedRole role, RtcPair *pair)
{
  end->channel = SEED_CHANNEL (seed_rtc_peer_new (role, NULL));
  end->control = g_string_new (NULL);
  end->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  end->phases = g_array_new (FALSE, FALSE, sizeof (int));
  g_signal_connect (end->channel, "description", G_CALLBACK (on_description), pair);
  g_signal_connect (end->channel, "candidate", G_CALLBACK (on_candidate), pair);
  g_signal_connect (end->channel, "phase", G_CALLBACK (on_phase), pair);
  g_signal_connect (end->channel, "opened", G_CALLBACK (on_opened), pair);
  g_signal_connect (end->channel, "control", G_CALLBACK (on_control), pair);
  g_signal_connect (end->channel, "bulk", G_CALLBACK (on_bulk), pair);
  g_signal_connect (end->channel, "writable", G_CALLBACK (on_writable), pair);
  g_signal_connect (end->channel, "closed", G_CALLBACK (on_closed), pair);
}

static void
end_clear (RtcEnd *end)
{
  seed_channel_close (end->channel);
  g_object_unref (end->channel);
  g_string_free (end->control, TRUE);
  g_checksum_free (end->checksum);
  g_array_unref (end->phases);
}

RtcPair *
rtc_pair_new (void)
{
  RtcPair *pair = g_new0 (RtcPair, 1);

  end_init (&pair->owner, SEED_ROLE_OWNER, pair);
  end_init (&pair->receiver, SEED_ROLE_RECEIVER, pair);

  return pair;
}

void
rtc_pair_start (RtcPair *pair)
{
  seed_rtc_peer_start (SEED_RTC_PEER (pair->receiver.channel));
  seed_rtc_peer_start (SEED_RTC_PEER (pair->owner.channel));
}

void
rtc_pair_free (RtcPair *pair)
{
  end_clear (&pair->owner);
  end_clear (&pair->receiver);
  g_free (pair);
}

static gboolean
alarm_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

GSource *
rtc_alarm_new (void)
{
  GSource *alarm = g_timeout_source_new_seconds (PATIENCE_S);

  g_source_set_callback (alarm, alarm_cb, NULL, NULL);
  g_source_attach (alarm, NULL);

  return alarm;
}

RtcPair *
rtc_pair_open (void)
{
  RtcPair *pair = rtc_pair_new ();

  rtc_pair_start (pair);
  rtc_wait (pair->owner.opened == 1 && pair->receiver.opened == 1);

  return pair;
}

GBytes *
rtc_frame_new (guint n, gsize size)
{
  guint8 *data = g_malloc (size);

  memset (data, (int) (n * 31 % 251), size);
  memcpy (data, &n, MIN (sizeof n, size));

  return g_bytes_new_take (data, size);
}
