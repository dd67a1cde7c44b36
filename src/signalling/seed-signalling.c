// SPDX-License-Identifier: MIT
#include "seed-signalling-private.h"

#include <glib/gi18n-lib.h>

#define KEPT_MAX 64

static const guint edges[] = {
  [STATE_IDLE] = STATE_BIT (CONNECTING) | STATE_BIT (DONE),
  [STATE_CONNECTING] = STATE_BIT (GREETING) | STATE_BIT (PAUSING) | STATE_BIT (DONE),
  [STATE_GREETING] =
      STATE_BIT (STANDING) | STATE_BIT (PAUSING) | STATE_BIT (CLOSING) | STATE_BIT (DONE),
  [STATE_STANDING] = STATE_BIT (PAUSING) | STATE_BIT (CLOSING) | STATE_BIT (DONE),
  [STATE_PAUSING] = STATE_BIT (CONNECTING) | STATE_BIT (DONE),
  [STATE_CLOSING] = STATE_BIT (DONE),
  [STATE_DONE] = 0,
};

G_DEFINE_FINAL_TYPE (SeedSignalling, seed_signalling, G_TYPE_OBJECT)

static void connect_now (SeedSignalling *self);

static void
set_state (SeedSignalling *self, SeedSignallingState state)
{
  g_assert ((edges[self->state] & (1u << state)) != 0);

  self->state = state;
}

static void
stop_timer (SeedSignalling *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

/* While we close, the one timer that counts is the limit of closing. */
static void
set_timer (SeedSignalling *self, guint milliseconds, GSourceFunc callback)
{
  if (self->closing != NULL)
    return;

  stop_timer (self);
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_static_name (self->timer, "signalling timer");
  g_source_set_callback (self->timer, callback, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
drop_socket (SeedSignalling *self)
{
  if (self->socket == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->socket, self);
  seed_signalling_socket_abandon (self->socket);
  g_clear_object (&self->socket);
}

gboolean
seed_signalling_is_muted (SeedSignalling *self)
{
  return self->closing != NULL || self->state == STATE_DONE;
}

static void
finish_closing (SeedSignalling *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->closing);

  if (task == NULL)
    return;

  if (self->closing_cancelled != NULL)
    g_source_destroy (self->closing_cancelled);
  g_clear_pointer (&self->closing_cancelled, g_source_unref);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
}

void
seed_signalling_become_done (SeedSignalling *self)
{
  g_autoptr (SeedSignalling) alive = g_object_ref (self);

  stop_timer (self);
  drop_socket (self);
  set_state (self, STATE_DONE);
  finish_closing (self);
}

void
seed_signalling_fail (SeedSignalling *self, GError *error)
{
  g_autoptr (GError) owned = error;
  gboolean muted = seed_signalling_is_muted (self);

  seed_signalling_become_done (self);

  if (!muted)
    g_signal_emit_by_name (self, "failed", owned);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  SeedSignalling *self = user_data;

  connect_now (self);
  return G_SOURCE_REMOVE;
}

/* Half of the pause is left to chance, so that a server that comes back is not stormed. */
static guint
next_pause (SeedSignalling *self)
{
  guint doublings = MIN (self->attempts, 16);
  guint pause = MIN (SEED_SIGNALLING_RETRY_MIN_MS << doublings, SEED_SIGNALLING_RETRY_MAX_MS);

  self->attempts++;
  return pause / 2 + (guint) g_random_int_range (0, (gint32) pause / 2 + 1);
}

void
seed_signalling_lose (SeedSignalling *self, GError *error)
{
  g_autoptr (GError) owned = error;
  gboolean was_standing = self->state == STATE_STANDING;
  gint64 now = g_get_monotonic_time ();

  if (!self->stood || self->closing != NULL)
    {
      seed_signalling_fail (self, owned != NULL
                                      ? g_steal_pointer (&owned)
                                      : g_error_new (SEED_ERROR, SEED_CODE_SERVER_UNREACHABLE,
                                                     _ ("The server at %s closed the connection."),
                                                     self->server));
      return;
    }

  if (was_standing && now - self->changed > SEED_SIGNALLING_RETRY_MAX_MS * 1000LL)
    self->attempts = 0;
  if (was_standing)
    self->changed = now;

  drop_socket (self);
  set_state (self, STATE_PAUSING);
  set_timer (self, next_pause (self), pause_over_cb);

  if (was_standing)
    g_signal_emit_by_name (self, "connected", FALSE);
}

/* --- What we say --- */

static void
send (SeedSignalling *self, SeedMessage *message)
{
  g_autofree char *text = seed_message_to_json (message);

  seed_signalling_socket_send (self->socket, text);
}

static SeedMessage *
greeting (SeedSignalling *self)
{
  SeedMessage *message;

  if (self->peer == NULL && self->token == NULL)
    return seed_message_new (SEED_MESSAGE_CREATE);

  message = seed_message_new (self->peer != NULL ? SEED_MESSAGE_JOIN : SEED_MESSAGE_RESUME);
  seed_message_set_string (message, SEED_FIELD_SHARE, self->share);
  if (self->peer != NULL)
    seed_message_set_string (message, SEED_FIELD_PEER, self->peer);
  else
    seed_message_set_string (message, SEED_FIELD_TOKEN, self->token);

  return message;
}

static void
send_or_keep (SeedSignalling *self, SeedMessage *message)
{
  if (seed_signalling_is_muted (self))
    return;

  if (self->state == STATE_STANDING)
    {
      send (self, message);
      return;
    }

  if (self->kept.length == KEPT_MAX)
    g_free (g_queue_pop_head (&self->kept));
  g_queue_push_tail (&self->kept, seed_message_to_json (message));
}

static void
say_goodbye (SeedSignalling *self)
{
  g_autoptr (SeedMessage) message =
      seed_message_new (self->peer == NULL ? SEED_MESSAGE_CLOSE : SEED_MESSAGE_LEAVE);

  if (!self->left)
    send (self, message);

  set_state (self, STATE_CLOSING);
  seed_signalling_socket_close (self->socket);
}

void
seed_signalling_stand (SeedSignalling *self)
{
  set_state (self, STATE_STANDING);
  self->changed = g_get_monotonic_time ();
  self->stood = TRUE;

  if (self->closing != NULL)
    {
      say_goodbye (self);
      return;
    }

  stop_timer (self);
  for (char *text; (text = g_queue_pop_head (&self->kept)) != NULL; g_free (text))
    seed_signalling_socket_send (self->socket, text);

  g_signal_emit_by_name (self, "connected", TRUE);
}

/* --- The socket --- */

static void
opened_cb (SeedSignallingSocket *socket, gpointer user_data)
{
  SeedSignalling *self = user_data;
  g_autoptr (SeedMessage) message = greeting (self);

  set_state (self, STATE_GREETING);
  send (self, message);
}

static void
text_cb (SeedSignallingSocket *socket, GBytes *text, gpointer user_data)
{
  g_autoptr (SeedSignalling) self = g_object_ref (user_data);

  seed_signalling_hear (self, text);
}

static void
ended_cb (SeedSignallingSocket *socket, GError *error, gpointer user_data)
{
  g_autoptr (SeedSignalling) self = g_object_ref (user_data);

  if (self->state == STATE_CLOSING)
    seed_signalling_become_done (self);
  else
    seed_signalling_lose (self, error == NULL ? NULL : g_error_copy (error));
}

static gboolean
deadline_cb (gpointer user_data)
{
  g_autoptr (SeedSignalling) self = g_object_ref (user_data);

  seed_signalling_lose (self,
                        g_error_new (SEED_ERROR, SEED_CODE_SERVER_UNREACHABLE,
                                     _ ("The server at %s did not answer in time."), self->server));
  return G_SOURCE_REMOVE;
}

static void
connect_now (SeedSignalling *self)
{
  set_state (self, STATE_CONNECTING);
  set_timer (self, SEED_SIGNALLING_CONNECT_TIMEOUT_MS, deadline_cb);

  self->socket = seed_signalling_socket_new (self->session, self->server);
  g_signal_connect (self->socket, "opened", G_CALLBACK (opened_cb), self);
  g_signal_connect (self->socket, "text", G_CALLBACK (text_cb), self);
  g_signal_connect (self->socket, "ended", G_CALLBACK (ended_cb), self);
  seed_signalling_socket_connect (self->socket);
}

static void
shorten_pause (SeedSignalling *self)
{
  gint64 soon = g_get_monotonic_time () + SEED_SIGNALLING_RETRY_MIN_MS * 1000LL;

  if (g_source_get_ready_time (self->timer) > soon)
    g_source_set_ready_time (self->timer, soon);
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, SeedSignalling *self)
{
  if (self->state == STATE_STANDING)
    seed_signalling_socket_probe (self->socket);
  else if (self->state == STATE_PAUSING && available)
    shorten_pause (self);
}

void
seed_signalling_start (SeedSignalling *self)
{
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (network_changed_cb), self, 0);
  connect_now (self);
}

void
seed_signalling_relay (SeedSignalling *self, const char *peer, const char *sealed)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_RELAY);

  seed_message_set_string (message, SEED_FIELD_PEER, peer);
  seed_message_set_string (message, SEED_FIELD_SEALED, sealed);
  send_or_keep (self, message);
}

void
seed_signalling_drop (SeedSignalling *self, const char *peer, SeedCode code)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_DROP);

  seed_message_set_string (message, SEED_FIELD_PEER, peer);
  seed_message_set_code (message, SEED_FIELD_CODE, code);
  send_or_keep (self, message);
}

void
seed_signalling_leave (SeedSignalling *self, SeedCode code)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_LEAVE);

  seed_message_set_code (message, SEED_FIELD_CODE, code);
  send_or_keep (self, message);
  self->left = TRUE;
}

/* --- Closing --- */

static gboolean
closing_timeout_cb (gpointer user_data)
{
  seed_signalling_become_done (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
closing_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  seed_signalling_become_done (user_data);
  return G_SOURCE_REMOVE;
}

static void
begin_closing (SeedSignalling *self, GTask *task, GCancellable *cancellable)
{
  stop_timer (self);
  set_timer (self, SEED_CLOSE_TIMEOUT_MS, closing_timeout_cb);
  self->closing = task;

  if (cancellable == NULL)
    return;

  self->closing_cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->closing_cancelled, G_SOURCE_FUNC (closing_cancelled_cb), self, NULL);
  g_source_attach (self->closing_cancelled, g_main_context_get_thread_default ());
}

void
seed_signalling_close_async (SeedSignalling *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  gboolean holds_share = self->peer == NULL && self->state != STATE_IDLE;

  g_task_set_source_tag (task, seed_signalling_close_async);

  if (seed_signalling_is_muted (self))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }

  begin_closing (self, task, cancellable);

  /* An owner without a socket still goes back to end its share, if that is quickly done. */
  if (self->state == STATE_STANDING)
    say_goodbye (self);
  else if (self->state == STATE_PAUSING && holds_share)
    connect_now (self);
  else if (!holds_share)
    seed_signalling_become_done (self);
}

gboolean
seed_signalling_close_finish (SeedSignalling *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- The object --- */

SeedSignalling *
seed_signalling_new_owner (const char *server)
{
  SeedSignalling *self = g_object_new (SEED_TYPE_SIGNALLING, NULL);

  self->server = g_strdup (server);
  self->session = seed_signalling_session_new (server);

  return self;
}

SeedSignalling *
seed_signalling_new_receiver (const char *server, const char *share, const char *peer)
{
  SeedSignalling *self = seed_signalling_new_owner (server);

  self->share = g_strdup (share);
  self->peer = g_strdup (peer);

  return self;
}

static void
seed_signalling_dispose (GObject *object)
{
  SeedSignalling *self = SEED_SIGNALLING (object);

  stop_timer (self);
  drop_socket (self);
  G_OBJECT_CLASS (seed_signalling_parent_class)->dispose (object);
}

static void
seed_signalling_finalize (GObject *object)
{
  SeedSignalling *self = SEED_SIGNALLING (object);

  g_clear_object (&self->session);
  g_queue_clear_full (&self->kept, g_free);
  g_free (self->server);
  g_free (self->share);
  g_free (self->peer);
  g_free (self->token);
  G_OBJECT_CLASS (seed_signalling_parent_class)->finalize (object);
}

static void
seed_signalling_class_init (SeedSignallingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_signalling_dispose;
  object_class->finalize = seed_signalling_finalize;

  g_signal_new ("created", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                G_TYPE_STRING, G_TYPE_STRING, G_TYPE_PTR_ARRAY);
  g_signal_new ("joined", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_PTR_ARRAY);
  g_signal_new ("receiver", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                G_TYPE_INT);
  g_signal_new ("relay", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                G_TYPE_STRING, G_TYPE_STRING);
  g_signal_new ("owner-present", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_BOOLEAN);
  g_signal_new ("gone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  g_signal_new ("connected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_BOOLEAN);
  g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_ERROR);
}

static void
seed_signalling_init (SeedSignalling *self)
{
  g_queue_init (&self->kept);
}
