// SPDX-License-Identifier: MIT
#include "seed-frame.h"

#include <string.h>

static gboolean
bad_frame (GError **error, const char *problem)
{
  g_set_error (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE, "A bulk message %s", problem);
  return FALSE;
}

gboolean
seed_frame_parse (GBytes *bytes, SeedFrame *frame, GError **error)
{
  gsize size;
  const guint8 *raw = g_bytes_get_data (bytes, &size);

  if (size <= SEED_FRAME_HEADER || size > SEED_FRAME_HEADER + SEED_FRAME_DATA_MAX)
    return bad_frame (error, "is of a wrong size");
  if (raw[1] != 0 || raw[2] != 0 || raw[3] != 0)
    return bad_frame (error, "has a wrong header");

  guint32 file;
  guint64 offset;

  memcpy (&file, raw + 4, sizeof file);
  memcpy (&offset, raw + 8, sizeof offset);

  frame->kind = raw[0];
  frame->file = GUINT32_FROM_BE (file);
  frame->offset = GUINT64_FROM_BE (offset);
  frame->data = raw + SEED_FRAME_HEADER;
  frame->length = size - SEED_FRAME_HEADER;

  if (frame->file >= SEED_FILES_MAX || frame->offset > SEED_SIZE_MAX)
    return bad_frame (error, "is out of bounds");
  if (frame->kind == SEED_FRAME_DIGEST)
    return frame->length == SEED_DIGEST_SIZE || bad_frame (error, "holds no digest");
  if (frame->kind != SEED_FRAME_DATA)
    return bad_frame (error, "is of an unknown kind");

  return TRUE;
}

void
seed_frame_write_header (const SeedFrame *frame, guint8 *header)
{
  guint32 file = GUINT32_TO_BE (frame->file);
  guint64 offset = GUINT64_TO_BE (frame->offset);

  memset (header, 0, SEED_FRAME_HEADER);
  header[0] = (guint8) frame->kind;
  memcpy (header + 4, &file, sizeof file);
  memcpy (header + 8, &offset, sizeof offset);
}

GBytes *
seed_frame_to_bytes (const SeedFrame *frame)
{
  guint8 *raw = g_malloc (SEED_FRAME_HEADER + frame->length);

  seed_frame_write_header (frame, raw);
  memcpy (raw + SEED_FRAME_HEADER, frame->data, frame->length);

  return g_bytes_new_take (raw, SEED_FRAME_HEADER + frame->length);
}
