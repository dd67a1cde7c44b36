// SPDX-License-Identifier: MIT
#include "seed-server-meter.h"

#define FIN 0x80
#define OPCODE 0x0f
#define CONTROL 0x08
#define PING 0x09
#define MASKED 0x80
#define LENGTH 0x7f
#define LENGTH_16 126
#define LENGTH_64 127
#define MASK_SIZE 4
#define CONTROL_MAX 125

gsize
seed_server_meter_overhead (gsize length)
{
  return length < LENGTH_16 ? 2 : length <= G_MAXUINT16 ? 4 : 10;
}

static guint
head_size (const SeedServerMeter *self)
{
  if (self->head_length < 2)
    return 2;

  guint8 length = self->head[1] & LENGTH;
  guint extended = length == LENGTH_16 ? 2 : length == LENGTH_64 ? 8 : 0;

  return 2 + extended + ((self->head[1] & MASKED) != 0 ? MASK_SIZE : 0);
}

static guint64
payload_size (const SeedServerMeter *self)
{
  guint8 length = self->head[1] & LENGTH;
  guint extended = length == LENGTH_16 ? 2 : length == LENGTH_64 ? 8 : 0;
  guint64 size = 0;

  if (extended == 0)
    return length;

  for (guint i = 0; i < extended; i++)
    size = size << 8 | self->head[2 + i];

  return size;
}

/* The head is complete. */
static gboolean
begin_frame (SeedServerMeter *self, gsize limit)
{
  guint64 payload = payload_size (self);
  guint8 opcode = self->head[0] & OPCODE;

  self->head_length = 0;
  self->payload_left = payload;
  self->frames++;

  if ((opcode & CONTROL) != 0)
    {
      if (opcode == PING)
        {
          self->pings++;
          self->echo += payload + 2;
        }

      return payload <= CONTROL_MAX;
    }

  if (payload > limit || self->message + payload > limit)
    return FALSE;

  self->message = (self->head[0] & FIN) != 0 ? 0 : self->message + payload;
  return TRUE;
}

gboolean
seed_server_meter_feed (SeedServerMeter *self, const guint8 *data, gsize length, gsize limit)
{
  while (length > 0)
    {
      if (self->payload_left > 0)
        {
          gsize skipped = MIN (self->payload_left, length);

          self->payload_left -= skipped;
          data += skipped;
          length -= skipped;
          continue;
        }

      self->head[self->head_length++] = *data++;
      length--;

      if (self->head_length == head_size (self) && !begin_frame (self, limit))
        return FALSE;
    }

  return TRUE;
}
