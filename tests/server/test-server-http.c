// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <string.h>

/* (transfer full) (nullable): the value of a header in a whole answer. */
static char *
header (const char *answer, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\r\n%s: ", name);
  const char *end = strstr (answer, "\r\n\r\n");
  g_autofree char *head = g_strndup (answer, (gsize) (end - answer));
  const char *found = strstr (head, start);

  if (found == NULL)
    return NULL;

  found += strlen (start);
  return g_strndup (found, strcspn (found, "\r"));
}

static void
expect_header (const char *answer, const char *name, const char *value)
{
  g_autofree char *found = header (answer, name);

  g_assert_cmpstr (found, ==, value);
}

static void
expect_status (const char *answer, guint status)
{
  g_autofree char *start = g_strdup_printf ("HTTP/1.1 %u ", status);

  if (!g_str_has_prefix (answer, start))
    g_error ("not a %u: %.80s", status, answer);
}

static const char *
body (const char *answer)
{
  return strstr (answer, "\r\n\r\n") + 4;
}

/* What must be on every answer, whoever gives it. */
static void
expect_strict (const char *answer)
{
  g_autofree char *policy = header (answer, "Content-Security-Policy");

  g_assert_nonnull (policy);
  g_assert_nonnull (strstr (policy, "default-src 'none'"));
  g_assert_nonnull (strstr (policy, "frame-ancestors 'none'"));
  g_assert_nonnull (strstr (policy, "base-uri 'none'"));
  g_assert_null (strstr (policy, "unsafe-inline"));
  g_assert_null (strstr (policy, "'unsafe-eval'"));
  expect_header (answer, "X-Content-Type-Options", "nosniff");
  expect_header (answer, "X-Frame-Options", "DENY");
  expect_header (answer, "Referrer-Policy", "no-referrer");
  expect_header (answer, "Cross-Origin-Opener-Policy", "same-origin");
  expect_header (answer, "Cross-Origin-Resource-Policy", "same-origin");
  g_assert_nonnull (strstr (answer, "Permissions-Policy: "));
}

static void
test_index (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autofree char *path = g_strconcat ("/", share, NULL);
  g_autofree char *root = test_server_get (server, "/", "");
  g_autofree char *live = test_server_get (server, path, "");
  g_autofree char *dead = test_server_get (server, "/aaaaaaaaaa", "");

  expect_status (root, 200);
  expect_strict (root);
  expect_header (root, "Content-Type", "text/html; charset=utf-8");
  expect_header (root, "Cache-Control", "no-cache");
  expect_header (root, "Vary", "Accept-Encoding");
  g_assert_nonnull (strstr (body (root), "data-phase"));

  /* A link looks the same whether its share lives or not. */
  g_assert_cmpstr (body (live), ==, body (root));
  g_assert_cmpstr (body (dead), ==, body (root));
  expect_status (dead, 200);
}

static void
test_etag (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *first = test_server_get (server, "/", "");
  g_autofree char *tag = header (first, "ETag");
  g_autofree char *known = g_strdup_printf ("If-None-Match: \"other\", %s\r\n", tag);
  g_autofree char *second = test_server_get (server, "/", known);
  g_autofree char *third = test_server_get (server, "/", "If-None-Match: \"other\"\r\n");

  g_assert_nonnull (tag);
  expect_status (second, 304);
  expect_strict (second);
  expect_header (second, "ETag", tag);
  g_assert_cmpstr (body (second), ==, "");
  expect_status (third, 200);
}

static void
test_head (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *get = test_server_get (server, "/", "");
  g_autofree char *head = test_server_ask (server, "HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
  g_autofree char *length = header (get, "Content-Length");

  expect_status (head, 200);
  expect_header (head, "Content-Length", length);
  g_assert_cmpstr (body (head), ==, "");
}

/* (transfer full): the path of the script that the page loads. */
static char *
find_asset (TestServer *server, const char *suffix)
{
  g_autofree char *page = test_server_get (server, "/", "");
  g_auto (GStrv) words = g_strsplit (body (page), "\"", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (g_str_has_prefix (words[i], "assets/") && g_str_has_suffix (words[i], suffix))
        return g_strconcat ("/", words[i], NULL);
    }

  g_assert_not_reached ();
}

static void
test_assets (void)
{
  static const char *const expected[][2] = {
    { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".svg", "image/svg+xml" },
  };
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *path = find_asset (server, expected[i][0]);
      g_autofree char *answer = test_server_get (server, path, "");

      expect_status (answer, 200);
      expect_strict (answer);
      expect_header (answer, "Content-Type", expected[i][1]);
      expect_header (answer, "Cache-Control", "public, max-age=31536000, immutable");
    }
}

static void
test_encodings (void)
{
  static const char *const expected[][2] = {
    { "Accept-Encoding: gzip, deflate, br\r\n", "br" },
    { "Accept-Encoding: gzip\r\n", "gzip" },
    { "Accept-Encoding: GZIP;q=0.5\r\n", "gzip" },
    { "Accept-Encoding: br;q=0, gzip\r\n", "gzip" },
    { "Accept-Encoding: br;q=0\r\n", NULL },
    { "Accept-Encoding: identity\r\n", NULL },
    { "", NULL },
  };
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *path = find_asset (server, ".js");
  g_autoptr (GHashTable) tags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *answer = test_server_get (server, path, expected[i][0]);

      expect_status (answer, 200);
      expect_header (answer, "Content-Encoding", expected[i][1]);
      expect_header (answer, "Vary", "Accept-Encoding");
      g_hash_table_add (tags, header (answer, "ETag"));
    }

  g_assert_cmpuint (g_hash_table_size (tags), ==, 3);
}

static void
test_unknown (void)
{
  static const char *const paths[] = {
    "/nothing",     "/assets/",      "/assets/../nothing", "/%2e%2e/passwd", "/aaaaaaaaa",
    "/aaaaaaaaaaa", "/aaaaaaaaaa/x", "/aaaaaaaaa0",        "/index.html.br", "/ws/x",
    "//",           "/%00",          "/index.html%00x",    "/healthz/more",  "*"
  };
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *answer = test_server_get (server, paths[i], "");
      gboolean refused =
          g_str_has_prefix (answer, "HTTP/1.1 404 ") || g_str_has_prefix (answer, "HTTP/1.1 400 ");

      if (!refused)
        g_error ("%s was answered: %.80s", paths[i], answer);

      expect_strict (answer);
    }
}

static void
test_methods (void)
{
  static const char *const methods[] = { "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "NONSENSE" };
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autofree char *request =
          g_strdup_printf ("%s / HTTP/1.1\r\nHost: test\r\n\r\n", methods[i]);
      g_autofree char *answer = test_server_ask (server, request);

      expect_status (answer, 405);
      expect_strict (answer);
      expect_header (answer, "Allow", "GET, HEAD");
    }
}

static void
test_garbage (void)
{
  static const char *const requests[] = {
    "nonsense\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/9.9\r\nHost: test\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: nonsense\r\n\r\n",
    "CONNECT example.org:80 HTTP/1.1\r\nHost: test\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET ftp://example.org/ HTTP/1.1\r\nHost: test\r\n\r\n",
  };
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *answer = test_server_ask (server, requests[i]);

      if (!g_str_has_prefix (answer, "HTTP/1.") || (answer[9] != '4' && answer[9] != '5'))
        g_error ("“%s” was answered: %.80s", requests[i], answer);

      expect_strict (answer);
    }
}

static void
test_health (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *answer = test_server_get (server, "/healthz", "");

  expect_status (answer, 200);
  expect_strict (answer);
  g_assert_cmpstr (body (answer), ==, "ok\n");
}

static void
test_metrics (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  g_autoptr (TestClient) b = test_client_open (server);

  test_client_say (b, "{\"type\":\"close\"}");
  test_client_expect_error (b, SEED_CODE_BAD_MESSAGE);
  g_autofree char *answer = test_server_get (server, "/metrics", "");

  expect_status (answer, 200);
  expect_strict (answer);
  expect_header (answer, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  g_assert_nonnull (strstr (answer, "\nseedshot_shares 1\n"));
  g_assert_nonnull (strstr (answer, "\nseedshot_receivers 1\n"));
  g_assert_nonnull (strstr (answer, "\nseedshot_created_total 1\n"));
  g_assert_nonnull (strstr (answer, "\nseedshot_refused_total{code=\"bad-message\"} 1\n"));
  g_assert_null (strstr (answer, "127.0.0.1"));
  g_assert_null (strstr (answer, share));
}

#define HANDSHAKE                                                                                  \
  "GET /ws HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                \
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

static void
test_subprotocol (void)
{
  static const struct
  {
    const char *headers;
    guint status;
  } cases[] = {
    { "Sec-WebSocket-Version: 13\r\n", 400 },
    { "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: seedshot.0\r\n", 400 },
    { "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: SEEDSHOT.1x\r\n", 400 },
    { "Sec-WebSocket-Version: 12\r\nSec-WebSocket-Protocol: seedshot.1\r\n", 400 },
  };
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *request = g_strconcat (HANDSHAKE, cases[i].headers, "\r\n", NULL);
      g_autofree char *answer = test_server_ask (server, request);

      expect_status (answer, cases[i].status);
      expect_strict (answer);
    }

  g_autofree char *plain = test_server_get (server, "/ws", "");
  g_autofree char *named =
      test_server_ask (server, HANDSHAKE "Sec-WebSocket-Version: 13\r\n"
                                         "Sec-WebSocket-Protocol: chat, seedshot.2\r\n\r\n");

  expect_status (plain, 426);
  expect_header (plain, "Upgrade", "websocket");
  g_assert_nonnull (strstr (named, "wrong-version"));
  g_assert_nonnull (strstr (named, "seedshot.1"));
}

/* (transfer full): what an upgrade with @headers is answered with. */
static char *
upgrade (const char *headers)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autoptr (TestClient) client = test_client_connect (test_server_get_port (server), "127.0.0.1");
  g_autofree char *request =
      g_strconcat (HANDSHAKE "Sec-WebSocket-Version: 13\r\n", headers, "\r\n", NULL);

  test_client_write (client, request, strlen (request));
  g_autofree char *answer = test_client_read_head (client);

  expect_status (answer, 101);
  return g_steal_pointer (&answer);
}

static void
test_several_subprotocols (void)
{
  g_autofree char *answer = upgrade ("Sec-WebSocket-Protocol: seedshot.0, seedshot.1\r\n");

  expect_header (answer, "Sec-WebSocket-Protocol", "seedshot.1");
}

/* 94 KiB for each connection are not spent, whatever the client offers. */
static void
test_no_compression (void)
{
  g_autofree char *answer = upgrade ("Sec-WebSocket-Protocol: seedshot.1\r\n"
                                     "Sec-WebSocket-Extensions: permessage-deflate\r\n");

  g_assert_null (strstr (answer, "permessage-deflate"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/http/index", test_index);
  g_test_add_func ("/server/http/etag", test_etag);
  g_test_add_func ("/server/http/head", test_head);
  g_test_add_func ("/server/http/assets", test_assets);
  g_test_add_func ("/server/http/encodings", test_encodings);
  g_test_add_func ("/server/http/unknown", test_unknown);
  g_test_add_func ("/server/http/methods", test_methods);
  g_test_add_func ("/server/http/garbage", test_garbage);
  g_test_add_func ("/server/http/health", test_health);
  g_test_add_func ("/server/http/metrics", test_metrics);
  g_test_add_func ("/server/http/subprotocol", test_subprotocol);
  g_test_add_func ("/server/http/several-subprotocols", test_several_subprotocols);
  g_test_add_func ("/server/http/no-compression", test_no_compression);

  return g_test_run ();
}
