// SPDX-License-Identifier: MIT
#pragma once

/* A token bucket: so much per second, and so much at once. Plain value, zeroed at first, which is
 * a full bucket; it belongs to whoever holds it. Times are those of g_get_monotonic_time(). */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double used; /* of what may be used at once */
  gint64 at;
} SeedServerBucket;

/** Takes @amount if that is there at @now; otherwise takes nothing and returns %FALSE. */
gboolean seed_server_bucket_take (SeedServerBucket *self, double amount, double per_second,
                                  double at_once, gint64 now);

/**
 * seed_server_bucket_charge:
 *
 * Takes @amount, which was used already, even where it is more than is there.
 *
 * Returns: the time at which the debt is paid; @now or before where there is none
 */
gint64 seed_server_bucket_charge (SeedServerBucket *self, double amount, double per_second,
                                  double at_once, gint64 now);

/** Whether nothing of it is in use any more. */
gboolean seed_server_bucket_is_full (SeedServerBucket *self, double per_second, gint64 now);

G_END_DECLS
