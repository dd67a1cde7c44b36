// SPDX-License-Identifier: MIT
#include "seed-window.h"

#include "seed-protocol.h"

#define RANGE 16384
#define FRAME 16384

/* A path in made-up time: bytes leave one after another at the speed of the path, then travel. */
typedef struct
{
  gint64 bandwidth; /* bytes a second */
  gint64 delay;     /* microseconds, both ways together */
} Path;

typedef struct
{
  gint64 asked_at;
  gint64 left;
} Ask;

/* Keeps the window asked for until @total bytes have come; what the window grew to at its most. */
static gint64
run (SeedWindow *window, const Path *path, gint64 total)
{
  GQueue asks = G_QUEUE_INIT;
  gint64 now = 1;
  gint64 free_at = now; /* when the path has sent what it was asked for */
  gint64 awaited = 0;
  gint64 largest = 0;

  for (gint64 done = 0; done < total;)
    {
      while (awaited + RANGE <= seed_window_get (window))
        {
          Ask *ask = g_new0 (Ask, 1);

          ask->asked_at = now;
          ask->left = RANGE;
          awaited += RANGE;
          g_queue_push_tail (&asks, ask);
        }

      Ask *ask = g_queue_peek_head (&asks);

      free_at = MAX (free_at, ask->asked_at + path->delay / 2);
      free_at += (gint64) FRAME * G_USEC_PER_SEC / path->bandwidth;
      now = MAX (now, free_at + path->delay / 2);

      seed_window_delivered (window, FRAME, now);
      largest = MAX (largest, seed_window_get (window));
      done += FRAME;
      awaited -= FRAME;
      ask->left -= FRAME;
      if (ask->left == 0)
        {
          seed_window_round_trip (window, now - ask->asked_at);
          g_free (g_queue_pop_head (&asks));
        }
    }

  g_queue_clear_full (&asks, g_free);
  return largest;
}

static void
starts_small (void)
{
  SeedWindow window;

  seed_window_init (&window);
  g_assert_cmpint (seed_window_get (&window), ==, SEED_WINDOW_MIN);
}

/* 50 MB/s over 80 ms hold 4 MB. */
static void
grows_on_a_long_path (void)
{
  const Path path = { 50000000, 80000 };
  SeedWindow window;

  seed_window_init (&window);
  run (&window, &path, 200 << 20);
  g_assert_cmpint (seed_window_get (&window), >=, 4000000);
  g_assert_cmpint (seed_window_get (&window), <=, 12000000);
}

/* 1 MB/s over 40 ms hold 40 KB; whatever is asked for beyond that only waits in a queue. */
static void
does_not_fill_a_slow_path (void)
{
  const Path path = { 1000000, 40000 };
  SeedWindow window;

  seed_window_init (&window);
  g_assert_cmpint (run (&window, &path, 300 << 20), <=, 1 << 20);
}

static void
stays_small_on_a_fast_path (void)
{
  const Path path = { 100000000, 300 };
  SeedWindow window;

  seed_window_init (&window);
  g_assert_cmpint (run (&window, &path, 300 << 20), <=, 2 * SEED_WINDOW_MIN);
}

/* What comes no faster whatever is asked for leaves the window where it was, but for trials. */
static void
trials_are_taken_back (void)
{
  SeedWindow window;
  guint n_large = 0;

  seed_window_init (&window);
  seed_window_round_trip (&window, 200);
  for (gint64 now = 1; now < 20 * G_USEC_PER_SEC; now += 2000)
    {
      for (guint i = 0; i < 16; i++)
        seed_window_delivered (&window, FRAME, now);

      g_assert_cmpint (seed_window_get (&window), <=, 2 * SEED_WINDOW_MIN);
      n_large += seed_window_get (&window) > SEED_WINDOW_MIN;
    }

  g_assert_cmpuint (n_large, >, 0);
  g_assert_cmpuint (n_large, <, 300);
}

/* A pause between two files is no slow path. */
static void
pauses_say_nothing (void)
{
  const Path path = { 50000000, 80000 };
  SeedWindow window;

  seed_window_init (&window);
  run (&window, &path, 200 << 20);

  gint64 before = seed_window_get (&window);

  window.phase = SEED_WINDOW_UP;
  seed_window_delivered (&window, FRAME, window.began + 1000);
  seed_window_restart (&window);
  seed_window_delivered (&window, FRAME, window.began + 60 * G_USEC_PER_SEC);
  g_assert_cmpint (seed_window_get (&window), ==, before);
}

static void
comes_down_again (void)
{
  const Path fast = { 50000000, 80000 };
  const Path slow = { 500000, 80000 };
  SeedWindow window;

  seed_window_init (&window);
  run (&window, &fast, 200 << 20);
  seed_window_restart (&window);
  run (&window, &slow, 40 << 20);
  g_assert_cmpint (seed_window_get (&window), <=, 4 * SEED_WINDOW_MIN);
}

/* Times and amounts that make no sense leave it within its bounds. */
static void
stays_within_bounds (void)
{
  const gint64 values[] = { G_MININT64 / 4, -1, 0, 1, 20000, G_MAXINT64 / 4 };
  SeedWindow window;

  seed_window_init (&window);
  for (guint i = 0; i < 216; i++)
    {
      seed_window_round_trip (&window, values[i % 6]);
      window.delivered = 0;
      window.began = values[i / 6 % 6];
      seed_window_delivered (&window, values[i / 36] / 2, values[5 - i % 6] / 2);
      g_assert_cmpint (seed_window_get (&window), >=, SEED_WINDOW_MIN);
      g_assert_cmpint (seed_window_get (&window), <=, SEED_WINDOW_MAX);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/window/starts-small", starts_small);
  g_test_add_func ("/window/grows-on-a-long-path", grows_on_a_long_path);
  g_test_add_func ("/window/does-not-fill-a-slow-path", does_not_fill_a_slow_path);
  g_test_add_func ("/window/stays-small-on-a-fast-path", stays_small_on_a_fast_path);
  g_test_add_func ("/window/trials-are-taken-back", trials_are_taken_back);
  g_test_add_func ("/window/pauses-say-nothing", pauses_say_nothing);
  g_test_add_func ("/window/comes-down-again", comes_down_again);
  g_test_add_func ("/window/stays-within-bounds", stays_within_bounds);

  return g_test_run ();
}
