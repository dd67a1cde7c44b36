// SPDX-License-Identifier: MIT
/* A message of the bulk channel; what is taken is written out again, byte for byte. */
#include "fuzz.h"

#include "seed-frame.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  SeedFrame frame;

  if (!seed_frame_parse (bytes, &frame, &error))
    {
      g_assert_true (g_error_matches (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE));
      return 0;
    }

  g_autoptr (GBytes) back = seed_frame_to_bytes (&frame);

  g_assert_true (g_bytes_equal (back, bytes));
  return 0;
}
