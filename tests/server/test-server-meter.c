// SPDX-License-Identifier: MIT
#include "seed-server-meter.h"

#include <string.h>

#define LIMIT 1000

static gsize
put_head (guint8 *data, guint8 first, guint64 length)
{
  gsize size = 2;

  data[0] = first;
  data[1] = 0x80 | (guint8) (length < 126 ? length : length <= G_MAXUINT16 ? 126 : 127);

  if (length > G_MAXUINT16)
    {
      for (guint i = 0; i < 8; i++)
        data[size++] = (guint8) (length >> (56 - 8 * i));
    }
  else if (length >= 126)
    {
      data[size++] = (guint8) (length >> 8);
      data[size++] = (guint8) length;
    }

  memset (data + size, 0x55, 4);
  return size + 4;
}

/* In pieces of @step bytes, as the network may have cut it. */
static gboolean
feed_frame (SeedServerMeter *meter, guint8 first, gsize length, gsize step)
{
  g_autofree guint8 *frame = g_malloc0 (length + 14);
  gsize size = put_head (frame, first, length) + length;
  gboolean fits = TRUE;

  for (gsize at = 0; at < size; at += step)
    fits = seed_server_meter_feed (meter, frame + at, MIN (step, size - at), LIMIT) && fits;

  return fits;
}

static void
test_single (void)
{
  const gsize steps[] = { 1, 3, 7, 5000 };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      SeedServerMeter meter = { 0 };

      g_assert_true (feed_frame (&meter, 0x81, 0, steps[i]));
      g_assert_true (feed_frame (&meter, 0x81, 125, steps[i]));
      g_assert_true (feed_frame (&meter, 0x81, 126, steps[i]));
      g_assert_true (feed_frame (&meter, 0x81, LIMIT, steps[i]));
      g_assert_cmpuint (meter.frames, ==, 4);
      g_assert_cmpuint (meter.payload_left, ==, 0);
      g_assert_false (feed_frame (&meter, 0x81, LIMIT + 1, steps[i]));
    }
}

/* The head alone tells. */
static void
test_huge (void)
{
  const guint64 lengths[] = { 70000, 1ull << 40, G_MAXUINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      SeedServerMeter meter = { 0 };
      guint8 head[14];
      gsize size = put_head (head, 0x81, lengths[i]);

      g_assert_false (seed_server_meter_feed (&meter, head, size, LIMIT));
    }
}

static void
test_fragments (void)
{
  SeedServerMeter meter = { 0 };

  g_assert_true (feed_frame (&meter, 0x01, 600, 50));
  g_assert_true (feed_frame (&meter, 0x00, 400, 50));
  g_assert_true (feed_frame (&meter, 0x80, 0, 50));
  g_assert_true (feed_frame (&meter, 0x01, 600, 50));

  /* A ping in between belongs to no message. */
  g_assert_true (feed_frame (&meter, 0x89, 125, 50));
  g_assert_cmpuint (meter.echo, ==, 127);
  g_assert_false (feed_frame (&meter, 0x80, 401, 50));
}

static void
test_control (void)
{
  SeedServerMeter meter = { 0 };

  g_assert_true (feed_frame (&meter, 0x8a, 125, 50));
  g_assert_cmpuint (meter.echo, ==, 0);
  g_assert_false (feed_frame (&meter, 0x89, 126, 50));
}

static void
test_unmasked (void)
{
  SeedServerMeter meter = { 0 };
  const guint8 frames[] = { 0x81, 0x02, 'h', 'i', 0x81, 0x00 };

  g_assert_true (seed_server_meter_feed (&meter, frames, sizeof frames, LIMIT));
  g_assert_cmpuint (meter.frames, ==, 2);
}

static void
test_overhead (void)
{
  g_assert_cmpuint (seed_server_meter_overhead (0), ==, 2);
  g_assert_cmpuint (seed_server_meter_overhead (125), ==, 2);
  g_assert_cmpuint (seed_server_meter_overhead (126), ==, 4);
  g_assert_cmpuint (seed_server_meter_overhead (65535), ==, 4);
  g_assert_cmpuint (seed_server_meter_overhead (65536), ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/meter/single", test_single);
  g_test_add_func ("/server/meter/huge", test_huge);
  g_test_add_func ("/server/meter/fragments", test_fragments);
  g_test_add_func ("/server/meter/control", test_control);
  g_test_add_func ("/server/meter/unmasked", test_unmasked);
  g_test_add_func ("/server/meter/overhead", test_overhead);

  return g_test_run ();
}
