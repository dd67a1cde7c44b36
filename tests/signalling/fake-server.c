// SPDX-License-Identifier: MIT
#include "fake-server.h"

#include "seed-protocol.h"

#define LIMIT_S 20

static void
message_cb (SoupWebsocketConnection *socket, int type, GBytes *data, gpointer user_data)
{
  FakeServer *self = user_data;
  gsize length;
  const char *text = g_bytes_get_data (data, &length);

  g_test_message ("server heard %.*s", (int) length, text);
  g_ptr_array_add (self->heard, g_strndup (text, length));

  if (self->greeted == self->connections)
    return;

  self->greeted = self->connections;
  if (self->greeting != NULL)
    soup_websocket_connection_send_text (socket, self->greeting);
  if (self->hang_up)
    soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

static void
socket_cb (SoupServer *server, SoupServerMessage *message, const char *path,
           SoupWebsocketConnection *socket, gpointer user_data)
{
  FakeServer *self = user_data;

  self->connections++;
  g_set_object (&self->socket, socket);
  soup_websocket_connection_set_max_incoming_payload_size (socket, 1 << 20);
  g_signal_connect (socket, "message", G_CALLBACK (message_cb), self);
}

static void
status_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
           gpointer user_data)
{
  FakeServer *self = user_data;

  self->connections++;
  soup_server_message_set_status (message, self->status, NULL);
}

FakeServer *
fake_server_new (void)
{
  FakeServer *self = g_new0 (FakeServer, 1);

  self->heard = g_ptr_array_new_with_free_func (g_free);
  self->subprotocol = SEED_PROTOCOL_SUBPROTOCOL;

  return self;
}

static guint16
port_of (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  guint16 port = (guint16) g_uri_get_port (uris->data);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

void
fake_server_listen (FakeServer *self)
{
  char *protocols[] = { (char *) self->subprotocol, NULL };
  g_autoptr (GError) error = NULL;

  self->server = soup_server_new (NULL, NULL);
  if (self->status != 0)
    soup_server_add_handler (self->server, NULL, status_cb, self, NULL);
  else
    soup_server_add_websocket_handler (self->server, "/ws", NULL,
                                       self->subprotocol == NULL ? NULL : protocols, socket_cb,
                                       self, NULL);

  soup_server_listen_local (self->server, self->port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);

  self->port = port_of (self->server);
  if (self->url == NULL)
    self->url = g_strdup_printf ("http://127.0.0.1:%u", self->port);
}

/* As when the process is killed: no close frame, no answer any more. */
static void
break_off (SoupWebsocketConnection *socket)
{
  g_autoptr (GSocketConnection) base = NULL;

  g_object_get (soup_websocket_connection_get_io_stream (socket), "base-iostream", &base, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (base), TRUE, TRUE, NULL);
}

void
fake_server_kill (FakeServer *self)
{
  if (self->socket != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->socket, self);
      if (soup_websocket_connection_get_state (self->socket) != SOUP_WEBSOCKET_STATE_CLOSED)
        break_off (self->socket);
    }

  g_clear_object (&self->socket);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}

void
fake_server_say (FakeServer *self, const char *text)
{
  soup_websocket_connection_send_text (self->socket, text);
}

void
fake_server_say_bytes (FakeServer *self, SoupWebsocketDataType type, const void *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  soup_websocket_connection_send_message (self->socket, type, bytes);
}

static gboolean
set_flag_cb (gpointer user_data)
{
  gboolean *flag = user_data;

  *flag = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_for_count (const guint *value, guint count)
{
  gboolean too_late = FALSE;
  guint limit = g_timeout_add_seconds (LIMIT_S, set_flag_cb, &too_late);

  while (*value < count && !too_late)
    g_main_context_iteration (NULL, TRUE);

  if (too_late)
    g_error ("it came to %u, not to %u", *value, count);
  g_source_remove (limit);
}

const char *
fake_server_wait (FakeServer *self, guint count)
{
  wait_for_count (&self->heard->len, count);
  return g_ptr_array_index (self->heard, count - 1);
}

void
fake_server_wait_connections (FakeServer *self, guint count)
{
  wait_for_count (&self->connections, count);
}

void
fake_server_free (FakeServer *self)
{
  if (self->server != NULL)
    fake_server_kill (self);
  g_ptr_array_unref (self->heard);
  g_free (self->url);
  g_free (self);
}
