// SPDX-License-Identifier: MIT
#pragma once

/* How much of what a client sends is let in, and how fast: first the head of its request, then
 * frames. A plain value, zeroed at first, that belongs to the stream it watches. */

#include "seed-server-bucket.h"
#include "seed-server-config.h"
#include "seed-server-head.h"
#include "seed-server-meter.h"

G_BEGIN_DECLS

typedef enum
{
  SEED_SERVER_INTAKE_FITS,
  SEED_SERVER_INTAKE_TOO_MUCH, /* and the client may be told */
  SEED_SERVER_INTAKE_HOSTILE,
} SeedServerVerdict;

typedef struct
{
  SeedServerHead head;
  guint status; /* by which the request is refused; 0 while it is not */

  SeedServerMeter meter;
  SeedServerBucket frames;
  SeedServerBucket bytes;
  gint64 paused_until; /* before which nothing more is to be read */
  guint64 echo;        /* bytes of all pongs that pings called for */
  guint unread_pings;
} SeedServerIntake;

/** Takes what came of the request. */
SeedServerVerdict seed_server_intake_request (SeedServerIntake *self,
                                              const SeedServerConfig *config, const guint8 *data,
                                              gsize length);

/** Takes what came of the WebSocket; @blocked: whether the client leaves bytes of ours unread. */
SeedServerVerdict seed_server_intake_frames (SeedServerIntake *self, const SeedServerConfig *config,
                                             const guint8 *data, gsize length, gboolean blocked,
                                             gint64 now);

G_END_DECLS
