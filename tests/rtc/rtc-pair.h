// SPDX-License-Identifier: MIT
#pragma once

/* Two peers in one process, with the signalling between them done by hand, and what they were
 * told. Lives on the default main context. */

#include "seed-rtc-peer.h"

typedef struct
{
  SeedChannel *channel;
  GString *control; /* every message, each ended by a newline */
  GChecksum *checksum;
  guint64 bytes;
  guint frames;
  guint opened;
  guint closed;
  guint writable;
  guint candidates;
  gboolean candidates_ended;
  GArray *phases;
  SeedCode code;           /* of the error of "closed"; SEED_CODE_LAST where there was none */
  const char *greeting;    /* (nullable): sent when it opens, from inside the signal */
  guint acknowledge_every; /* answers each so many frames by "ack" */
  gboolean deaf;           /* what is for it is lost on the way */
  const char *altered;     /* (nullable): what is replaced in its description on the way, */
  const char *alteration;  /* and by what */
} RtcEnd;

typedef struct
{
  RtcEnd owner;
  RtcEnd receiver;
} RtcPair;

/** (transfer full): a pair that is not started. */
RtcPair *rtc_pair_new (void);
void rtc_pair_start (RtcPair *pair);
void rtc_pair_free (RtcPair *pair);

/** Turns the main loop until @condition, at most 20 seconds. */
#define rtc_wait(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GSource) alarm = rtc_alarm_new ();                                                  \
    while (!(condition) && !g_source_is_destroyed (alarm))                                         \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_assert_true (condition);                                                                     \
    g_source_destroy (alarm);                                                                      \
  }                                                                                                \
  G_STMT_END

GSource *rtc_alarm_new (void);

/** Starts a pair and waits until both ends are open. */
RtcPair *rtc_pair_open (void);

/** (transfer full): a frame of @size bytes, of which the first says @n. */
GBytes *rtc_frame_new (guint n, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtcPair, rtc_pair_free)
