// SPDX-License-Identifier: MIT
#include "seed-frame.h"

#include "vectors.h"

static GBytes *
bytes_of (JsonObject *vector)
{
  return vector_bytes (vector, "hex", (gsize) vector_int (vector, "pad", 0), 0);
}

static void
check_valid (JsonObject *vector)
{
  gsize pad = (gsize) vector_int (vector, "pad", 0);
  g_autoptr (GBytes) bytes = bytes_of (vector);
  g_autoptr (GBytes) data = vector_bytes (vector, "data", pad, 0);
  g_autoptr (GError) error = NULL;
  SeedFrame frame;

  g_assert_true (seed_frame_parse (bytes, &frame, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (frame.kind == SEED_FRAME_DATA ? "data" : "digest", ==,
                   vector_string (vector, "kind"));
  g_assert_cmpint (frame.file, ==, vector_int (vector, "file", -1));
  g_assert_cmpint (frame.offset, ==, vector_int (vector, "offset", -1));
  g_assert_cmpmem (frame.data, frame.length, g_bytes_get_data (data, NULL),
                   g_bytes_get_size (data));

  g_autoptr (GBytes) back = seed_frame_to_bytes (&frame);

  g_assert_true (g_bytes_equal (back, bytes));
}

static void
check_invalid (JsonObject *vector)
{
  g_autoptr (GBytes) bytes = bytes_of (vector);
  g_autoptr (GError) error = NULL;
  SeedFrame frame;

  g_assert_false (seed_frame_parse (bytes, &frame, &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE);
}

static void
test_valid (void)
{
  vectors_run ("frame.json", "valid", check_valid);
}

static void
test_invalid (void)
{
  vectors_run ("frame.json", "invalid", check_invalid);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frame/valid", test_valid);
  g_test_add_func ("/frame/invalid", test_invalid);

  return g_test_run ();
}
