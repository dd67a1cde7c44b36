// SPDX-License-Identifier: MIT
#pragma once

/* How many bytes a receiver keeps asked for. Too few leave a long path idle; too many overrun the
 * receiver's socket on a fast one, and then a whole second is lost. So: twice what the path delivers
 * in its shortest round trip, within %SEED_WINDOW_MIN and %SEED_WINDOW_MAX.
 *
 * The shortest round trip is that of the whole connection: one measured while the window is large
 * holds the window's own queue, and would let it grow without end. A plain value. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 size;
  gint64 shortest;  /* microseconds; 0: none yet */
  gint64 began;     /* of the interval being measured, monotonic microseconds */
  gint64 delivered; /* bytes in that interval */
} SeedWindow;

void seed_window_init (SeedWindow *self);

/** Bytes that may be on their way. */
gint64 seed_window_get (const SeedWindow *self);

/** Notes that @bytes came at @now. */
void seed_window_delivered (SeedWindow *self, gint64 bytes, gint64 now);

/** Notes that a range came to its end @elapsed microseconds after it was asked for. */
void seed_window_round_trip (SeedWindow *self, gint64 elapsed);

G_END_DECLS
