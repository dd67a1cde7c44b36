// SPDX-License-Identifier: MIT
#pragma once

/* How many bytes a receiver keeps asked for. Too few leave a long path idle; too many overrun the
 * receiver's socket on a short one, which holds some ninety packets: and when the last packets of a file
 * are lost, a whole second is.
 *
 * So it begins with what no socket is overrun by, and finds out what pays: it doubles as long as that makes
 * the bytes come noticeably faster, goes one step back when it does not, and tries again every few
 * seconds, upwards and downwards in turn. A round trip would not tell: measured while bytes flow,
 * it holds the queue that the window itself makes. A plain value. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SEED_WINDOW_STEADY,
  SEED_WINDOW_UP,   /* twice of what it was, on trial */
  SEED_WINDOW_DOWN, /* half of what it was, on trial */
} SeedWindowPhase;

typedef struct
{
  gint64 size;
  SeedWindowPhase phase;
  gboolean down_is_next;
  double base;      /* bytes a microsecond before the trial */
  gint64 next_try;  /* monotonic microseconds */
  gint64 shortest;  /* round trip in microseconds; 0: none yet */
  gint64 began;     /* of the interval being measured; 0: none is */
  gint64 delivered; /* bytes in that interval */
} SeedWindow;

void seed_window_init (SeedWindow *self);

/** Bytes that may be on their way. */
gint64 seed_window_get (const SeedWindow *self);

/** Nothing was on its way until now: what has been measured says nothing. */
void seed_window_restart (SeedWindow *self);

/** Notes that @bytes came at @now. */
void seed_window_delivered (SeedWindow *self, gint64 bytes, gint64 now);

/** Notes that a range came to its end @elapsed microseconds after it was asked for. */
void seed_window_round_trip (SeedWindow *self, gint64 elapsed);

G_END_DECLS
