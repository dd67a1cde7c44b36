// SPDX-License-Identifier: MIT
#include "seed-sender.h"

#include "seed-answerer.h"
#include "seed-message.h"

#define TICK_MS 500

struct _SeedSender
{
  GObject parent;

  SeedChannel *channel;
  SeedCollection *collection; /* NULL while it is being made */
  SeedAnswerer *answerer;     /* made with the collection */

  guint listed; /* files that the receiver was told of */
  guint haste;
  guint tick_source;
  gint64 last_heard;
  gint64 last_ping;
  gint64 patience_ms; /* without a sign of life */
  guint32 pings;

  gint64 stopped_at; /* 0: not stopped */
  SeedCode stop_code;
  gboolean has_ended;
};

enum
{
  HELLO,
  PROGRESS,
  COMPLETE,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedSender, seed_sender, G_TYPE_OBJECT)

static void
stop_answering (SeedSender *self)
{
  if (self->answerer != NULL)
    seed_answerer_stop (self->answerer);
}

static void
end (SeedSender *self, const GError *error)
{
  if (self->has_ended)
    return;

  self->has_ended = TRUE;
  stop_answering (self);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->channel, self);
  seed_channel_close (self->channel);

  g_signal_emit (self, signals[ENDED], 0, error);
}

static void
end_with_code (SeedSender *self, SeedCode code)
{
  g_autoptr (GError) error = seed_error_new_code (code);

  end (self, error);
}

static void
send_message (SeedSender *self, SeedMessage *message)
{
  g_autofree char *text = seed_message_to_json (message);

  seed_channel_send_control (self->channel, text);
}

static void
send_plain (SeedSender *self, SeedMessageType type)
{
  g_autoptr (SeedMessage) message = seed_message_new (type);

  send_message (self, message);
}

/* Ends one file for this receiver; the others go on. */
static void
fail_file (guint file, const GError *error, gpointer user_data)
{
  SeedSender *self = user_data;
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_FILE_ERROR);

  seed_message_set_uint (message, SEED_FIELD_FILE, file);
  seed_message_set_code (message, SEED_FIELD_CODE, seed_error_code (error));
  send_message (self, message);
}

static void
handle_hello (SeedSender *self, const SeedMessage *message)
{
  g_signal_emit (self, signals[HELLO], 0, seed_message_get_string (message, SEED_FIELD_AGENT));
}

static void
send_page (SeedSender *self)
{
  g_autoptr (SeedMessage) page = seed_manifest_get_page (self->collection->manifest, self->listed);

  self->listed += seed_message_get_list_length (page, SEED_FIELD_ENTRIES);
  send_message (self, page);
}

/* Each page once: a small question with a large answer would fill our memory for who never reads. */
static void
handle_list (SeedSender *self, const SeedMessage *message)
{
  if (self->collection != NULL &&
      self->listed < seed_manifest_get_known (self->collection->manifest) &&
      seed_message_get_uint (message, SEED_FIELD_FROM) == self->listed)
    send_page (self);
  else
    end_with_code (self, SEED_CODE_BAD_MESSAGE);
}

static void
handle_want (SeedSender *self, const SeedMessage *message)
{
  gint64 file = seed_message_get_uint (message, SEED_FIELD_FILE);
  gint64 offset = seed_message_get_uint (message, SEED_FIELD_OFFSET);
  gint64 length = seed_message_get_uint (message, SEED_FIELD_LENGTH);

  if (self->answerer == NULL || !seed_answerer_want (self->answerer, file, offset, length))
    end_with_code (self, SEED_CODE_BAD_MESSAGE);
}

/* What a receiver claims to have, within what there is. */
static gint64
claimed_bytes (const SeedSender *self, const SeedMessage *message)
{
  gint64 bytes = seed_message_get_uint (message, SEED_FIELD_BYTES);

  return self->collection == NULL
             ? 0
             : MIN (bytes, seed_manifest_get_bytes (self->collection->manifest));
}

static void
handle_progress (SeedSender *self, const SeedMessage *message)
{
  g_signal_emit (self, signals[PROGRESS], 0, claimed_bytes (self, message));
}

static void
handle_complete (SeedSender *self, const SeedMessage *message)
{
  send_plain (self, SEED_MESSAGE_NOTED);
  g_signal_emit (self, signals[COMPLETE], 0, claimed_bytes (self, message));
}

static void
handle_bye (SeedSender *self, const SeedMessage *message)
{
  if (self->stopped_at != 0)
    end_with_code (self, self->stop_code);
  else if (seed_message_has (message, SEED_FIELD_CODE))
    end_with_code (self, seed_message_get_code (message, SEED_FIELD_CODE));
  else
    end (self, NULL);
}

static const struct
{
  SeedMessageType type;
  void (*handle) (SeedSender *self, const SeedMessage *message);
} handlers[] = {
  { SEED_MESSAGE_HELLO, handle_hello },       { SEED_MESSAGE_LIST, handle_list },
  { SEED_MESSAGE_WANT, handle_want },         { SEED_MESSAGE_PROGRESS, handle_progress },
  { SEED_MESSAGE_COMPLETE, handle_complete }, { SEED_MESSAGE_BYE, handle_bye },
};

static void
channel_control_cb (SeedChannel *channel, const char *text, gulong length, SeedSender *self)
{
  g_autoptr (SeedSender) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedMessage) message =
      seed_message_parse (text, length, SEED_CHANNEL_CONTROL, SEED_ROLE_OWNER, &error);

  self->last_heard = g_get_monotonic_time ();

  if (message == NULL)
    {
      end (self, error);
      return;
    }

  SeedMessageType type = seed_message_type (message);

  /* Once stopped, only the good-bye is of interest. */
  if (self->stopped_at != 0 && type != SEED_MESSAGE_BYE)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      if (handlers[i].type == type)
        handlers[i].handle (self, message);
    }
}

static void
channel_writable_cb (SeedChannel *channel, SeedSender *self)
{
  if (self->answerer != NULL)
    seed_answerer_pump (self->answerer);
}

static void
channel_closed_cb (SeedChannel *channel, const GError *error, SeedSender *self)
{
  g_autoptr (SeedSender) alive = g_object_ref (self);

  if (self->stopped_at != 0)
    end_with_code (self, self->stop_code);
  else
    end (self, error);
}

static void
ping (SeedSender *self, gint64 now)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_PING);

  self->last_ping = now;
  seed_message_set_uint (message, SEED_FIELD_N, ++self->pings);
  send_message (self, message);
}

static gint64
time_limit (const SeedSender *self, gint64 milliseconds)
{
  return milliseconds * 1000 / self->haste;
}

static gboolean
tick_cb (gpointer user_data)
{
  SeedSender *self = user_data;
  g_autoptr (SeedSender) alive = g_object_ref (self);
  gint64 now = g_get_monotonic_time ();

  if (self->stopped_at != 0 && now - self->stopped_at > time_limit (self, SEED_CLOSE_TIMEOUT_MS))
    end_with_code (self, self->stop_code);
  else if (now - self->last_heard > time_limit (self, self->patience_ms))
    end_with_code (self, SEED_CODE_PEER_LOST);
  else if (self->stopped_at == 0 &&
           now - self->last_ping >= time_limit (self, SEED_PING_INTERVAL_MS))
    ping (self, now);

  return G_SOURCE_CONTINUE;
}

SeedSender *
seed_sender_new (SeedChannel *channel)
{
  SeedSender *self = g_object_new (SEED_TYPE_SENDER, NULL);

  self->channel = channel;

  return self;
}

void
seed_sender_set_haste (SeedSender *self, guint factor)
{
  self->haste = factor;
}

void
seed_sender_start (SeedSender *self)
{
  g_signal_connect (self->channel, "control", G_CALLBACK (channel_control_cb), self);
  g_signal_connect (self->channel, "writable", G_CALLBACK (channel_writable_cb), self);
  g_signal_connect (self->channel, "closed", G_CALLBACK (channel_closed_cb), self);

  self->last_heard = g_get_monotonic_time ();
  self->last_ping = self->last_heard;
  self->tick_source = g_timeout_add (MAX (TICK_MS / self->haste, 1), tick_cb, self);

  if (self->collection == NULL)
    send_plain (self, SEED_MESSAGE_PREPARING);
}

void
seed_sender_set_collection (SeedSender *self, SeedCollection *collection)
{
  const SeedFile *first = seed_manifest_get (collection->manifest, 0);
  g_autoptr (SeedMessage) manifest = seed_manifest_to_message (collection->manifest);

  g_assert (self->collection == NULL);
  self->collection = seed_collection_ref (collection);

  if (self->has_ended || self->stopped_at != 0)
    return;

  send_message (self, manifest);
  send_page (self);

  self->answerer = seed_answerer_new (self->channel, collection, fail_file, self);
  if (first->size > 0 &&
      !seed_answerer_want (self->answerer, 0, 0, MIN (first->size, SEED_FIRST_BYTES)))
    g_assert_not_reached ();
}

void
seed_sender_suspect (SeedSender *self)
{
  gint64 now = g_get_monotonic_time ();

  /* Only once, or a server that says so again and again would keep a dead receiver. */
  if (self->has_ended || self->stopped_at != 0 || self->patience_ms == SEED_SUSPECT_TIMEOUT_MS)
    return;

  /* It may have had no reason to speak since the last ping; this one leaves it time to answer. */
  self->patience_ms = SEED_SUSPECT_TIMEOUT_MS;
  self->last_heard = MAX (self->last_heard, now - time_limit (self, self->patience_ms) / 2);
  ping (self, now);
}

void
seed_sender_stop (SeedSender *self, SeedCode code)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_STOP);

  if (self->has_ended || self->stopped_at != 0)
    return;

  self->stopped_at = g_get_monotonic_time ();
  self->stop_code = code;
  stop_answering (self);

  seed_message_set_code (message, SEED_FIELD_CODE, code);
  send_message (self, message);
}

static void
seed_sender_dispose (GObject *object)
{
  SeedSender *self = SEED_SENDER (object);

  self->has_ended = TRUE;
  stop_answering (self);
  g_clear_handle_id (&self->tick_source, g_source_remove);

  if (self->channel != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->channel, self);
      seed_channel_close (self->channel);
      g_clear_object (&self->channel);
    }

  G_OBJECT_CLASS (seed_sender_parent_class)->dispose (object);
}

static void
seed_sender_finalize (GObject *object)
{
  SeedSender *self = SEED_SENDER (object);

  g_clear_pointer (&self->answerer, seed_answerer_unref);
  g_clear_pointer (&self->collection, seed_collection_unref);

  G_OBJECT_CLASS (seed_sender_parent_class)->finalize (object);
}

static void
seed_sender_class_init (SeedSenderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_sender_dispose;
  object_class->finalize = seed_sender_finalize;

  signals[HELLO] = g_signal_new ("hello", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[COMPLETE] = g_signal_new ("complete", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_ERROR);
}

static void
seed_sender_init (SeedSender *self)
{
  self->haste = 1;
  self->patience_ms = SEED_PEER_TIMEOUT_MS;
}
