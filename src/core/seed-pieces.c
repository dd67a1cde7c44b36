// SPDX-License-Identifier: MIT
#include "seed-pieces.h"

#include "seed-protocol.h"

guint
seed_piece_count (gint64 size, gint64 piece)
{
  return (guint) (size / piece + (size % piece != 0));
}

gint64
seed_piece_size_for (gint64 size)
{
  gint64 piece = SEED_PIECE_SIZE_MIN;

  while ((size - 1) / piece >= SEED_PIECES_MAX)
    piece *= 2;

  return piece;
}

gboolean
seed_piece_size_is_valid (gint64 size, gint64 piece)
{
  return piece >= SEED_PIECE_SIZE_MIN && (piece & (piece - 1)) == 0 &&
         (size - 1) / piece < SEED_PIECES_MAX;
}

gint64
seed_piece_length (gint64 size, gint64 piece, guint index)
{
  return MIN (piece, size - index * piece);
}
