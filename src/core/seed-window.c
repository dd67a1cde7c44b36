// SPDX-License-Identifier: MIT
#include "seed-window.h"

#include "seed-protocol.h"

void
seed_window_init (SeedWindow *self)
{
  *self = (SeedWindow){ .size = SEED_WINDOW_MIN };
}

gint64
seed_window_get (const SeedWindow *self)
{
  return self->size;
}

void
seed_window_restart (SeedWindow *self)
{
  self->began = 0;
  self->delivered = 0;
}

void
seed_window_round_trip (SeedWindow *self, gint64 elapsed)
{
  if (elapsed > 0 && (self->shortest == 0 || elapsed < self->shortest))
    self->shortest = elapsed;
}

static void
rest (SeedWindow *self, gint64 now)
{
  self->phase = SEED_WINDOW_STEADY;
  self->next_try = now + SEED_WINDOW_REST_MS * 1000;
}

/* Puts the window on trial, or rests where it is at its bound. */
static void
try_size (SeedWindow *self, SeedWindowPhase phase, double rate, gint64 now)
{
  gint64 size = phase == SEED_WINDOW_UP ? self->size * 2 : self->size / 2;

  if (size < SEED_WINDOW_MIN || size > SEED_WINDOW_MAX)
    {
      rest (self, now);
      return;
    }

  self->phase = phase;
  self->size = size;
  self->base = rate;
}

static void
judge (SeedWindow *self, double rate, gint64 now)
{
  switch (self->phase)
    {
    case SEED_WINDOW_STEADY:
      if (now < self->next_try)
        return;

      try_size (self, self->down_is_next ? SEED_WINDOW_DOWN : SEED_WINDOW_UP, rate, now);
      self->down_is_next = !self->down_is_next;
      return;

    case SEED_WINDOW_UP:
      if (rate * 100 >= self->base * SEED_WINDOW_GAIN_PERCENT)
        try_size (self, SEED_WINDOW_UP, rate, now);
      else
        {
          self->size /= 2;
          rest (self, now);
        }
      return;

    case SEED_WINDOW_DOWN:
      if (rate * 100 >= self->base * SEED_WINDOW_LOSS_PERCENT)
        try_size (self, SEED_WINDOW_DOWN, rate, now);
      else
        {
          self->size *= 2;
          rest (self, now);
        }
      return;

    default:
      g_assert_not_reached ();
    }
}

void
seed_window_delivered (SeedWindow *self, gint64 bytes, gint64 now)
{
  if (self->began == 0)
    {
      self->began = now;
      return;
    }

  self->delivered += bytes;
  gint64 elapsed = now - self->began;

  /* Two round trips at the least: a change of the window shows only after one. */
  if (elapsed < MAX (2 * self->shortest, SEED_WINDOW_INTERVAL_MS * 1000))
    return;

  judge (self, (double) self->delivered / (double) elapsed, now);
  self->began = now;
  self->delivered = 0;
}
