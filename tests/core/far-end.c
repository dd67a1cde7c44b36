// SPDX-License-Identifier: MIT
#include "far-end.h"

#include <string.h>

static void
control_cb (SeedChannel *channel, const char *text, gulong length, FarEnd *self)
{
  g_test_message ("heard %.120s", text);
  g_ptr_array_add (self->texts, g_strndup (text, length));

  if (!self->is_mute && strstr (text, "\"ping\"") != NULL)
    far_end_say (self, "{'type':'pong','n':1}");
}

static void
bulk_cb (SeedChannel *channel, GBytes *bytes, FarEnd *self)
{
  g_autoptr (GError) error = NULL;
  SeedFrame frame;
  gboolean sound = seed_frame_parse (bytes, &frame, &error);

  g_assert_no_error (error);
  g_assert_true (sound);
  g_ptr_array_add (self->frames, g_bytes_ref (bytes));

  if (frame.kind == SEED_FRAME_DATA)
    self->data_bytes += (gint64) frame.length;
  else
    self->n_digests++;
}

static void
closed_cb (SeedChannel *channel, const GError *error, FarEnd *self)
{
  self->has_ended = TRUE;
}

FarEnd *
far_end_new (MemoryChannel *channel)
{
  FarEnd *self = g_new0 (FarEnd, 1);

  self->channel = channel;
  self->texts = g_ptr_array_new_with_free_func (g_free);
  self->frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_signal_connect (channel, "control", G_CALLBACK (control_cb), self);
  g_signal_connect (channel, "bulk", G_CALLBACK (bulk_cb), self);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), self);

  return self;
}

void
far_end_free (FarEnd *self)
{
  g_signal_handlers_disconnect_by_data (self->channel, self);
  seed_channel_close (SEED_CHANNEL (self->channel));
  g_object_unref (self->channel);
  g_ptr_array_unref (self->texts);
  g_ptr_array_unref (self->frames);
  g_free (self);
}

void
far_end_say (FarEnd *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  seed_channel_send_control (SEED_CHANNEL (self->channel), g_strdelimit (text, "'", '"'));
}

static void
send_frame (FarEnd *self, SeedFrameKind kind, guint file, gint64 offset, const guint8 *data,
            gsize length)
{
  const SeedFrame frame = { kind, file, (guint64) offset, data, length };
  g_autoptr (GBytes) bytes = seed_frame_to_bytes (&frame);

  seed_channel_send_bulk (SEED_CHANNEL (self->channel), bytes);
}

void
far_end_send_data (FarEnd *self, guint file, gint64 offset, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  send_frame (self, SEED_FRAME_DATA, file, offset, data, size);
}

void
far_end_send_digest (FarEnd *self, guint file, gint64 offset, GBytes *bytes)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[SEED_DIGEST_SIZE];
  gsize length = sizeof digest;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_checksum_update (sum, data, (gssize) size);
  g_checksum_get_digest (sum, digest, &length);
  send_frame (self, SEED_FRAME_DIGEST, file, offset, digest, length);
}

const char *
far_end_find (FarEnd *self, const char *pattern)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (pattern), "'", '"');

  for (guint i = self->texts->len; i > 0; i--)
    {
      if (g_pattern_match_simple (quoted, self->texts->pdata[i - 1]))
        return self->texts->pdata[i - 1];
    }

  return NULL;
}

guint
far_end_count (FarEnd *self, const char *pattern)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (pattern), "'", '"');
  guint count = 0;

  for (guint i = 0; i < self->texts->len; i++)
    count += g_pattern_match_simple (quoted, self->texts->pdata[i]) ? 1 : 0;

  return count;
}

GBytes *
far_end_dup_data (FarEnd *self)
{
  GByteArray *all = g_byte_array_new ();

  for (guint i = 0; i < self->frames->len; i++)
    {
      SeedFrame frame;

      if (seed_frame_parse (self->frames->pdata[i], &frame, NULL) && frame.kind == SEED_FRAME_DATA)
        g_byte_array_append (all, frame.data, (guint) frame.length);
    }

  return g_byte_array_free_to_bytes (all);
}
