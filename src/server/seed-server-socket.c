// SPDX-License-Identifier: MIT
#include "seed-server-socket.h"

#include <string.h>

#include "seed-server-meter.h"

/* libsoup would wait five seconds for the client to close as well. */
#define END_USEC (2 * G_USEC_PER_SEC)

struct _SeedServerSocket
{
  SoupWebsocketConnection *connection;
  SeedServerStream *stream;
  const SeedServerConfig *config;
  const SeedServerSocketFuncs *funcs;
  gpointer data;

  SeedServerShare *share; /* (unowned) (nullable) */
  char *peer;             /* (nullable) */

  guint64 sent; /* bytes handed to libsoup, up to where the stream stood at the last look */
  gint64 opened_at;
  gint64 ending_at; /* 0 until it is being ended */
};

static void
message_cb (SoupWebsocketConnection *connection, SoupWebsocketDataType type, GBytes *bytes,
            SeedServerSocket *self)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (GError) error = NULL;

  /* More may be in libsoup's buffer than was there to be read when the client was still there. */
  if (self->ending_at != 0 ||
      soup_websocket_connection_get_state (connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;

  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    {
      seed_server_socket_refuse (self, SEED_CODE_BAD_MESSAGE);
      return;
    }

  g_autoptr (SeedMessage) message = seed_message_parse (
      text == NULL ? "" : text, length, SEED_CHANNEL_SIGNALLING, SEED_ROLE_SERVER, &error);

  if (message == NULL)
    seed_server_socket_refuse (self, seed_error_code (error));
  else
    self->funcs->message (self, message, self->data);
}

static void
overflow_cb (SeedServerStream *stream, guint status, SeedServerSocket *self)
{
  if (self->ending_at == 0)
    seed_server_socket_refuse (self, SEED_CODE_TOO_LARGE);
}

static void
closed_cb (SoupWebsocketConnection *connection, SeedServerSocket *self)
{
  self->funcs->closed (self, self->data);
}

SeedServerSocket *
seed_server_socket_new (SoupWebsocketConnection *connection, SeedServerStream *stream,
                        const SeedServerConfig *config, const SeedServerSocketFuncs *funcs,
                        gpointer data)
{
  SeedServerSocket *self = g_new0 (SeedServerSocket, 1);

  self->connection = g_object_ref (connection);
  self->stream = g_object_ref (stream);
  self->config = config;
  self->funcs = funcs;
  self->data = data;
  self->sent = seed_server_stream_get_written (stream);
  self->opened_at = g_get_monotonic_time ();

  /* The stream sees to it first; libsoup would break the connection off without a word. */
  soup_websocket_connection_set_max_incoming_payload_size (connection, config->message_bytes + 1);
  soup_websocket_connection_set_keepalive_interval (connection, config->ping_seconds);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), self);
  g_signal_connect (stream, "overflow", G_CALLBACK (overflow_cb), self);

  return self;
}

void
seed_server_socket_free (SeedServerSocket *self)
{
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_signal_handlers_disconnect_by_data (self->stream, self);
  g_object_unref (self->connection);
  g_object_unref (self->stream);
  g_free (self->peer);
  g_free (self);
}

gsize
seed_server_socket_get_unread (SeedServerSocket *self)
{
  guint64 handed = self->sent + seed_server_stream_get_echo (self->stream);
  guint64 written = seed_server_stream_get_written (self->stream);

  return handed > written ? (gsize) (handed - written) : 0;
}

/* libsoup's own pings are written as well, but nobody hands them in: without this they would
 * make room for ever more. */
static void
forget_excess (SeedServerSocket *self)
{
  guint64 handed = self->sent + seed_server_stream_get_echo (self->stream);
  guint64 written = seed_server_stream_get_written (self->stream);

  if (written > handed)
    self->sent += written - handed;
}

static void
send_now (SeedServerSocket *self, const char *text)
{
  gsize length = strlen (text);
  SeedServerShard *shard = seed_server_stream_get_shard (self->stream);

  if (soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;

  forget_excess (self);
  self->sent += length + seed_server_meter_overhead (length);
  seed_server_shard_enter (shard);
  soup_websocket_connection_send_text (self->connection, text);
  seed_server_shard_leave (shard);

  if (seed_server_socket_get_unread (self) > self->config->unread_bytes)
    seed_server_stream_abort (self->stream);
}

void
seed_server_socket_send_text (SeedServerSocket *self, const char *text)
{
  if (self->ending_at == 0)
    send_now (self, text);
}

void
seed_server_socket_send (SeedServerSocket *self, const SeedMessage *message)
{
  g_autofree char *text = seed_message_to_json (message);

  seed_server_socket_send_text (self, text);
}

void
seed_server_socket_end (SeedServerSocket *self, const SeedMessage *last)
{
  SeedServerShard *shard = seed_server_stream_get_shard (self->stream);

  if (self->ending_at != 0)
    return;

  if (last != NULL)
    seed_server_socket_send (self, last);

  self->ending_at = g_get_monotonic_time ();

  if (soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;

  seed_server_shard_enter (shard);
  soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  seed_server_shard_leave (shard);
}

void
seed_server_socket_refuse (SeedServerSocket *self, SeedCode code)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_ERROR);

  if (self->ending_at != 0)
    return;

  seed_message_set_code (message, SEED_FIELD_CODE, code);
  self->funcs->refused (self, code, self->data);
  seed_server_socket_end (self, message);
}

gboolean
seed_server_socket_is_ending (SeedServerSocket *self)
{
  return self->ending_at != 0;
}

gboolean
seed_server_socket_is_silent (SeedServerSocket *self, gint64 now)
{
  gint64 bound =
      (gint64) (self->config->ping_seconds + self->config->pong_seconds) * G_USEC_PER_SEC;

  return now - seed_server_stream_get_heard (self->stream, now) > bound;
}

SeedServerOrigin *
seed_server_socket_get_origin (SeedServerSocket *self)
{
  return seed_server_stream_get_origin (self->stream);
}

void
seed_server_socket_seat (SeedServerSocket *self, SeedServerShare *share, const char *peer)
{
  self->share = share;
  g_free (self->peer);
  self->peer = g_strdup (peer);
}

SeedServerShare *
seed_server_socket_get_share (SeedServerSocket *self)
{
  return self->share;
}

const char *
seed_server_socket_get_peer (SeedServerSocket *self)
{
  return self->peer;
}

void
seed_server_socket_check (SeedServerSocket *self, gint64 now)
{
  gint64 handshake = (gint64) self->config->handshake_seconds * G_USEC_PER_SEC;

  if (self->ending_at != 0)
    {
      if (now - self->ending_at > END_USEC)
        seed_server_stream_abort (self->stream);
    }
  else if (seed_server_socket_is_silent (self, now) ||
           seed_server_socket_get_unread (self) > self->config->unread_bytes ||
           (self->share == NULL && now - self->opened_at > handshake))
    {
      seed_server_stream_abort (self->stream);
    }
}
