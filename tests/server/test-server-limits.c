// SPDX-License-Identifier: MIT
#include "seed-server-limits.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

static GInetAddress *
address (const char *text)
{
  GInetAddress *parsed = g_inet_address_new_from_string (text);

  g_assert_nonnull (parsed);
  return parsed;
}

static void
test_bucket (void)
{
  SeedServerBucket bucket = { 0 };
  gint64 now = 1000 * SECOND;

  for (guint i = 0; i < 5; i++)
    g_assert_true (seed_server_bucket_take (&bucket, 1, 1, 5, now));

  g_assert_false (seed_server_bucket_take (&bucket, 1, 1, 5, now));
  g_assert_false (seed_server_bucket_take (&bucket, 1, 1, 5, now + SECOND / 2));
  g_assert_true (seed_server_bucket_take (&bucket, 1, 1, 5, now + SECOND));
  g_assert_false (seed_server_bucket_is_full (&bucket, 1, now + 5 * SECOND));
  g_assert_true (seed_server_bucket_is_full (&bucket, 1, now + 6 * SECOND));
}

static void
test_debt (void)
{
  SeedServerBucket bucket = { 0 };
  gint64 now = 1000 * SECOND;

  g_assert_cmpint (seed_server_bucket_charge (&bucket, 100, 100, 400, now), <=, now);
  g_assert_cmpint (seed_server_bucket_charge (&bucket, 500, 100, 400, now), ==, now + 2 * SECOND);
  g_assert_cmpint (seed_server_bucket_charge (&bucket, 0, 100, 400, now + 2 * SECOND), ==,
                   now + 2 * SECOND);
}

static gboolean
same_origin (const char *a, const char *b)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();
  g_autoptr (SeedServerLimits) limits = seed_server_limits_new (config);
  g_autoptr (GInetAddress) first = address (a);
  g_autoptr (GInetAddress) second = address (b);
  g_autoptr (SeedServerOrigin) one = seed_server_limits_get (limits, first);
  g_autoptr (SeedServerOrigin) other = seed_server_limits_get (limits, second);

  return one == other;
}

static void
test_origin (void)
{
  g_assert_true (same_origin ("192.0.2.1", "192.0.2.1"));
  g_assert_false (same_origin ("192.0.2.1", "192.0.2.2"));
  g_assert_true (same_origin ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2"));
  g_assert_false (same_origin ("2001:db8:0:1::1", "2001:db8:0:2::1"));
}

static void
test_rates (void)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();
  g_autoptr (SeedServerLimits) limits = NULL;
  g_autoptr (GInetAddress) client = address ("192.0.2.1");
  gint64 now = 1000 * SECOND;

  config->creates_per_minute = 2;
  config->joins_per_minute = 6;
  limits = seed_server_limits_new (config);
  g_autoptr (SeedServerOrigin) origin = seed_server_limits_get (limits, client);

  g_assert_true (seed_server_origin_may_create (origin, now));
  g_assert_true (seed_server_origin_may_create (origin, now));
  g_assert_false (seed_server_origin_may_create (origin, now));
  g_assert_true (seed_server_origin_may_join (origin, now));
  g_assert_false (seed_server_origin_may_create (origin, now + 29 * SECOND));
  g_assert_true (seed_server_origin_may_create (origin, now + 30 * SECOND));
}

static void
test_sweep (void)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();
  g_autoptr (SeedServerLimits) limits = seed_server_limits_new (config);
  g_autoptr (GInetAddress) client = address ("192.0.2.1");
  gint64 now = 1000 * SECOND;
  SeedServerOrigin *origin = seed_server_limits_get (limits, client);

  g_assert_true (seed_server_origin_may_join (origin, now));
  seed_server_limits_sweep (limits, now + 3600 * SECOND);
  g_assert_cmpuint (seed_server_limits_size (limits), ==, 1);

  /* Going away does not make it forgotten; time does. */
  g_assert_true (seed_server_origin_may_join (origin, now + 3600 * SECOND));
  seed_server_origin_unref (origin);
  seed_server_limits_sweep (limits, now + 3600 * SECOND);
  g_assert_cmpuint (seed_server_limits_size (limits), ==, 1);
  seed_server_limits_sweep (limits, now + 3660 * SECOND);
  g_assert_cmpuint (seed_server_limits_size (limits), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/limits/bucket", test_bucket);
  g_test_add_func ("/server/limits/debt", test_debt);
  g_test_add_func ("/server/limits/origin", test_origin);
  g_test_add_func ("/server/limits/rates", test_rates);
  g_test_add_func ("/server/limits/sweep", test_sweep);

  return g_test_run ();
}
