// SPDX-License-Identifier: MIT
#include "seed-receiver.h"

#include "seed-asker.h"
#include "seed-frame.h"
#include "seed-message.h"

#define TICK_MS 250
/* Bytes that may come before the list of files does: the first piece overtakes it at times. */
#define EARLY_BYTES_MAX (SEED_FIRST_BYTES + 64 * 1024)
/* Pings still come, but no byte of what was asked for. */
#define STALL_TIMEOUT_MS 60000

struct _SeedReceiver
{
  GObject parent;

  SeedChannel *channel;
  SeedWriter *writer;
  char *agent;

  SeedManifest *manifest;
  SeedAsker *asker; /* made with the manifest */
  GQueue early;     /* of GBytes: frames that came before their file was known */
  gsize early_bytes;

  GHashTable *ended; /* indices of files that are whole, or will not come */
  gint64 verified;
  gint64 reported;
  gint64 reported_at;
  GError *file_error; /* the first of a file that ended */

  guint haste;
  guint tick_source;
  gint64 last_heard;
  gint64 last_data;    /* or when we last asked for some */
  gint64 completed_at; /* 0: not yet */
  gint64 left_at;      /* 0: not yet */
  gboolean is_noted;
  GTask *closing; /* seed_receiver_close_async() */
  gboolean has_ended;
};

enum
{
  PREPARING,
  MANIFEST,
  PROGRESS,
  FINISHED,
  COMPLETE,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedReceiver, seed_receiver, G_TYPE_OBJECT)

static void
send_message (SeedReceiver *self, SeedMessage *message)
{
  g_autofree char *text = seed_message_to_json (message);

  seed_channel_send_control (self->channel, text);
}

static void
writer_closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_task_return_boolean (task, seed_writer_close_finish (SEED_WRITER (object), result, NULL));
}

static void
close_writer (SeedReceiver *self)
{
  seed_writer_close_async (self->writer, NULL, writer_closed_cb, g_steal_pointer (&self->closing));
}

static void
end (SeedReceiver *self, const GError *error)
{
  if (self->has_ended)
    return;

  self->has_ended = TRUE;
  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->writer, self);
  g_signal_handlers_disconnect_by_data (self->channel, self);
  seed_channel_close (self->channel);

  if (self->closing == NULL)
    g_signal_emit (self, signals[ENDED], 0, error);
  else
    close_writer (self);
}

static void
say_bye (SeedReceiver *self, const GError *error)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_BYE);

  if (error != NULL)
    seed_message_set_code (message, SEED_FIELD_CODE, seed_error_code (error));

  send_message (self, message);
}

/* Gives up for a reason of our own, which the owner is told first. */
static void
leave_with_error (SeedReceiver *self, const GError *error)
{
  if (self->left_at != 0)
    return;

  g_clear_error (&self->file_error);
  self->file_error = g_error_copy (error);
  self->left_at = g_get_monotonic_time ();
  say_bye (self, error);
}

static void
end_with_code (SeedReceiver *self, SeedCode code)
{
  g_autoptr (GError) error = seed_error_new_code (code);

  end (self, error);
}

static void
report (SeedReceiver *self, SeedMessageType type)
{
  g_autoptr (SeedMessage) message = seed_message_new (type);

  self->reported = self->verified;
  self->reported_at = g_get_monotonic_time ();
  seed_message_set_uint (message, SEED_FIELD_BYTES, self->verified);
  send_message (self, message);
}

static void
report_if_due (SeedReceiver *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->completed_at == 0 && self->verified != self->reported &&
      now - self->reported_at >= SEED_PROGRESS_INTERVAL_MS * 1000)
    report (self, SEED_MESSAGE_PROGRESS);
}

static void
send_want (const SeedRange *range, gpointer user_data)
{
  SeedReceiver *self = user_data;
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_WANT);

  self->last_data = g_get_monotonic_time ();
  seed_message_set_uint (message, SEED_FIELD_FILE, range->file);
  seed_message_set_uint (message, SEED_FIELD_OFFSET, range->offset);
  seed_message_set_uint (message, SEED_FIELD_LENGTH, range->end - range->offset);
  send_message (self, message);
}

static void
begin_file (guint file, gpointer user_data)
{
  SeedReceiver *self = user_data;

  seed_writer_begin (self->writer, file, seed_manifest_get (self->manifest, file));
}

static void
ask (SeedReceiver *self)
{
  if (self->asker != NULL && self->left_at == 0 && !self->has_ended)
    seed_asker_ask (self->asker, g_get_monotonic_time ());
}

/* Everything came to its end, well or not. */
static void
check_complete (SeedReceiver *self)
{
  if (self->completed_at != 0 || self->left_at != 0 || self->has_ended)
    return;
  if (g_hash_table_size (self->ended) < seed_manifest_get_length (self->manifest))
    return;

  if (self->file_error != NULL)
    {
      g_autoptr (GError) error = g_error_copy (self->file_error);

      leave_with_error (self, error);
      return;
    }

  self->completed_at = g_get_monotonic_time ();
  self->last_data = self->completed_at;
  report (self, SEED_MESSAGE_COMPLETE);
}

static void
writer_consumed_cb (SeedWriter *writer, gint64 bytes, SeedReceiver *self)
{
  seed_asker_consumed (self->asker, bytes);
  ask (self);
}

static void
writer_verified_cb (SeedWriter *writer, guint file, gint64 bytes, SeedReceiver *self)
{
  g_autoptr (SeedReceiver) alive = g_object_ref (self);

  self->verified += bytes;
  seed_asker_verified (self->asker, file, bytes);
  ask (self);
  report_if_due (self);
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void
writer_finished_cb (SeedWriter *writer, guint file, const char *path, SeedReceiver *self)
{
  g_autoptr (SeedReceiver) alive = g_object_ref (self);

  /* Given up in the meantime, because the owner said so. */
  if (!g_hash_table_add (self->ended, GUINT_TO_POINTER (file)))
    return;

  g_signal_emit (self, signals[FINISHED], 0, file, path);
  check_complete (self);
}

static void
writer_failed_cb (SeedWriter *writer, guint file, const GError *error, SeedReceiver *self)
{
  leave_with_error (self, error);
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
  g_signal_emit (self, signals[PREPARING], 0);
  return TRUE;
}

static gboolean
handle_manifest (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  if (self->manifest != NULL)
    return bad_message (error, "A second manifest");

  self->manifest = seed_manifest_new_from_message (message);
  self->last_data = g_get_monotonic_time ();
  g_signal_emit (self, signals[MANIFEST], 0);

  return TRUE;
}

static void
ask_for_next_page (SeedReceiver *self)
{
  g_autoptr (SeedMessage) list = seed_message_new (SEED_MESSAGE_LIST);

  seed_message_set_uint (list, SEED_FIELD_FROM, seed_manifest_get_known (self->manifest));
  send_message (self, list);
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

  ask (self);
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
  ask (self);
  check_complete (self);

  return TRUE;
}

static gboolean
handle_noted (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  if (self->completed_at == 0 || self->is_noted)
    return TRUE;

  self->is_noted = TRUE;
  g_signal_emit (self, signals[COMPLETE], 0);

  return TRUE;
}

static gboolean
handle_ping (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  g_autoptr (SeedMessage) pong = seed_message_new (SEED_MESSAGE_PONG);

  seed_message_set_uint (pong, SEED_FIELD_N, seed_message_get_uint (message, SEED_FIELD_N));
  send_message (self, pong);

  return TRUE;
}

static gboolean
handle_stop (SeedReceiver *self, const SeedMessage *message, GError **error)
{
  g_autoptr (GError) stopped =
      seed_error_new_code (seed_message_get_code (message, SEED_FIELD_CODE));

  leave_with_error (self, stopped);
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

static void
channel_control_cb (SeedChannel *channel, const char *text, gulong length, SeedReceiver *self)
{
  g_autoptr (SeedReceiver) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedMessage) message =
      seed_message_parse (text, length, SEED_CHANNEL_CONTROL, SEED_ROLE_RECEIVER, &error);

  self->last_heard = g_get_monotonic_time ();

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
    leave_with_error (self, error);
}

static void
channel_bulk_cb (SeedChannel *channel, GBytes *bytes, SeedReceiver *self)
{
  g_autoptr (SeedReceiver) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;

  if (self->left_at != 0)
    return;

  if (!handle_frame (self, bytes, &error))
    leave_with_error (self, error);
}

static void
channel_closed_cb (SeedChannel *channel, const GError *error, SeedReceiver *self)
{
  g_autoptr (SeedReceiver) alive = g_object_ref (self);

  if (self->left_at != 0)
    end (self, self->file_error);
  else if (error != NULL)
    end (self, error);
  else
    end_with_code (self, SEED_CODE_SHARE_LOST);
}

static gint64
time_limit (const SeedReceiver *self, gint64 milliseconds)
{
  return milliseconds * 1000 / self->haste;
}

/* Whether it is the owner's turn; before the manifest, it may take all the time it needs. */
static gboolean
is_owners_turn (const SeedReceiver *self)
{
  if (self->manifest == NULL)
    return FALSE;
  if (self->completed_at != 0)
    return !self->is_noted;

  return self->asker == NULL ||
         seed_manifest_get_known (self->manifest) < seed_manifest_get_length (self->manifest) ||
         seed_asker_is_waiting (self->asker);
}

static gboolean
tick_cb (gpointer user_data)
{
  SeedReceiver *self = user_data;
  g_autoptr (SeedReceiver) alive = g_object_ref (self);
  gint64 now = g_get_monotonic_time ();

  if (self->left_at != 0)
    {
      if (now - self->left_at > time_limit (self, SEED_CLOSE_TIMEOUT_MS))
        end (self, self->file_error);
    }
  else if (now - self->last_heard > time_limit (self, SEED_PEER_TIMEOUT_MS))
    end_with_code (self, SEED_CODE_PEER_LOST);
  else if (is_owners_turn (self) && now - self->last_data > time_limit (self, STALL_TIMEOUT_MS))
    end_with_code (self, SEED_CODE_TIMEOUT_DATA);
  else
    report_if_due (self);

  return G_SOURCE_CONTINUE;
}

SeedReceiver *
seed_receiver_new (SeedChannel *channel, SeedWriter *writer, const char *agent)
{
  SeedReceiver *self = g_object_new (SEED_TYPE_RECEIVER, NULL);

  self->channel = channel;
  self->writer = writer;
  self->agent = g_strdup (agent);

  return self;
}

void
seed_receiver_set_haste (SeedReceiver *self, guint factor)
{
  self->haste = factor;
}

void
seed_receiver_start (SeedReceiver *self)
{
  g_autoptr (SeedMessage) hello = seed_message_new (SEED_MESSAGE_HELLO);

  g_signal_connect (self->channel, "control", G_CALLBACK (channel_control_cb), self);
  g_signal_connect (self->channel, "bulk", G_CALLBACK (channel_bulk_cb), self);
  g_signal_connect (self->channel, "closed", G_CALLBACK (channel_closed_cb), self);
  g_signal_connect (self->writer, "consumed", G_CALLBACK (writer_consumed_cb), self);
  g_signal_connect (self->writer, "verified", G_CALLBACK (writer_verified_cb), self);
  g_signal_connect (self->writer, "finished", G_CALLBACK (writer_finished_cb), self);
  g_signal_connect (self->writer, "failed", G_CALLBACK (writer_failed_cb), self);

  self->last_heard = g_get_monotonic_time ();
  self->tick_source = g_timeout_add (MAX (TICK_MS / self->haste, 1), tick_cb, self);

  seed_message_set_string (hello, SEED_FIELD_AGENT, self->agent);
  send_message (self, hello);
}

const SeedManifest *
seed_receiver_get_manifest (SeedReceiver *self)
{
  return self->manifest;
}

gint64
seed_receiver_get_bytes (SeedReceiver *self)
{
  return self->verified;
}

void
seed_receiver_leave (SeedReceiver *self)
{
  if (self->left_at != 0 || self->has_ended)
    return;

  self->left_at = g_get_monotonic_time ();
  say_bye (self, NULL);
}

void
seed_receiver_close_async (SeedReceiver *self, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_assert (self->closing == NULL);

  self->closing = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->closing, seed_receiver_close_async);

  g_signal_handlers_disconnect_by_data (self->writer, self);

  if (self->has_ended)
    close_writer (self);
  else if (self->tick_source == 0)
    end (self, NULL); /* it was never started: there is nobody to say good-bye to */
  else
    seed_receiver_leave (self);
}

gboolean
seed_receiver_close_finish (SeedReceiver *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
seed_receiver_dispose (GObject *object)
{
  SeedReceiver *self = SEED_RECEIVER (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);

  if (self->channel != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->channel, self);
      seed_channel_close (self->channel);
      g_clear_object (&self->channel);
    }

  if (self->writer != NULL)
    g_signal_handlers_disconnect_by_data (self->writer, self);
  g_clear_object (&self->writer);

  G_OBJECT_CLASS (seed_receiver_parent_class)->dispose (object);
}

static void
seed_receiver_finalize (GObject *object)
{
  SeedReceiver *self = SEED_RECEIVER (object);

  g_clear_pointer (&self->asker, seed_asker_free);
  g_clear_pointer (&self->manifest, seed_manifest_free);
  g_hash_table_unref (self->ended);
  g_queue_clear_full (&self->early, (GDestroyNotify) g_bytes_unref);
  g_clear_error (&self->file_error);
  g_free (self->agent);

  G_OBJECT_CLASS (seed_receiver_parent_class)->finalize (object);
}

static void
seed_receiver_class_init (SeedReceiverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_receiver_dispose;
  object_class->finalize = seed_receiver_finalize;

  signals[PREPARING] =
      g_signal_new ("preparing", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MANIFEST] =
      g_signal_new ("manifest", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROGRESS] =
      g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[COMPLETE] =
      g_signal_new ("complete", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_ERROR);
}

static void
seed_receiver_init (SeedReceiver *self)
{
  self->haste = 1;
  self->ended = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->early);
}
