// SPDX-License-Identifier: MIT
#pragma once

/* The header of a message on the bulk channel: 16 bytes, big-endian.
 *
 *   0  kind, a SeedFrameKind      4  file, its index in the manifest
 *   1  three bytes of zero        8  offset in that file, in bytes
 *
 * A data frame carries 1 to %SEED_FRAME_DATA_MAX bytes of the file, never across the border of
 * a piece. A digest frame carries the SHA-256 of the piece that begins at the offset. */

#include "seed-error.h"

G_BEGIN_DECLS

typedef struct
{
  SeedFrameKind kind;
  guint32 file;
  guint64 offset;
  const guint8 *data; /* borrowed from the frame */
  gsize length;
} SeedFrame;

/**
 * seed_frame_parse:
 * @bytes: what came by the bulk channel
 * @frame: (out caller-allocates): filled on success; points into @bytes
 *
 * Returns: whether @bytes is a frame; otherwise @error is %SEED_CODE_BAD_MESSAGE
 */
gboolean seed_frame_parse (GBytes *bytes, SeedFrame *frame,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Writes the %SEED_FRAME_HEADER bytes that go before @frame's data into @header. */
void seed_frame_write_header (const SeedFrame *frame, guint8 *header);

/** (transfer full): header and data of @frame in one. */
GBytes *seed_frame_to_bytes (const SeedFrame *frame);

G_END_DECLS
