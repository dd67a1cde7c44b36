// SPDX-License-Identifier: MIT
#include "seed-rate.h"

#include <string.h>

/* Sixteen samples of a quarter of a second: the rate is that of the last four seconds. */
#define SAMPLE_INTERVAL (G_USEC_PER_SEC / 4)
#define STALE (5 * G_USEC_PER_SEC)

void
seed_rate_reset (SeedRate *self)
{
  self->n_samples = 0;
}

void
seed_rate_add (SeedRate *self, gint64 bytes, gint64 now)
{
  guint n = self->n_samples;

  /* The newest sample moves along until it is far enough from the one before. */
  if (n >= 2 && now - self->samples[n - 2].time < SAMPLE_INTERVAL)
    n--;
  else if (n == SEED_RATE_SAMPLES)
    memmove (&self->samples[0], &self->samples[1], --n * sizeof self->samples[0]);

  self->samples[n].time = now;
  self->samples[n].bytes = bytes;
  self->n_samples = n + 1;
}

double
seed_rate_get (const SeedRate *self, gint64 now)
{
  if (self->n_samples < 2)
    return 0;

  guint last = self->n_samples - 1;
  gint64 elapsed = now - self->samples[0].time;

  gint64 bytes = self->samples[last].bytes - self->samples[0].bytes;

  if (now - self->samples[last].time > STALE || elapsed <= 0 || bytes <= 0)
    return 0;

  return (double) bytes * G_USEC_PER_SEC / (double) elapsed;
}

gint64
seed_rate_seconds_left (gint64 remaining, double rate)
{
  double seconds = rate > 0 ? (double) remaining / rate : -1;

  return seconds < 0 || seconds > 1e9 ? -1 : (gint64) (seconds + 0.5);
}
