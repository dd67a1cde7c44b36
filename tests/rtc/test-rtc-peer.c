// SPDX-License-Identifier: MIT
#include "rtc-pair.h"

#include <string.h>

#include "seed-error.h"

#define FRAME_SIZE (SEED_FRAME_HEADER + SEED_FRAME_DATA_MAX)
#define DRAIN_MS 10000
#define SHORT_MS 1500

static void
test_open (void)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (RtcPair) pair = rtc_pair_open ();
  g_autofree char *address = seed_channel_dup_address (pair->owner.channel);
  const int phases[] = { SEED_PHASE_ICE, SEED_PHASE_DTLS, SEED_PHASE_DATA };

  g_test_message ("open after %.1f ms", (g_get_monotonic_time () - start) / 1000.);
  g_assert_nonnull (address);
  g_assert_cmpint (seed_channel_get_path (pair->owner.channel), ==, SEED_PATH_LAN);
  g_assert_cmpint (seed_channel_get_path (pair->receiver.channel), ==, SEED_PATH_LAN);
  g_assert_cmpuint (pair->owner.candidates, >, 0);
  g_assert_cmpmem (pair->owner.phases->data, pair->owner.phases->len * sizeof (int), phases,
                   sizeof phases);
  rtc_wait (pair->owner.candidates_ended && pair->receiver.candidates_ended);
}

static void
test_control (void)
{
  g_autoptr (RtcPair) pair = rtc_pair_open ();
  g_autofree char *longest = g_strnfill (SEED_CONTROL_MESSAGE_MAX, 'x');

  seed_channel_send_control (pair->owner.channel, "one");
  seed_channel_send_control (pair->owner.channel, "two \xc3\xa4\xf0\x9f\x8c\xb1");
  seed_channel_send_control (pair->receiver.channel, "three");
  rtc_wait (pair->receiver.control->len >= 14 && pair->owner.control->len >= 6);
  g_assert_cmpstr (pair->receiver.control->str, ==, "one\ntwo \xc3\xa4\xf0\x9f\x8c\xb1\n");
  g_assert_cmpstr (pair->owner.control->str, ==, "three\n");

  seed_channel_send_control (pair->owner.channel, longest);
  rtc_wait (pair->receiver.control->len >= 14 + SEED_CONTROL_MESSAGE_MAX);
}

/* Whichever end opens first may speak at once. */
/* Someone who asks and does not listen may not fill our memory with answers. */
static void
test_control_flood (void)
{
  g_autoptr (RtcPair) pair = rtc_pair_open ();
  g_autofree char *longest = g_strnfill (SEED_CONTROL_MESSAGE_MAX, 'x');

  for (guint sent = 0; sent < 16 * SEED_CHANNEL_CONTROL_MAX; sent += SEED_CONTROL_MESSAGE_MAX)
    seed_channel_send_control (pair->owner.channel, longest);

  rtc_wait (pair->owner.closed > 0);
  g_assert_cmpint (pair->owner.code, ==, SEED_CODE_PEER_LOST);
}

static void
test_greeting (void)
{
  for (int i = 0; i < 10; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (RtcPair) pair = rtc_pair_new ();

      pair->owner.greeting = "hello";
      pair->receiver.greeting = "hello";
      rtc_pair_start (pair);
      rtc_wait (pair->owner.control->len > 0 && pair->receiver.control->len > 0);
      g_test_message ("greeted after %.1f ms", (g_get_monotonic_time () - start) / 1000.);
    }
}

static void
test_bulk (void)
{
  const guint n_frames = 4096;
  const guint in_flight = 16;
  g_autoptr (RtcPair) pair = rtc_pair_open ();
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gint64 start = g_get_monotonic_time ();
  double seconds = 0;

  pair->receiver.acknowledge_every = 4;
  for (guint n = 0; n < n_frames; n++)
    {
      g_autoptr (GBytes) frame = rtc_frame_new (n, FRAME_SIZE);

      g_checksum_update (checksum, g_bytes_get_data (frame, NULL), FRAME_SIZE);
      seed_channel_send_bulk (pair->owner.channel, frame);
      rtc_wait (n < in_flight + pair->owner.control->len);
    }
  rtc_wait (pair->receiver.frames == n_frames);

  seconds = (g_get_monotonic_time () - start) / 1e6;
  g_test_message ("%.1f MiB/s", pair->receiver.bytes / 1048576. / seconds);
  g_assert_cmpstr (g_checksum_get_string (checksum), ==,
                   g_checksum_get_string (pair->receiver.checksum));
}

static void
test_writable (void)
{
  g_autoptr (RtcPair) pair = rtc_pair_open ();
  guint sent = 0;

  while (seed_channel_get_buffered (pair->owner.channel) < SEED_CHANNEL_HIGH_MARK)
    {
      g_autoptr (GBytes) frame = rtc_frame_new (sent++, FRAME_SIZE);

      seed_channel_send_bulk (pair->owner.channel, frame);
    }
  g_assert_cmpuint (pair->owner.writable, ==, 0);

  /* On a busy machine it may have run low already while it was being filled, and be told so late. */
  rtc_wait (pair->owner.writable > 0 &&
            seed_channel_get_buffered (pair->owner.channel) <= SEED_CHANNEL_LOW_MARK);
  rtc_wait (pair->receiver.frames == sent);
}

static void
test_close (void)
{
  RtcPair *pair = rtc_pair_open ();

  seed_channel_send_control (pair->owner.channel, "bye");
  rtc_wait (pair->receiver.control->len > 0);
  seed_channel_close (pair->receiver.channel);
  rtc_wait (pair->owner.closed > 0);
  g_assert_cmpint (pair->owner.code, ==, SEED_CODE_LAST);
  g_assert_cmpuint (pair->receiver.closed, ==, 0);

  /* Nothing of this may do anything any more. */
  seed_channel_send_control (pair->receiver.channel, "late");
  seed_rtc_peer_set_remote (SEED_RTC_PEER (pair->receiver.channel), "v=0");
  seed_rtc_peer_add_candidate (SEED_RTC_PEER (pair->receiver.channel), 0, "");
  g_assert_cmpuint (seed_channel_get_buffered (pair->receiver.channel), ==, 0);
  seed_channel_close (pair->receiver.channel);
  seed_channel_close (pair->owner.channel);
  rtc_pair_free (pair);
  g_assert_true (seed_rtc_drain (DRAIN_MS));
}

static void
send_frames (SeedChannel *channel, guint n_frames)
{
  for (guint n = 0; n < n_frames; n++)
    {
      g_autoptr (GBytes) frame = rtc_frame_new (n, FRAME_SIZE);

      seed_channel_send_bulk (channel, frame);
    }
}

static void
test_close_queued (void)
{
  for (int i = 0; i < 20; i++)
    {
      RtcPair *pair = rtc_pair_open ();

      send_frames (pair->owner.channel, 256);
      if (i % 2 == 0)
        rtc_wait (pair->receiver.frames > 0);
      seed_channel_close (pair->owner.channel);
      rtc_wait (pair->receiver.closed > 0);
      rtc_pair_free (pair);
      g_assert_true (seed_rtc_drain (DRAIN_MS));
    }
}

static void
set_network (const char *state)
{
  const char *const command[] = { "ip", "link", "set", "lo", state, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

/* Nobody takes any more what is queued. Stopping a webrtcbin in that state has been known to wait
 * for ever. */
static void
test_close_vanished (void)
{
  if (g_getenv ("SEED_TEST_NETNS") == NULL)
    {
      g_test_skip ("not in a network of its own");
      return;
    }

  for (int i = 0; i < 3; i++)
    {
      RtcPair *pair = rtc_pair_open ();

      /* What both ends say to each other in one host goes this way. */
      set_network ("down");
      send_frames (pair->owner.channel, 256);
      seed_channel_close (pair->owner.channel);
      seed_channel_close (pair->receiver.channel);
      g_assert_true (seed_rtc_drain (DRAIN_MS));
      set_network ("up");
      rtc_pair_free (pair);
    }
}

/* Closing and letting go from inside a signal. */
static void
close_cb (SeedChannel *channel, const char *text, gulong length, gpointer user_data)
{
  seed_channel_close (channel);
  g_clear_object ((SeedChannel **) user_data);
}

static void
test_close_inside (void)
{
  g_autoptr (RtcPair) pair = rtc_pair_open ();
  SeedChannel *receiver = g_object_ref (pair->receiver.channel);

  g_signal_connect (receiver, "control", G_CALLBACK (close_cb), &receiver);
  seed_channel_send_control (pair->owner.channel, "one");
  seed_channel_send_control (pair->owner.channel, "two");
  rtc_wait (receiver == NULL && pair->owner.closed > 0);
  g_assert_cmpstr (pair->receiver.control->str, ==, "one\n");
}

static void
test_dispose (void)
{
  SeedRtcPeer *peer = seed_rtc_peer_new (SEED_ROLE_OWNER, NULL);

  g_object_unref (peer);
  peer = seed_rtc_peer_new (SEED_ROLE_OWNER, NULL);
  seed_rtc_peer_start (peer);
  g_object_unref (peer);
  g_assert_true (seed_rtc_drain (DRAIN_MS));
}

static void
test_timeout_ice (void)
{
  g_autoptr (RtcPair) pair = rtc_pair_new ();

  pair->owner.deaf = TRUE;
  seed_rtc_peer_set_timeout (SEED_RTC_PEER (pair->owner.channel), SHORT_MS);
  rtc_pair_start (pair);
  rtc_wait (pair->owner.closed > 0);
  g_assert_cmpint (pair->owner.code, ==, SEED_CODE_TIMEOUT_ICE);
}

/* Both ends wait for the other to begin with DTLS. */
static void
test_timeout_dtls (void)
{
  g_autoptr (RtcPair) pair = rtc_pair_new ();

  pair->owner.altered = "a=setup:actpass";
  pair->owner.alteration = "a=setup:active";
  pair->receiver.altered = "a=setup:passive";
  pair->receiver.alteration = "a=setup:active";
  seed_rtc_peer_set_timeout (SEED_RTC_PEER (pair->owner.channel), SHORT_MS);
  rtc_pair_start (pair);
  rtc_wait (pair->owner.closed > 0);
  g_assert_cmpint (pair->owner.code, ==, SEED_CODE_TIMEOUT_DTLS);
}

/* Someone on the way answers DTLS with a certificate of his own. */
static void
test_fingerprint (gconstpointer data)
{
  gboolean to_receiver = GPOINTER_TO_INT (data);
  g_autoptr (RtcPair) pair = rtc_pair_new ();
  RtcEnd *altered = to_receiver ? &pair->owner : &pair->receiver;
  RtcEnd *deceived = to_receiver ? &pair->receiver : &pair->owner;

  altered->altered = "a=fingerprint:sha-256 ..";
  altered->alteration = "a=fingerprint:sha-256 00";
  rtc_pair_start (pair);
  rtc_wait (deceived->closed > 0);
  g_assert_cmpint (deceived->code, ==, SEED_CODE_SEAL_BROKEN);
  g_assert_cmpuint (deceived->opened, ==, 0);
}

static void
on_refused (SeedChannel *channel, const GError *error, SeedCode *code)
{
  *code = seed_error_code (error);
}

static void
test_bad_description (gconstpointer data)
{
  SeedRole role = GPOINTER_TO_INT (data);
  const char *const texts[] = { "", "v=0", "nonsense \xff\xfe", "v=0\r\nm=audio 9 RTP/AVP 0\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (SeedRtcPeer) peer = seed_rtc_peer_new (role, NULL);
      SeedCode code = SEED_CODE_LAST;

      g_signal_connect (peer, "closed", G_CALLBACK (on_refused), &code);
      seed_rtc_peer_start (peer);
      seed_rtc_peer_set_remote (peer, texts[i]);
      g_assert_cmpint (code, ==, SEED_CODE_LAST);
      rtc_wait (code != SEED_CODE_LAST);
      g_assert_cmpint (code, ==, SEED_CODE_BAD_MESSAGE);
    }
}

static void
test_bad_candidates (void)
{
  const char *const texts[] = {
    "",
    "candidate:",
    "candidate:1 1 TCP 1 10.0.0.1 9 typ host",
    "candidate:1 1 UDP 1 10.0.0.1 9 typ host raddr",
    "candidate:1 1 UDP 1 11111111-2222-3333-4444-555555555555.local 9 typ host",
    "candidate:1 1 UDP 99999999999999999999 10.0.0.1 9 typ host",
    "a=candidate:1 1 UDP 1 ::1%lo 9 typ host",
    "\xff\xfe candidate:1 1 UDP 1 10.0.0.1 9 typ host",
    "candidate:1 1 UDP 2113937151 192.168.77.99 9 typ host",
  };
  g_autoptr (RtcPair) pair = rtc_pair_new ();

  for (int n = 0; n < 200; n++)
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
      seed_rtc_peer_add_candidate (SEED_RTC_PEER (pair->owner.channel), i, texts[i]);
  rtc_pair_start (pair);
  rtc_wait (pair->owner.opened && pair->receiver.opened);
  for (int n = 0; n < 200; n++)
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
      seed_rtc_peer_add_candidate (SEED_RTC_PEER (pair->owner.channel), 0, texts[i]);
  seed_channel_send_control (pair->owner.channel, "still here");
  rtc_wait (pair->receiver.control->len > 0);
}

/* A second description is no use to anyone. */
static void
test_twice (void)
{
  g_autoptr (RtcPair) pair = rtc_pair_open ();

  seed_rtc_peer_set_remote (SEED_RTC_PEER (pair->owner.channel), "v=0");
  rtc_wait (pair->owner.closed > 0);
  g_assert_cmpint (pair->owner.code, ==, SEED_CODE_BAD_MESSAGE);
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;

  return count;
}

static void
cycle (void)
{
  RtcPair *pair = rtc_pair_open ();

  seed_channel_send_control (pair->owner.channel, "one");
  rtc_wait (pair->receiver.control->len > 0);
  seed_channel_close (pair->owner.channel);
  rtc_wait (pair->receiver.closed > 0);
  rtc_pair_free (pair);
  g_assert_true (seed_rtc_drain (DRAIN_MS));
}

static void
test_cycles (void)
{
  guint files = 0;
  guint threads = 0;

  for (int i = 0; i < 5; i++)
    cycle ();
  files = count_entries ("/proc/self/fd");
  threads = count_entries ("/proc/self/task");
  for (int i = 0; i < 100; i++)
    cycle ();
  g_test_message ("files %u to %u, threads %u to %u", files, count_entries ("/proc/self/fd"),
                  threads, count_entries ("/proc/self/task"));
  g_assert_cmpuint (count_entries ("/proc/self/fd"), <=, files + 8);
  /* Idle threads of GLib's pools stay for a while. */
  g_assert_cmpuint (count_entries ("/proc/self/task"), <=, threads + 8);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  if (!seed_rtc_init (&error))
    g_error ("%s", error->message);

  g_test_add_func ("/rtc/peer/open", test_open);
  g_test_add_func ("/rtc/peer/control", test_control);
  g_test_add_func ("/rtc/peer/control-flood", test_control_flood);
  g_test_add_func ("/rtc/peer/greeting", test_greeting);
  g_test_add_func ("/rtc/peer/bulk", test_bulk);
  g_test_add_func ("/rtc/peer/writable", test_writable);
  g_test_add_func ("/rtc/peer/close/in-order", test_close);
  g_test_add_func ("/rtc/peer/close/queued", test_close_queued);
  g_test_add_func ("/rtc/peer/close/vanished", test_close_vanished);
  g_test_add_func ("/rtc/peer/close/inside", test_close_inside);
  g_test_add_func ("/rtc/peer/close/dispose", test_dispose);
  g_test_add_func ("/rtc/peer/timeout/ice", test_timeout_ice);
  g_test_add_func ("/rtc/peer/timeout/dtls", test_timeout_dtls);
  g_test_add_data_func ("/rtc/peer/fingerprint/owner", GINT_TO_POINTER (FALSE), test_fingerprint);
  g_test_add_data_func ("/rtc/peer/fingerprint/receiver", GINT_TO_POINTER (TRUE), test_fingerprint);
  g_test_add_data_func ("/rtc/peer/bad/offer", GINT_TO_POINTER (SEED_ROLE_RECEIVER),
                        test_bad_description);
  g_test_add_data_func ("/rtc/peer/bad/answer", GINT_TO_POINTER (SEED_ROLE_OWNER),
                        test_bad_description);
  g_test_add_func ("/rtc/peer/bad/candidates", test_bad_candidates);
  g_test_add_func ("/rtc/peer/bad/twice", test_twice);
  g_test_add_func ("/rtc/peer/cycles", test_cycles);

  status = g_test_run ();
  g_assert_true (seed_rtc_drain (DRAIN_MS));

  return status;
}
