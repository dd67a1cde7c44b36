// SPDX-License-Identifier: MIT
#include "seed-rate.h"

#define SECOND G_USEC_PER_SEC

static void
starts_at_nothing (void)
{
  SeedRate rate = { 0 };

  g_assert_cmpfloat (seed_rate_get (&rate, 0), ==, 0);
  seed_rate_add (&rate, 1000, SECOND);
  g_assert_cmpfloat (seed_rate_get (&rate, SECOND), ==, 0);
}

static void
is_steady (void)
{
  SeedRate rate = { 0 };

  for (int i = 0; i <= 200; i++)
    seed_rate_add (&rate, i * 1000, i * SECOND / 10);

  g_assert_cmpfloat_with_epsilon (seed_rate_get (&rate, 20 * SECOND), 10000, 1);
}

/* A change of pace shows within some seconds, and is not averaged over the whole transfer. */
static void
forgets_the_past (void)
{
  SeedRate rate = { 0 };
  gint64 bytes = 0;

  for (int i = 0; i <= 600; i++)
    {
      bytes += i < 500 ? 100000 : 1000;
      seed_rate_add (&rate, bytes, i * SECOND / 10);
    }

  g_assert_cmpfloat_with_epsilon (seed_rate_get (&rate, 60 * SECOND), 10000, 200);
}

static void
ends_when_nothing_comes (void)
{
  SeedRate rate = { 0 };

  seed_rate_add (&rate, 0, SECOND);
  seed_rate_add (&rate, 5000, 2 * SECOND);
  g_assert_cmpfloat (seed_rate_get (&rate, 2 * SECOND), ==, 5000);
  g_assert_cmpfloat (seed_rate_get (&rate, 6 * SECOND), ==, 1000);
  g_assert_cmpfloat (seed_rate_get (&rate, 8 * SECOND), ==, 0);
  seed_rate_reset (&rate);
  g_assert_cmpfloat (seed_rate_get (&rate, 2 * SECOND), ==, 0);
}

static void
takes_any_total (void)
{
  SeedRate rate = { 0 };

  seed_rate_add (&rate, G_GINT64_CONSTANT (9007199254740991), SECOND);
  seed_rate_add (&rate, 0, 2 * SECOND);
  g_assert_cmpfloat (seed_rate_get (&rate, 3 * SECOND), ==, 0);

  seed_rate_reset (&rate);
  seed_rate_add (&rate, 0, SECOND);
  seed_rate_add (&rate, 100, SECOND);
  g_assert_cmpfloat (seed_rate_get (&rate, SECOND), ==, 0);
}

static void
seconds_left (void)
{
  g_assert_cmpint (seed_rate_seconds_left (1000, 100), ==, 10);
  g_assert_cmpint (seed_rate_seconds_left (0, 100), ==, 0);
  g_assert_cmpint (seed_rate_seconds_left (1000, 0), ==, -1);
  g_assert_cmpint (seed_rate_seconds_left (1000, -5), ==, -1);
  g_assert_cmpint (seed_rate_seconds_left (G_GINT64_CONSTANT (9007199254740991), 0.001), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rate/starts-at-nothing", starts_at_nothing);
  g_test_add_func ("/rate/is-steady", is_steady);
  g_test_add_func ("/rate/forgets-the-past", forgets_the_past);
  g_test_add_func ("/rate/ends-when-nothing-comes", ends_when_nothing_comes);
  g_test_add_func ("/rate/takes-any-total", takes_any_total);
  g_test_add_func ("/rate/seconds-left", seconds_left);

  return g_test_run ();
}
