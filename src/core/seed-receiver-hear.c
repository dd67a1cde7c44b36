// SPDX-License-Identifier: MIT
#include "seed-frame.h"
#include "seed-receiver-private.h"

/* Bytes that may come before the list of files does: the first piece overtakes it at times. */
#define EARLY_BYTES_MAX (SEED_FIRST_BYTES + 64 * 1024)

static void
send_want (const SeedRange *range, gpointer user_data)
{
  SeedReceiver *self = user_data;
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_WANT);

  self->last_data = g_get_monotonic_time ();
  seed_message_set_uint (message, SEED_FIELD_FILE, range->file);
  seed_message_set_uint (message, SEED_FIELD_OFFSET, range->offset);
  seed_message_set_uint (message, SEED_FIELD_LENGTH, range->end - range->offset);
  seed_receiver_send (self, message);
}

static void
begin_file (guint file, gpointer user_data)
{
  SeedReceiver *self = user_data;

  seed_writer_begin (self->writer, file, seed_manifest_get (self->manifest, file));
}

static gboolean
bad_message (GError **error, const char *problem)
{
  g_set_error_literal (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE, problem);
  return FALSE;
}

static gboolean
handle_data (SeedReceiver *self, GBytes *bytes, const SeedFrame *frame, GError **error)
{
  g_autoptr (GBytes) data = NULL;
  gint64 now = g_get_monotonic_time ();

  self->last_data = now;

  /* Frames that were on their way when the owner gave the file up. */
  if (seed_asker_is_dropped (self->asker, frame->file))
    return TRUE;

  if (!seed_asker_arrived (self->asker, frame->file, (gint64) frame->offset, (gint64) frame->length,
                           now, error))
    return FALSE;

  data = g_bytes_new_from_bytes (bytes, SEED_FRAME_HEADER, frame->length);
  seed_writer_write (self->writer, frame->file, data);

  return TRUE;
}

static gboolean
handle_digest (SeedReceiver *self, GBytes *bytes, const SeedFrame *frame, GError **error)
{
  const SeedFile *file = seed_manifest_get (self->manifest, frame->file);
  g_autoptr (GBytes) digest = NULL;

  self->last_data = g_get_monotonic_time ();

  if (seed_asker_is_dropped (self->asker, frame->file))
    return TRUE;
  if (!seed_asker_take_digest (self->asker, frame->file, (gint64) frame->offset, error))
    return FALSE;

  digest = g_bytes_new_from_bytes (bytes, SEED_FRAME_HEADER, SEED_DIGEST_SIZE);
  seed_writer_set_digest (self->writer, frame->file, (guint) ((gint64) frame->offset / file->piece),
                          digest);

  return TRUE;
}

static gboolean
keep_early (SeedReceiver *self, GBytes *bytes, GError **error)
{
  self->early_bytes += g_bytes_get_size (bytes);
  if (self->early_bytes > EARLY_BYTES_MAX)
    return bad_message (error, "More bytes came than were asked for");

  g_queue_push_tail (&self->early, g_bytes_ref (bytes));
  return TRUE;
}

static gboolean
handle_frame (SeedReceiver *self, GBytes *bytes, GError **error)
{
  SeedFrame frame;

  if (!seed_frame_parse (bytes, &frame, error))
    return FALSE;

  if (self->asker == NULL)
    return keep_early (self, bytes, error);
  if (frame.file >= seed_manifest_get_known (self->manifest))
    return bad_message (error, "Bytes came of a file that is not known");

  return frame.kind == SEED_FRAME_DATA ? handle_data (self, bytes, &frame, error)
                                       : handle_digest (self, bytes, &frame, error);
}

static gboolean
handle_early_frames (SeedReceiver *self, GError **error)
{
  GQueue frames = self->early;
  gboolean sound = TRUE;

  g_queue_init (&self->early);
  self->early_bytes = 0;

  while (!g_queue_is_empty (&frames))
    {
      g_autoptr (GBytes) bytes = g_queue_pop_head (&frames);

      sound = sound && handle_frame (self, bytes, error);
    }

  return sound;
}

static gboolean
handle_preparing (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  g_signal_emit_by_name (self, "preparing");
  return TRUE;
}

static gboolean
handle_manifest (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  if (self->manifest != NULL)
    return bad_message (error, "A second manifest");

  self->manifest = seed_manifest_new_from_message (message);
  self->last_data = g_get_monotonic_time ();
  g_signal_emit_by_name (self, "manifest");

  return TRUE;
}

static void
ask_for_next_page (SeedReceiver *self)
{
  g_autoptr (SeedMessage) list = seed_message_new (SEED_MESSAGE_LIST);

  seed_message_set_uint (list, SEED_FIELD_FROM, seed_manifest_get_known (self->manifest));
  seed_receiver_send (self, list);
}

static gboolean
handle_files (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  if (self->manifest == NULL)
    return bad_message (error, "Files before the manifest");
  if (!seed_manifest_add_page (self->manifest, message, error))
    return FALSE;

  self->last_data = g_get_monotonic_time ();
  if (self->asker == NULL)
    {
      self->asker = seed_asker_new (self->manifest, begin_file, send_want, self);
      seed_asker_begin (self->asker);
    }
  if (seed_manifest_get_known (self->manifest) < seed_manifest_get_length (self->manifest))
    ask_for_next_page (self);
  if (!handle_early_frames (self, error))
    return FALSE;

  seed_receiver_ask (self);
  return TRUE;
}

static gboolean
handle_file_error (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  guint file = (guint) seed_message_get_uint (message, SEED_FIELD_FILE);
  SeedCode code = seed_message_get_code (message, SEED_FIELD_CODE);

  if (self->asker == NULL || file >= seed_manifest_get_known (self->manifest))
    return bad_message (error, "An error came of a file that is not known");

  /* What is whole here stays, whatever became of it there. */
  if (!g_hash_table_add (self->ended, GUINT_TO_POINTER (file)))
    return TRUE;

  if (self->file_error == NULL)
    self->file_error = seed_error_new_code (code);

  seed_writer_abandon (self->writer, file);
  seed_asker_drop_file (self->asker, file);
  seed_receiver_ask (self);
  seed_receiver_check_complete (self);

  return TRUE;
}

static gboolean
handle_noted (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  if (self->completed_at == 0 || self->is_noted)
    return TRUE;

  self->is_noted = TRUE;
  g_signal_emit_by_name (self, "complete");

  return TRUE;
}

static gboolean
handle_ping (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  g_autoptr (SeedMessage) pong = seed_message_new (SEED_MESSAGE_PONG);

  seed_message_set_uint (pong, SEED_FIELD_N, seed_message_get_uint (message, SEED_FIELD_N));
  seed_receiver_send (self, pong);

  return TRUE;
}

static gboolean
handle_stop (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  g_autoptr (GError) stopped =
      seed_error_new_code (seed_message_get_code (message, SEED_FIELD_CODE));

  seed_receiver_give_up (self, stopped);
  return TRUE;
}

static const struct
{
  SeedMessageType type;
  gboolean (*handle) (SeedReceiver *self, const SeedMessage *message, GError **error);
} handlers[] = {
  { SEED_MESSAGE_PREPARING, handle_preparing }, { SEED_MESSAGE_MANIFEST, handle_manifest },
  { SEED_MESSAGE_FILES, handle_files },         { SEED_MESSAGE_FILE_ERROR, handle_file_error },
  { SEED_MESSAGE_NOTED, handle_noted },         { SEED_MESSAGE_PING, handle_ping },
  { SEED_MESSAGE_STOP, handle_stop },
};

void
seed_receiver_hear_control (SeedReceiver *self, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedMessage) message =
      seed_message_parse (text, length, SEED_CHANNEL_CONTROL, SEED_ROLE_RECEIVER, &error);

  /* Once we have said good-bye, nothing is of interest but the end. */
  if (self->left_at != 0)
    return;

  for (guint i = 0; message != NULL && i < G_N_ELEMENTS (handlers); i++)
    {
      if (handlers[i].type == seed_message_type (message) &&
          !handlers[i].handle (self, message, &error))
        break;
    }

  if (error != NULL)
    seed_receiver_give_up (self, error);
}

void
seed_receiver_hear_bulk (SeedReceiver *self, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;

  if (self->left_at == 0 && !handle_frame (self, bytes, &error))
    seed_receiver_give_up (self, error);
}
