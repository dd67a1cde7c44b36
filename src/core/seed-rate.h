// SPDX-License-Identifier: MIT
#pragma once

/* Bytes a second over the last few seconds, and what time is left. A plain value. */

#include <glib.h>

G_BEGIN_DECLS

#define SEED_RATE_SAMPLES 16

typedef struct
{
  struct
  {
    gint64 time;  /* monotonic, microseconds */
    gint64 bytes; /* the total by then */
  } samples[SEED_RATE_SAMPLES];
  guint n_samples;
} SeedRate;

/** Forgets everything: at the start, and when bytes begin to flow again. */
void seed_rate_reset (SeedRate *self);

/** Notes that @bytes have passed in all by @now, a monotonic time in microseconds. */
void seed_rate_add (SeedRate *self, gint64 bytes, gint64 now);

/** Bytes a second as seen from @now; 0 when nothing came for some seconds. */
double seed_rate_get (const SeedRate *self, gint64 now);

/** Seconds until @remaining bytes have passed at @rate; -1 where that can't be told. */
gint64 seed_rate_seconds_left (gint64 remaining, double rate);

G_END_DECLS
