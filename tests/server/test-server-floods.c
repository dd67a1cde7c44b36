// SPDX-License-Identifier: MIT

/* Clients that send too much, too slowly or nothing, or never read. */

#include "fixture.h"

#include <string.h>

#define FIN_TEXT 0x81
#define TEXT 0x01
#define CONTINUATION 0x00

/* A limit of one second, seen to once a second, and some for a busy machine. */
#define SOON 6

static TestClient *
connect_to (TestServer *server)
{
  return test_client_connect (test_server_get_port (server), "127.0.0.1");
}

static void
expect_alive (TestServer *server)
{
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
}

static void
test_silent (void)
{
  g_autoptr (TestServer) server = test_server_start ("handshake-seconds", "1", NULL);
  g_autoptr (TestClient) nothing = connect_to (server);
  g_autoptr (TestClient) half = connect_to (server);
  g_autoptr (TestClient) upgraded = test_client_open (server);

  test_client_write (half, "GET / HTTP/1.1\r\nHost:", 21);
  g_assert_true (test_client_wait_end (nothing, SOON));
  g_assert_true (test_client_wait_end (half, SOON));
  g_assert_true (test_client_wait_end (upgraded, SOON));
  expect_alive (server);
}

/* Each byte that comes in puts nothing off. */
static void
test_slow_header (void)
{
  g_autoptr (TestServer) server = test_server_start ("handshake-seconds", "1", NULL);
  g_autoptr (TestClient) client = connect_to (server);
  gint64 until = g_get_monotonic_time () + (gint64) SOON * G_USEC_PER_SEC;

  test_client_write (client, "GET / HTTP/1.1\r\nX: ", 19);

  while (test_client_try_write (client, "a", 1))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (50 * 1000); /* sleep: being slow is what is tested */
    }
}

static void
test_large_header (void)
{
  g_autoptr (TestServer) server = test_server_start ("header-bytes", "1024", NULL);
  g_autofree char *fill = g_strnfill (2000, 'a');
  g_autofree char *line = g_strdup_printf ("X: %s\r\n", fill);
  g_autofree char *some = g_strdup_printf ("X: %.800s\r\n", fill);
  g_autofree char *too_large = test_server_get (server, "/", line);
  g_autofree char *fits = test_server_get (server, "/", some);

  g_assert_true (g_str_has_prefix (too_large, "HTTP/1.1 431 "));
  g_assert_nonnull (strstr (too_large, "Content-Security-Policy"));
  g_assert_true (g_str_has_prefix (fits, "HTTP/1.1 200 "));
}

static void
test_endless_header (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autoptr (TestClient) client = connect_to (server);
  g_autofree char *fill = g_strnfill (65536, 'a');
  gsize sent = 0;

  while (test_client_try_write (client, fill, 65536))
    {
      sent += 65536;
      g_assert_cmpuint (sent, <, 64 * 1024 * 1024);
    }
}

static void
test_body (void)
{
  static const char *const announcements[] = {
    "Content-Length: 200000000\r\n",  "Content-Length: 5\r\nExpect: 100-continue\r\n",
    "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: nonsense\r\n",
    "Content-Length: nonsense\r\n",
  };
  static const char *const targets[] = { "POST /", "GET /", "GET /ws", "PUT /nothing" };
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (announcements) * G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *request = g_strdup_printf ("%s HTTP/1.1\r\nHost: test\r\n%s\r\n",
                                                  targets[i / G_N_ELEMENTS (announcements)],
                                                  announcements[i % G_N_ELEMENTS (announcements)]);
      g_autofree char *answer = test_server_ask (server, request);

      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 413 "));
    }
}

/* Nothing of a body is kept, and the one who sends it all the same is cut off. */
static void
test_endless_body (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autoptr (TestClient) client = connect_to (server);
  g_autofree char *fill = g_strnfill (65536, 'a');
  const char *request = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999999\r\n\r\n";
  gint64 until = g_get_monotonic_time () + (gint64) SOON * G_USEC_PER_SEC;

  test_client_write (client, request, strlen (request));

  while (test_client_try_write (client, fill, 65536))
    g_assert_cmpint (g_get_monotonic_time (), <, until);

  expect_alive (server);
}

/* Frames that were not waited for would not have been counted. */
static void
test_early_frames (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *answer = test_server_ask (
      server, "GET /ws HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
              "Sec-WebSocket-Protocol: seedshot.1\r\n\r\nframes");

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 400 "));
}

static void
test_large_message (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autoptr (TestClient) fits = test_client_open (server);
  g_autoptr (TestClient) too_large = test_client_open (server);
  g_autoptr (TestClient) announced = test_client_open (server);
  g_autofree char *text = g_strnfill (SEED_SIGNALLING_MESSAGE_MAX + 1, 'a');

  test_client_frame (fits, FIN_TEXT, text, SEED_SIGNALLING_MESSAGE_MAX);
  test_client_expect_error (fits, SEED_CODE_BAD_MESSAGE);
  test_client_frame (too_large, FIN_TEXT, text, SEED_SIGNALLING_MESSAGE_MAX + 1);
  test_client_expect_error (too_large, SEED_CODE_TOO_LARGE);

  /* A gigabyte, of which only the head ever comes. */
  test_client_write (announced, "\x81\xff\0\0\0\0\x40\0\0\0\0\0\0\0", 14);
  test_client_expect_error (announced, SEED_CODE_TOO_LARGE);
}

static void
test_fragments (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autoptr (TestClient) client = test_client_open (server);
  g_autoptr (TestClient) honest = test_client_open (server);
  g_autofree char *text = g_strnfill (10000, 'a');

  test_client_frame (client, TEXT, text, 10000);

  for (guint i = 0; i < 4; i++)
    test_client_frame (client, CONTINUATION, text, 10000);

  test_client_expect_error (client, SEED_CODE_TOO_LARGE);

  test_client_frame (honest, TEXT, "{\"type\":", 8);
  test_client_frame (honest, CONTINUATION | 0x80, "\"create\"}", 9);
  test_client_expect_only (honest, SEED_MESSAGE_CREATED);
}

/* Who does not follow a close is not waited for. */
static void
test_close_unanswered (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autoptr (TestClient) client = test_client_open (server);

  test_client_say (client, "nonsense");
  g_assert_true (test_client_wait_end (client, 4));
}

static void
say_relay (TestClient *client, const char *peer, gsize bytes)
{
  g_autofree char *sealed = g_strnfill (bytes, 'x');

  test_client_sayf (client, "{\"type\":\"relay\",\"peer\":\"%s\",\"sealed\":\"%s\"}", peer, sealed);
}

static void
expect_left (TestClient *owner)
{
  test_client_expect_only (owner, SEED_MESSAGE_LEFT);
}

/* Both ends of a share on a server where one floods the other. */
static TestServer *
start_fast (const char *unread, const char *stall)
{
  return test_server_start ("messages-per-second", "1000000", "bytes-per-second", "1073741824",
                            "unread-bytes", unread, "stall-seconds", stall, NULL);
}

static void
test_never_reading (void)
{
  g_autoptr (TestServer) server = start_fast ("65536", "600");
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);

  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);

  for (guint i = 0; i < 100; i++)
    say_relay (owner, TEST_PEER_A, 40000);

  expect_left (owner);
}

static void
test_stall (void)
{
  g_autoptr (TestServer) server = start_fast ("16777216", "1");
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);

  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);

  for (guint i = 0; i < 100; i++)
    say_relay (owner, TEST_PEER_A, 40000);

  expect_left (owner);
}

/* Whoever has the link could otherwise take the owner off the air. */
static void
test_flooded_owner (void)
{
  g_autoptr (TestServer) server = start_fast ("1048576", "600");
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  g_autofree char *sealed = g_strnfill (40000, 'x');
  g_autofree char *text = g_strdup_printf ("{\"type\":\"relay\",\"peer\":\"%s\",\"sealed\":\"%s\"}",
                                           TEST_PEER_A, sealed);

  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);

  for (guint i = 0; i < 60; i++)
    test_client_say (a, text);

  test_client_expect_error (a, SEED_CODE_TOO_FAST);

  /* The owner reads everything that was let through, and then that the flooder left. */
  g_autoptr (SeedMessage) message = test_client_hear (owner);

  while (seed_message_type (message) == SEED_MESSAGE_RELAY)
    {
      seed_message_unref (message);
      message = test_client_hear (owner);
      g_assert_nonnull (message);
    }

  g_assert_cmpint (seed_message_type (message), ==, SEED_MESSAGE_LEFT);
}

static void
test_pong_timeout (void)
{
  g_autoptr (TestServer) server =
      test_server_start ("ping-seconds", "1", "pong-seconds", "1", NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) mute = test_receiver_open (server, share, TEST_PEER_A);

  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);

  /* While it waits, the owner answers pings; the receiver does not. */
  expect_left (owner);
  g_assert_true (test_client_wait_end (mute, SOON));
  test_client_say (owner, "{\"type\":\"close\"}");
  test_client_expect_end (owner);
}

/* The answers to pings are bytes to be read like any other. */
static void
test_pings (void)
{
  g_autoptr (TestServer) server = test_server_start ("messages-per-second", "2000", "unread-bytes",
                                                     "65536", "stall-seconds", "600", NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autofree char *payload = g_strnfill (125, 'p');
  g_autoptr (GByteArray) pings = g_byte_array_new ();

  for (guint i = 0; i < 1000; i++)
    {
      g_byte_array_append (pings, (const guint8 *) "\x89\xfd\0\0\0\0", 6);
      g_byte_array_append (pings, (const guint8 *) payload, 125);
    }

  gint64 until = g_get_monotonic_time () + (gint64) SOON * G_USEC_PER_SEC;

  while (test_client_try_write (owner, pings->data, pings->len))
    g_assert_cmpint (g_get_monotonic_time (), <, until);
}

/* Sixty messages where forty may come at once, and ten a second. */
static void
test_too_many_messages (void)
{
  g_autoptr (TestServer) server = test_server_start ("messages-per-second", "10", NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);

  for (guint i = 0; i < 60; i++)
    test_client_say (owner,
                     "{\"type\":\"drop\",\"peer\":\"" TEST_PEER_A "\",\"code\":\"refused\"}");

  gint64 start = g_get_monotonic_time ();

  test_client_say (owner, "{\"type\":\"close\"}");
  test_client_expect_end (owner);
  g_assert_cmpint (g_get_monotonic_time () - start, >, G_USEC_PER_SEC);
}

static void
test_too_many_bytes (void)
{
  g_autoptr (TestServer) server = test_server_start ("bytes-per-second", "20000", NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 4; i++)
    say_relay (owner, TEST_PEER_A, 30000);

  test_client_say (owner, "{\"type\":\"close\"}");
  test_client_expect_end (owner);
  g_assert_cmpint (g_get_monotonic_time () - start, >, G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/floods/silent", test_silent);
  g_test_add_func ("/server/floods/slow-header", test_slow_header);
  g_test_add_func ("/server/floods/large-header", test_large_header);
  g_test_add_func ("/server/floods/endless-header", test_endless_header);
  g_test_add_func ("/server/floods/body", test_body);
  g_test_add_func ("/server/floods/endless-body", test_endless_body);
  g_test_add_func ("/server/floods/early-frames", test_early_frames);
  g_test_add_func ("/server/floods/large-message", test_large_message);
  g_test_add_func ("/server/floods/fragments", test_fragments);
  g_test_add_func ("/server/floods/close-unanswered", test_close_unanswered);
  g_test_add_func ("/server/floods/never-reading", test_never_reading);
  g_test_add_func ("/server/floods/stall", test_stall);
  g_test_add_func ("/server/floods/flooded-owner", test_flooded_owner);
  g_test_add_func ("/server/floods/pong-timeout", test_pong_timeout);
  g_test_add_func ("/server/floods/pings", test_pings);
  g_test_add_func ("/server/floods/too-many-messages", test_too_many_messages);
  g_test_add_func ("/server/floods/too-many-bytes", test_too_many_bytes);

  return g_test_run ();
}
