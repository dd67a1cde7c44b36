// SPDX-License-Identifier: MIT
#include "rtc-pair.h"

#include "seed-error.h"

#define FRAME_SIZE (SEED_FRAME_HEADER + SEED_FRAME_DATA_MAX)

static void
test_open (void)
{
  g_autoptr (RtcPair) pair = rtc_pair_open ();
  g_autofree char *address = seed_channel_dup_address (pair->owner.channel);

  g_assert_nonnull (address);
  g_assert_cmpint (seed_channel_get_path (pair->owner.channel), ==, SEED_PATH_LAN);
  g_assert_cmpuint (pair->owner.candidates, >, 0);
  rtc_wait (pair->owner.candidates_ended && pair->receiver.candidates_ended);
}

static void
test_control (void)
{
  g_autoptr (RtcPair) pair = rtc_pair_open ();

  seed_channel_send_control (pair->owner.channel, "one");
  seed_channel_send_control (pair->owner.channel, "two \xc3\xa4\xf0\x9f\x8c\xb1");
  seed_channel_send_control (pair->receiver.channel, "three");
  rtc_wait (pair->receiver.control->len >= 15 && pair->owner.control->len >= 6);
  g_assert_cmpstr (pair->receiver.control->str, ==, "one\ntwo \xc3\xa4\xf0\x9f\x8c\xb1\n");
  g_assert_cmpstr (pair->owner.control->str, ==, "three\n");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!seed_rtc_init (&error))
    g_error ("%s", error->message);

  g_test_add_func ("/rtc/peer/open", test_open);
  g_test_add_func ("/rtc/peer/control", test_control);

  return g_test_run ();
}
