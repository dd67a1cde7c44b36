// SPDX-License-Identifier: MIT
#include "seed-window.h"

#include "seed-protocol.h"

/* An interval shorter than this says more about the scheduler than about the path. */
#define INTERVAL_MIN (20 * 1000)

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
seed_window_round_trip (SeedWindow *self, gint64 elapsed)
{
  if (elapsed > 0 && (self->shortest == 0 || elapsed < self->shortest))
    self->shortest = elapsed;
}

void
seed_window_delivered (SeedWindow *self, gint64 bytes, gint64 now)
{
  if (self->began == 0)
    self->began = now;

  self->delivered += bytes;
  gint64 elapsed = now - self->began;

  if (self->shortest == 0 || elapsed < MAX (self->shortest, INTERVAL_MIN))
    return;

  /* The bandwidth-delay product as seen now; a step at most doubles or halves the window, so that
   * one odd interval does no harm. */
  double product = (double) self->delivered / (double) elapsed * (double) self->shortest;
  gint64 wanted = (gint64) CLAMP (2 * product, (double) SEED_WINDOW_MIN, (double) SEED_WINDOW_MAX);

  self->size = CLAMP (wanted, self->size / 2, self->size * 2);
  self->size = CLAMP (self->size, SEED_WINDOW_MIN, SEED_WINDOW_MAX);
  self->began = now;
  self->delivered = 0;
}
