// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <string.h>
#include <sys/socket.h>

#define OP_TEXT 0x81
#define OP_CLOSE 0x88
#define OP_PING 0x89
#define OP_PONG 0x8a

struct _TestServer
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SeedServerConfig *config;
  GMutex mutex;
  GCond started;
  guint16 port;
};

struct _TestClient
{
  GSocket *socket;
};

static gpointer
run_server (gpointer data)
{
  TestServer *self = data;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  SeedServer *server = seed_server_new (self->config);

  if (!seed_server_start (server, &error))
    g_error ("the server did not start: %s", error->message);

  g_mutex_lock (&self->mutex);
  self->port = seed_server_get_port (server);
  g_cond_signal (&self->started);
  g_mutex_unlock (&self->mutex);

  g_main_loop_run (self->loop);
  seed_server_stop (server);
  g_object_unref (server);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
set (SeedServerConfig *config, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  gboolean taken = seed_server_config_set (config, name, value, "test", &error);

  g_assert_no_error (error);
  g_assert_true (taken);
}

/* Thousands of lines a flood, which take longer than the flood itself. */
static void
drop_log (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

TestServer *
test_server_start (const char *first, ...)
{
  TestServer *self = g_new0 (TestServer, 1);
  va_list list;

  g_log_set_handler ("libsoup", G_LOG_LEVEL_DEBUG, drop_log, NULL);
  self->config = seed_server_config_new ();
  set (self->config, "listen", "127.0.0.1:0");
  va_start (list, first);

  for (const char *name = first; name != NULL; name = va_arg (list, const char *))
    set (self->config, name, va_arg (list, const char *));

  va_end (list);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->started);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("server", run_server, self);

  g_mutex_lock (&self->mutex);
  while (self->port == 0)
    g_cond_wait (&self->started, &self->mutex);
  g_mutex_unlock (&self->mutex);

  return self;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
test_server_stop (TestServer *self)
{
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->started);
  seed_server_config_free (self->config);
  g_free (self);
}

guint16
test_server_get_port (TestServer *self)
{
  return self->port;
}

char *
test_server_ask (TestServer *self, const char *request)
{
  g_autoptr (TestClient) client = test_client_connect (self->port, "127.0.0.1");

  test_client_write (client, request, strlen (request));
  return test_client_read_all (client);
}

char *
test_server_get (TestServer *self, const char *path, const char *headers)
{
  g_autofree char *request =
      g_strdup_printf ("GET %s HTTP/1.1\r\nHost: test\r\n%s\r\n", path, headers);

  return test_server_ask (self, request);
}

guint64
test_server_metric (TestServer *self, const char *name)
{
  g_autofree char *text = test_server_get (self, "/metrics", "");
  g_autofree char *line = g_strdup_printf ("\nseedshot_%s ", name);
  const char *found = strstr (text, line);

  return found == NULL ? 0 : g_ascii_strtoull (found + strlen (line), NULL, 10);
}

TestClient *
test_client_try_connect (guint16 port, const char *source)
{
  TestClient *self = g_new0 (TestClient, 1);
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocketAddress) from = g_inet_socket_address_new_from_string (source, 0);
  g_autoptr (GError) error = NULL;

  self->socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (self->socket, TEST_SECONDS);
  /* So that one that does not read is soon seen not to. */
  g_socket_set_option (self->socket, SOL_SOCKET, SO_RCVBUF, 16 * 1024, NULL);
  g_socket_bind (self->socket, from, FALSE, &error);
  g_assert_no_error (error);

  if (g_socket_connect (self->socket, to, NULL, &error))
    return self;

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  test_client_free (self);
  return NULL;
}

TestClient *
test_client_connect (guint16 port, const char *source)
{
  TestClient *self = test_client_try_connect (port, source);

  g_assert_nonnull (self);
  return self;
}

void
test_client_free (TestClient *self)
{
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_free (self);
}

gboolean
test_client_try_write (TestClient *self, const void *data, gsize length)
{
  const char *at = data;

  while (length > 0)
    {
      gssize count = g_socket_send (self->socket, at, length, NULL, NULL);

      if (count < 0)
        return FALSE;

      at += count;
      length -= (gsize) count;
    }

  return TRUE;
}

void
test_client_write (TestClient *self, const void *data, gsize length)
{
  g_assert_true (test_client_try_write (self, data, length));
}

/* Returns FALSE at the end, however that came about, and FALSE with @error for nothing in time. */
static gboolean
read_bytes (TestClient *self, void *data, gsize length)
{
  char *at = data;

  while (length > 0)
    {
      g_autoptr (GError) error = NULL;
      gssize count = g_socket_receive (self->socket, at, length, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        g_error ("the server said nothing for %d seconds", TEST_SECONDS);
      if (count <= 0)
        return FALSE;

      at += count;
      length -= (gsize) count;
    }

  return TRUE;
}

char *
test_client_read_all (TestClient *self)
{
  GString *text = g_string_new (NULL);
  char byte;

  while (read_bytes (self, &byte, 1))
    g_string_append_c (text, byte);

  return g_string_free (text, FALSE);
}

char *
test_client_read_head (TestClient *self)
{
  GString *text = g_string_new (NULL);
  char byte;

  while (!g_str_has_suffix (text->str, "\r\n\r\n") && read_bytes (self, &byte, 1))
    g_string_append_c (text, byte);

  return g_string_free (text, FALSE);
}

gboolean
test_client_wait_end (TestClient *self, guint seconds)
{
  gint64 until = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  char data[4096];

  while (g_get_monotonic_time () < until)
    {
      g_autoptr (GError) error = NULL;

      if (!g_socket_condition_timed_wait (self->socket, G_IO_IN, until - g_get_monotonic_time (),
                                          NULL, &error))
        return FALSE;
      if (g_socket_receive (self->socket, data, sizeof data, NULL, NULL) <= 0)
        return TRUE;
    }

  return FALSE;
}

void
test_client_upgrade (TestClient *self, const char *headers)
{
  g_autofree char *request = g_strdup_printf (
      "GET /ws HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: " SEED_PROTOCOL_SUBPROTOCOL "\r\n%s\r\n",
      headers);

  test_client_write (self, request, strlen (request));
  g_autofree char *answer = test_client_read_head (self);

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 101 "));
}

TestClient *
test_client_open_from (TestServer *server, const char *source, const char *headers)
{
  TestClient *self = test_client_connect (server->port, source);

  test_client_upgrade (self, headers == NULL ? "" : headers);
  return self;
}

TestClient *
test_client_open (TestServer *server)
{
  return test_client_open_from (server, "127.0.0.1", NULL);
}

static gboolean
try_frame (TestClient *self, guint8 first, const void *data, gsize length)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  const guint8 no_mask[4] = { 0 };
  guint8 head[10] = { first, (guint8) (0x80 | MIN (length, 126)), (guint8) (length >> 8),
                      (guint8) length };

  if (length > G_MAXUINT16)
    {
      head[1] = 0x80 | 127;
      for (guint i = 0; i < 8; i++)
        head[2 + i] = (guint8) ((guint64) length >> (56 - 8 * i));
    }

  g_byte_array_append (frame, head, length < 126 ? 2 : length <= G_MAXUINT16 ? 4 : 10);
  g_byte_array_append (frame, no_mask, sizeof no_mask);
  g_byte_array_append (frame, data, (guint) length);

  return test_client_try_write (self, frame->data, frame->len);
}

void
test_client_frame (TestClient *self, guint8 first, const void *data, gsize length)
{
  g_assert_true (try_frame (self, first, data, length));
}

void
test_client_say (TestClient *self, const char *text)
{
  test_client_frame (self, OP_TEXT, text, strlen (text));
}

void
test_client_sayf (TestClient *self, const char *format, ...)
{
  va_list list;

  va_start (list, format);
  g_autofree char *text = g_strdup_vprintf (format, list);
  va_end (list);

  test_client_say (self, text);
}

/* (transfer full) (nullable): the payload of the next frame; servers send neither masks, fragments
 * nor 64-bit lengths here. */
static char *
read_frame (TestClient *self, guint8 *first, gsize *length)
{
  guint8 head[4];

  if (!read_bytes (self, head, 2))
    return NULL;

  *first = head[0];
  *length = head[1];
  g_assert_cmpuint (*length, <=, 126);

  if (*length == 126)
    {
      if (!read_bytes (self, head + 2, 2))
        return NULL;

      *length = (gsize) head[2] << 8 | head[3];
    }

  g_autofree char *payload = g_malloc0 (*length + 1);

  return read_bytes (self, payload, *length) ? g_steal_pointer (&payload) : NULL;
}

SeedMessage *
test_client_hear (TestClient *self)
{
  guint8 first;
  gsize length;
  g_autofree char *payload = read_frame (self, &first, &length);

  while (payload != NULL && first == OP_PING)
    {
      try_frame (self, OP_PONG, payload, length);
      g_free (payload);
      payload = read_frame (self, &first, &length);
    }

  if (payload == NULL)
    return NULL;

  if (first == OP_CLOSE)
    {
      try_frame (self, OP_CLOSE, payload, length);
      return NULL;
    }

  g_autoptr (GError) error = NULL;
  SeedMessage *message = seed_message_parse (payload, length, SEED_CHANNEL_SIGNALLING,
                                             SEED_ROLE_OWNER | SEED_ROLE_RECEIVER, &error);

  g_assert_no_error (error);
  return message;
}

SeedMessage *
test_client_expect (TestClient *self, SeedMessageType type)
{
  g_autoptr (SeedMessage) message = test_client_hear (self);

  g_assert_nonnull (message);
  g_assert_cmpstr (seed_message_type_name (seed_message_type (message)), ==,
                   seed_message_type_name (type));
  return g_steal_pointer (&message);
}

void
test_client_expect_only (TestClient *self, SeedMessageType type)
{
  seed_message_unref (test_client_expect (self, type));
}

void
test_client_expect_end (TestClient *self)
{
  g_assert_null (test_client_hear (self));
}

static void
expect_last (TestClient *self, SeedMessageType type, SeedCode code)
{
  g_autoptr (SeedMessage) message = test_client_expect (self, type);

  g_assert_cmpstr (seed_code_name (seed_message_get_code (message, SEED_FIELD_CODE)), ==,
                   seed_code_name (code));
  test_client_expect_end (self);
}

void
test_client_expect_error (TestClient *self, SeedCode code)
{
  expect_last (self, SEED_MESSAGE_ERROR, code);
}

void
test_client_expect_gone (TestClient *self, SeedCode code)
{
  expect_last (self, SEED_MESSAGE_GONE, code);
}

TestClient *
test_owner_open (TestServer *server, char **share, char **token)
{
  TestClient *self = test_client_open (server);

  test_client_say (self, "{\"type\":\"create\"}");
  g_autoptr (SeedMessage) created = test_client_expect (self, SEED_MESSAGE_CREATED);

  *share = g_strdup (seed_message_get_string (created, SEED_FIELD_SHARE));

  if (token != NULL)
    *token = g_strdup (seed_message_get_string (created, SEED_FIELD_TOKEN));

  return self;
}

TestClient *
test_receiver_open (TestServer *server, const char *share, const char *peer)
{
  TestClient *self = test_client_open (server);

  test_client_sayf (self, "{\"type\":\"join\",\"share\":\"%s\",\"peer\":\"%s\"}", share, peer);
  test_client_expect_only (self, SEED_MESSAGE_JOINED);
  return self;
}
