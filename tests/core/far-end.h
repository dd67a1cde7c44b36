// SPDX-License-Identifier: MIT
#pragma once

/* The other end of a memory channel, played by the test: it says what it is told to, sense or nonsense,
 * and writes down what it hears. Belongs to its test; one main context. */

#include "memory-channel.h"
#include "seed-frame.h"

G_BEGIN_DECLS

typedef struct
{
  MemoryChannel *channel;
  GPtrArray *texts;   /* of char *, as they came by the control channel */
  GPtrArray *frames;  /* of GBytes, as they came by the bulk channel */
  gint64 data_bytes;  /* in data frames */
  guint n_digests;    /* digest frames */
  gboolean has_ended; /* "closed" came */
  gboolean is_mute;   /* does not answer pings */
} FarEnd;

/** @channel: (transfer full) */
FarEnd *far_end_new (MemoryChannel *channel);
void far_end_free (FarEnd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FarEnd, far_end_free)

/** Sends text by the control channel; single quotes in @format become double ones. */
void far_end_say (FarEnd *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** Sends a data frame of @bytes. */
void far_end_send_data (FarEnd *self, guint file, gint64 offset, GBytes *bytes);

/** Sends the digest of the piece @bytes at @offset. */
void far_end_send_digest (FarEnd *self, guint file, gint64 offset, GBytes *bytes);

/** (nullable): the last text heard that is like @pattern, a glob with ' for ". */
const char *far_end_find (FarEnd *self, const char *pattern);

/** How many texts heard are like @pattern. */
guint far_end_count (FarEnd *self, const char *pattern);

/** (transfer full): data frames put together, in the order in which they came. */
GBytes *far_end_dup_data (FarEnd *self);

G_END_DECLS
