// SPDX-License-Identifier: MIT
#include "seed-pieces.h"

#include "seed-protocol.h"

#define MIB (G_GINT64_CONSTANT (1) << 20)

static void
count (void)
{
  g_assert_cmpuint (seed_piece_count (0, MIB), ==, 0);
  g_assert_cmpuint (seed_piece_count (1, MIB), ==, 1);
  g_assert_cmpuint (seed_piece_count (MIB, MIB), ==, 1);
  g_assert_cmpuint (seed_piece_count (MIB + 1, MIB), ==, 2);
}

static void
length (void)
{
  g_assert_cmpint (seed_piece_length (1, MIB, 0), ==, 1);
  g_assert_cmpint (seed_piece_length (MIB, MIB, 0), ==, MIB);
  g_assert_cmpint (seed_piece_length (5 * MIB + 3, MIB, 4), ==, MIB);
  g_assert_cmpint (seed_piece_length (5 * MIB + 3, MIB, 5), ==, 3);
  g_assert_cmpint (seed_piece_length (SEED_SIZE_MAX, MIB << 20, 8191), ==, (MIB << 20) - 1);
}

static void
size_bounds (void)
{
  gint64 most = SEED_PIECES_MAX * MIB;

  g_assert_cmpint (seed_piece_size_for (0), ==, MIB);
  g_assert_cmpint (seed_piece_size_for (most), ==, MIB);
  g_assert_cmpint (seed_piece_size_for (most + 1), ==, 2 * MIB);
  g_assert_cmpint (seed_piece_size_for (2 * most + 1), ==, 4 * MIB);
}

/* What we make of a file of any size is what the other end takes. */
static void
size_is_valid (void)
{
  for (gint64 size = 1; size <= SEED_SIZE_MAX / 2; size *= 2)
    {
      for (gint64 near = size - 1; near <= size + 1; near++)
        {
          gint64 piece = seed_piece_size_for (near);

          g_assert_true (seed_piece_size_is_valid (near, piece));
          g_assert_cmpuint (seed_piece_count (near, piece), <=, SEED_PIECES_MAX);
        }
    }

  g_assert_cmpint (seed_piece_size_for (SEED_SIZE_MAX), ==, MIB << 20);
  g_assert_true (seed_piece_size_is_valid (SEED_SIZE_MAX, MIB << 20));
}

static void
size_is_refused (void)
{
  g_assert_false (seed_piece_size_is_valid (0, 0));
  g_assert_false (seed_piece_size_is_valid (10, MIB / 2));
  g_assert_false (seed_piece_size_is_valid (10, MIB + 1));
  g_assert_false (seed_piece_size_is_valid (10, 3 * MIB));
  g_assert_true (seed_piece_size_is_valid (SEED_PIECES_MAX * MIB, MIB));
  g_assert_false (seed_piece_size_is_valid (SEED_PIECES_MAX * MIB + 1, MIB));
  g_assert_false (seed_piece_size_is_valid (SEED_SIZE_MAX, MIB));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pieces/count", count);
  g_test_add_func ("/pieces/length", length);
  g_test_add_func ("/pieces/size/bounds", size_bounds);
  g_test_add_func ("/pieces/size/what-we-make-is-valid", size_is_valid);
  g_test_add_func ("/pieces/size/what-is-refused", size_is_refused);

  return g_test_run ();
}
