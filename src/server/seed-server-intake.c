// SPDX-License-Identifier: MIT
#include "seed-server-intake.h"

/* A few seconds' worth may come at once. */
#define SECONDS_AT_ONCE 4
/* Pings from a client that does not read: libsoup walks all the answers that wait at each. */
#define UNREAD_PINGS 256

SeedServerVerdict
seed_server_intake_request (SeedServerIntake *self, const SeedServerConfig *config,
                            const guint8 *data, gsize length)
{
  self->status = seed_server_head_feed (&self->head, data, length, config->header_bytes);

  return self->status == 0 ? SEED_SERVER_INTAKE_FITS : SEED_SERVER_INTAKE_TOO_MUCH;
}

static gint64
charge (SeedServerBucket *bucket, gsize amount, guint per_second, gint64 now)
{
  return seed_server_bucket_charge (bucket, (double) amount, per_second,
                                    (double) per_second * SECONDS_AT_ONCE, now);
}

SeedServerVerdict
seed_server_intake_frames (SeedServerIntake *self, const SeedServerConfig *config,
                           const guint8 *data, gsize length, gboolean blocked, gint64 now)
{
  SeedServerMeter *meter = &self->meter;
  gboolean fits = seed_server_meter_feed (meter, data, length, config->message_bytes);
  gint64 frames_at = charge (&self->frames, meter->frames, config->messages_per_second, now);
  gint64 bytes_at = charge (&self->bytes, length, config->bytes_per_second, now);

  self->paused_until = MAX (MAX (frames_at, bytes_at), 0);
  self->echo += meter->echo;
  self->unread_pings = blocked ? self->unread_pings + meter->pings : 0;
  meter->frames = 0;
  meter->pings = 0;
  meter->echo = 0;

  if (self->unread_pings > UNREAD_PINGS)
    return SEED_SERVER_INTAKE_HOSTILE;

  return fits ? SEED_SERVER_INTAKE_FITS : SEED_SERVER_INTAKE_TOO_MUCH;
}
