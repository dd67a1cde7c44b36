// SPDX-License-Identifier: MIT
#include "seed-server-bucket.h"

static void
refill (SeedServerBucket *self, double per_second, gint64 now)
{
  double refilled = (double) (now - self->at) / G_USEC_PER_SEC * per_second;

  self->used = MAX (self->used - refilled, 0);
  self->at = now;
}

gboolean
seed_server_bucket_take (SeedServerBucket *self, double amount, double per_second, double at_once,
                         gint64 now)
{
  refill (self, per_second, now);

  if (self->used + amount > at_once)
    return FALSE;

  self->used += amount;
  return TRUE;
}

gint64
seed_server_bucket_charge (SeedServerBucket *self, double amount, double per_second, double at_once,
                           gint64 now)
{
  refill (self, per_second, now);
  self->used += amount;

  return now + (gint64) ((self->used - at_once) / per_second * G_USEC_PER_SEC);
}

gboolean
seed_server_bucket_is_full (SeedServerBucket *self, double per_second, gint64 now)
{
  refill (self, per_second, now);

  return self->used <= 0;
}
