// SPDX-License-Identifier: MIT
#include <string.h>

#include "fake-server.h"
#include "recorder.h"
#include "seed-signalling-socket.h"

#define SILENCE_MS 2500

typedef struct
{
  FakeServer *server;
  GSocketService *service; /* the deaf one */
  GPtrArray *connections;  /* to it */
  char *url;
  SoupSession *session;
  SeedSignallingSocket *socket;
  gboolean opened;
  gboolean ended;
  GError *error;
} Fixture;

static void
opened_cb (SeedSignallingSocket *socket, Fixture *fixture)
{
  fixture->opened = TRUE;
}

static void
ended_cb (SeedSignallingSocket *socket, GError *error, Fixture *fixture)
{
  g_assert_false (fixture->ended);
  fixture->ended = TRUE;
  fixture->error = error == NULL ? NULL : g_error_copy (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_server_new ();
}

static void
make_socket (Fixture *fixture, const char *url)
{
  fixture->session = seed_signalling_session_new (url);
  fixture->socket = seed_signalling_socket_new (fixture->session, url);
  seed_signalling_socket_set_patience (fixture->socket, 1000, SILENCE_MS);
  g_signal_connect (fixture->socket, "opened", G_CALLBACK (opened_cb), fixture);
  g_signal_connect (fixture->socket, "ended", G_CALLBACK (ended_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->socket);
  g_object_unref (fixture->session);
  fake_server_free (fixture->server);
  if (fixture->service != NULL)
    g_socket_service_stop (fixture->service);
  g_clear_object (&fixture->service);
  g_clear_pointer (&fixture->connections, g_ptr_array_unref);
  g_free (fixture->url);
  g_clear_error (&fixture->error);
}

static void
open_socket (Fixture *fixture)
{
  fake_server_listen (fixture->server);
  make_socket (fixture, fixture->server->url);
  seed_signalling_socket_connect (fixture->socket);
  wait_until_set (&fixture->opened);
  fake_server_wait_connections (fixture->server, 1);
}

/* Shakes hands and never says another word: libsoup's own server would always answer pings. */
static gboolean
shake_hands_cb (GSocketService *service, GSocketConnection *connection, GObject *source,
                gpointer user_data)
{
  GPtrArray *connections = user_data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) input =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autoptr (GString) accept = g_string_new (NULL);
  char *line;

  g_ptr_array_add (connections, g_object_ref (connection));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (input), FALSE);

  while ((line = g_data_input_stream_read_line (input, NULL, NULL, NULL)) != NULL && *line != '\r')
    {
      if (g_str_has_prefix (line, "Sec-WebSocket-Key: "))
        g_string_append (accept, g_strstrip (line + strlen ("Sec-WebSocket-Key: ")));
      g_free (line);
    }
  g_free (line);

  /* RFC 6455, section 4.2.2. */
  g_string_append (accept, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");

  g_autoptr (GChecksum) sha1 = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (sha1, (const guchar *) accept->str, (gssize) accept->len);
  g_checksum_get_digest (sha1, digest, &length);

  g_autofree char *key = g_base64_encode (digest, length);
  g_autofree char *answer = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\n"
                                             "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                             "Sec-WebSocket-Accept: %s\r\n"
                                             "Sec-WebSocket-Protocol: %s\r\n\r\n",
                                             key, SEED_PROTOCOL_SUBPROTOCOL);

  g_assert_true (g_output_stream_write_all (output, answer, strlen (answer), NULL, NULL, NULL));
  return TRUE;
}

/* A socket to a server that is deaf and mute; on a thread, since it reads without a main loop. */
static void
open_deaf_socket (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->connections = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->service = g_threaded_socket_service_new (1);
  g_signal_connect (fixture->service, "run", G_CALLBACK (shake_hands_cb), fixture->connections);

  guint16 port =
      g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (fixture->service), NULL, &error);

  g_assert_no_error (error);
  fixture->url = g_strdup_printf ("http://127.0.0.1:%u", port);
  make_socket (fixture, fixture->url);
  seed_signalling_socket_connect (fixture->socket);
  wait_until_set (&fixture->opened);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  open_deaf_socket (fixture);
  wait_until_set (&fixture->ended);
  g_assert_error (fixture->error, SEED_ERROR, SEED_CODE_SERVER_UNREACHABLE);
  g_assert_nonnull (strstr (fixture->error->message, "does not answer any more"));
}

/* Pings are answered for longer than silence would be borne. */
static void
test_pongs (Fixture *fixture, gconstpointer data)
{
  open_socket (fixture);
  run_for (2 * SILENCE_MS);
  g_assert_false (fixture->ended);
}

static void
test_probe (Fixture *fixture, gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  open_deaf_socket (fixture);
  seed_signalling_socket_set_patience (fixture->socket, 60000, 60000);
  seed_signalling_socket_probe (fixture->socket);
  wait_until_set (&fixture->ended);
  g_assert_error (fixture->error, SEED_ERROR, SEED_CODE_SERVER_UNREACHABLE);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 12 * G_TIME_SPAN_SECOND);
}

static void
test_closed_in_order (Fixture *fixture, gconstpointer data)
{
  open_socket (fixture);
  soup_websocket_connection_close (fixture->server->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  wait_until_set (&fixture->ended);
  g_assert_no_error (fixture->error);
}

static void
test_sends_before_close (Fixture *fixture, gconstpointer data)
{
  open_socket (fixture);
  seed_signalling_socket_send (fixture->socket, "one");
  seed_signalling_socket_send (fixture->socket, "two");
  seed_signalling_socket_close (fixture->socket);
  seed_signalling_socket_send (fixture->socket, "three");
  wait_until_set (&fixture->ended);
  g_assert_cmpstr (fake_server_wait (fixture->server, 2), ==, "two");
  g_assert_cmpuint (fixture->server->heard->len, ==, 2);
}

static void
test_ignores_what_is_early (Fixture *fixture, gconstpointer data)
{
  fake_server_listen (fixture->server);
  make_socket (fixture, fixture->server->url);
  seed_signalling_socket_send (fixture->socket, "early");
  seed_signalling_socket_probe (fixture->socket);
  seed_signalling_socket_close (fixture->socket);
  seed_signalling_socket_connect (fixture->socket);
  seed_signalling_socket_send (fixture->socket, "early");
  wait_until_set (&fixture->opened);
  run_for (50);
  g_assert_cmpuint (fixture->server->heard->len, ==, 0);
}

static void
test_abandon (Fixture *fixture, gconstpointer data)
{
  open_socket (fixture);
  seed_signalling_socket_abandon (fixture->socket);
  seed_signalling_socket_send (fixture->socket, "late");
  run_for (100);
  g_assert_false (fixture->ended);
  g_assert_cmpint (soup_websocket_connection_get_state (fixture->server->socket), ==,
                   SOUP_WEBSOCKET_STATE_CLOSED);
}

typedef struct
{
  const char *server;
  gboolean direct;
} Nearness;

static void
test_proxy (void)
{
  static const Nearness cases[] = {
    { "http://127.0.0.1:8080", TRUE }, { "http://192.168.7.1", TRUE },
    { "http://10.0.0.1", TRUE },       { "http://[fe80::1]:80", TRUE },
    { "http://localhost", TRUE },      { "http://desk.local:8080", TRUE },
    { "http://desk", TRUE },           { "https://example.org", FALSE },
    { "https://192.0.2.1", FALSE },    { "https://local.example", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SoupSession) session = seed_signalling_session_new (cases[i].server);

      g_test_message ("%s", cases[i].server);
      g_assert_true ((soup_session_get_proxy_resolver (session) == NULL) == cases[i].direct);
    }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/signalling-socket/silence", test_silence);
  add ("/signalling-socket/pongs", test_pongs);
  add ("/signalling-socket/probe", test_probe);
  add ("/signalling-socket/closed-in-order", test_closed_in_order);
  add ("/signalling-socket/sends-before-close", test_sends_before_close);
  add ("/signalling-socket/ignores-what-is-early", test_ignores_what_is_early);
  add ("/signalling-socket/abandon", test_abandon);
  g_test_add_func ("/signalling-socket/proxy", test_proxy);

  return g_test_run ();
}
