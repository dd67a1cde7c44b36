// SPDX-License-Identifier: MIT
#pragma once

/* How a file is cut into pieces. All sizes in bytes. Pure functions. */

#include <glib.h>

G_BEGIN_DECLS

/** The size of a piece of a file of @size: %SEED_PIECE_SIZE_MIN, doubled until the file has at most
 * %SEED_PIECES_MAX of them. */
gint64 seed_piece_size_for (gint64 size);

/** Whether a file of @size may be cut into pieces of @piece: a power of two within bounds. */
gboolean seed_piece_size_is_valid (gint64 size, gint64 piece);

/** How many pieces there are; none in a file of no bytes. */
guint seed_piece_count (gint64 size, gint64 piece);

/** The bytes in piece @index; the last one may be short. */
gint64 seed_piece_length (gint64 size, gint64 piece, guint index);

G_END_DECLS
