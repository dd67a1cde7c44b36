// SPDX-License-Identifier: MIT
#include "seed-format.h"
#include "seed-words.h"

#include "seed-error.h"

static void
test_percent (void)
{
  g_assert_cmpint (seed_format_percent (0, 0), ==, 0);
  g_assert_cmpint (seed_format_percent (0, 10), ==, 0);
  g_assert_cmpint (seed_format_percent (999, 1000), ==, 99);
  g_assert_cmpint (seed_format_percent (1000, 1000), ==, 100);
}

static void
check_left (gint64 seconds, const char *expected)
{
  g_autofree char *text = seed_format_time_left (seconds);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_time_left (void)
{
  check_left (-1, "");
  check_left (0, "1 second left");
  check_left (59, "59 seconds left");
  check_left (60, "1 minute left");
  check_left (61, "2 minutes left");
  check_left (3600, "1 hour left");
  check_left (48 * 3600, "48 hours left");
  check_left (G_MAXINT64, "more than two days left");
}

static void
test_states (void)
{
  for (int state = 0; state < SEED_RECEIVER_LAST; state++)
    g_assert_cmpstr (seed_words_state ((SeedReceiverState) state), !=, "");
  for (int path = 0; path < SEED_PATH_LAST; path++)
    g_assert_nonnull (seed_format_path ((SeedPath) path));
}

static void
test_details (void)
{
  g_autoptr (SeedTransfer) transfer = seed_transfer_new ("peer", 1);
  g_autoptr (GError) error = seed_error_new_code (SEED_CODE_TIMEOUT_ICE);
  g_autofree char *before = seed_format_details (transfer);

  seed_transfer_set_connecting (transfer);
  seed_transfer_fail (transfer, error);
  g_autofree char *after = seed_format_details (transfer);

  g_assert_cmpstr (before, ==, "waiting");
  g_assert_cmpstr (after, ==, "failed: No network path to the other side was found.");
}

static void
test_sums (void)
{
  g_autoptr (GPtrArray) transfers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *none = seed_format_sums (transfers);

  for (guint i = 1; i <= 3; i++)
    g_ptr_array_add (transfers, seed_transfer_new ("peer", i));
  seed_transfer_leave (transfers->pdata[2], NULL);
  g_autofree char *some = seed_format_sums (transfers);

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (some, ==, "2 waiting · 1 left");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/percent", test_percent);
  g_test_add_func ("/format/time-left", test_time_left);
  g_test_add_func ("/format/states", test_states);
  g_test_add_func ("/format/details", test_details);
  g_test_add_func ("/format/sums", test_sums);

  return g_test_run ();
}
