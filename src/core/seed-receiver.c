// SPDX-License-Identifier: MIT
#include "seed-receiver-private.h"

#define TICK_MS 250
/* Pings still come, but no byte of what was asked for. */
#define STALL_TIMEOUT_MS 60000

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

void
seed_receiver_send (SeedReceiver *self, SeedMessage *message)
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

  seed_receiver_send (self, message);
}

void
seed_receiver_give_up (SeedReceiver *self, const GError *error)
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
  seed_receiver_send (self, message);
}

static void
report_if_due (SeedReceiver *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->completed_at == 0 && self->verified != self->reported &&
      now - self->reported_at >= SEED_PROGRESS_INTERVAL_MS * 1000)
    report (self, SEED_MESSAGE_PROGRESS);
}

void
seed_receiver_ask (SeedReceiver *self)
{
  if (self->asker != NULL && self->left_at == 0 && !self->has_ended)
    seed_asker_ask (self->asker, g_get_monotonic_time ());
}

void
seed_receiver_check_complete (SeedReceiver *self)
{
  if (self->completed_at != 0 || self->left_at != 0 || self->has_ended)
    return;
  if (g_hash_table_size (self->ended) < seed_manifest_get_length (self->manifest))
    return;

  if (self->file_error != NULL)
    {
      g_autoptr (GError) error = g_error_copy (self->file_error);

      seed_receiver_give_up (self, error);
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
  seed_receiver_ask (self);
}

static void
writer_verified_cb (SeedWriter *writer, guint file, gint64 bytes, SeedReceiver *self)
{
  g_autoptr (SeedReceiver) alive = g_object_ref (self);

  self->verified += bytes;
  seed_asker_verified (self->asker, file, bytes);
  seed_receiver_ask (self);
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
  seed_receiver_check_complete (self);
}

static void
writer_failed_cb (SeedWriter *writer, guint file, const GError *error, SeedReceiver *self)
{
  seed_receiver_give_up (self, error);
}

static void
channel_control_cb (SeedChannel *channel, const char *text, gulong length, SeedReceiver *self)
{
  g_autoptr (SeedReceiver) alive = g_object_ref (self);

  self->last_heard = g_get_monotonic_time ();
  seed_receiver_hear_control (self, text, length);
}

static void
channel_bulk_cb (SeedChannel *channel, GBytes *bytes, SeedReceiver *self)
{
  g_autoptr (SeedReceiver) alive = g_object_ref (self);

  seed_receiver_hear_bulk (self, bytes);
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
  seed_receiver_send (self, hello);
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
