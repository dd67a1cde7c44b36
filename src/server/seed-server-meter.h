// SPDX-License-Identifier: MIT
#pragma once

/* Follows the frames of a WebSocket (RFC 6455, section 5.2) in the bytes that a client sends,
 * before anything stores them: so a message is known to be too large by its first header, and
 * fragments without an end are as bounded as everything else. Plain value, zeroed at first. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint8 head[14];
  guint head_length;
  guint64 payload_left; /* of the frame under way */
  guint64 message;      /* bytes of the message under way, in all its fragments so far */
  guint frames;         /* begun since the holder last set this to 0 */
  guint pings;          /* likewise */
  guint64 echo;         /* bytes of pongs that pings call for, since the holder last set it to 0 */
} SeedServerMeter;

/** Takes what came in. Returns whether all of it is within @limit bytes for a message. */
gboolean seed_server_meter_feed (SeedServerMeter *self, const guint8 *data, gsize length,
                                 gsize limit);

/** Bytes of the frame around a payload of @length as a server sends it. */
gsize seed_server_meter_overhead (gsize length);

G_END_DECLS
