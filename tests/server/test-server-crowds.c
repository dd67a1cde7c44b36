// SPDX-License-Identifier: MIT

/* The limits that count: how many there may be, and how many a minute. */

#include "fixture.h"

#include <string.h>

#define OTHER "127.0.0.2"
#define CROWD 16

static void
say_create (TestClient *client)
{
  test_client_say (client, "{\"type\":\"create\"}");
}

static void
expect_usable (TestClient *client)
{
  say_create (client);
  test_client_expect_only (client, SEED_MESSAGE_CREATED);
}

static void
test_sockets_per_address (void)
{
  g_autoptr (TestServer) server = test_server_start ("sockets-per-address", "2", NULL);
  g_autoptr (TestClient) first = test_client_open (server);
  TestClient *second = test_client_open (server);
  g_autoptr (TestClient) third = test_client_open (server);
  g_autoptr (TestClient) elsewhere = test_client_open_from (server, OTHER, NULL);
  g_autofree char *page = NULL;

  test_client_expect_error (third, SEED_CODE_TOO_MANY_SOCKETS);
  expect_usable (elsewhere);
  expect_usable (first);

  /* The page says so, too. */
  page = test_server_get (server, "/", "");
  g_assert_true (g_str_has_prefix (page, "HTTP/1.1 429 "));
  g_assert_nonnull (strstr (page, "too-many-sockets"));

  /* A place that is given up is free again. */
  test_client_frame (second, 0x88, "\x03\xe8", 2);
  test_client_expect_end (second);
  test_client_free (second);
  g_autoptr (TestClient) fourth = test_client_open (server);

  expect_usable (fourth);
}

static void
test_sockets (void)
{
  g_autoptr (TestServer) server = test_server_start ("sockets", "2", NULL);
  g_autoptr (TestClient) first = test_client_open (server);
  g_autoptr (TestClient) second = test_client_open_from (server, "127.0.0.2", NULL);
  g_autoptr (TestClient) third = test_client_open_from (server, "127.0.0.3", NULL);

  test_client_expect_error (third, SEED_CODE_TOO_MANY_SOCKETS);
  expect_usable (first);
  expect_usable (second);
}

/* Far beyond the limit no one is even spoken to, and others do not notice. */
static void
test_storm (void)
{
  g_autoptr (TestServer) server = test_server_start ("sockets-per-address", "4", NULL);
  g_autoptr (GPtrArray) storm = g_ptr_array_new_with_free_func ((GDestroyNotify) test_client_free);

  for (guint i = 0; i < 200; i++)
    {
      TestClient *client = test_client_try_connect (test_server_get_port (server), OTHER);

      if (client != NULL)
        g_ptr_array_add (storm, client);
    }

  for (guint i = 4 + CROWD; i < storm->len; i++)
    g_assert_true (test_client_wait_end (storm->pdata[i], TEST_SECONDS));

  g_assert_cmpuint (test_server_metric (server, "turned_away_total"), ==, 200 - 4 - CROWD);
  g_autoptr (TestClient) elsewhere = test_client_open (server);

  expect_usable (elsewhere);
}

/* What is gone is counted no more. */
static void
test_no_leftovers (void)
{
  g_autoptr (TestServer) server = test_server_start ("sockets-per-address", "1", NULL);

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *answer = test_server_get (server, "/healthz", "");

      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
    }
}

static void
test_shares (void)
{
  g_autoptr (TestServer) server = test_server_start ("shares-per-address", "2", NULL);
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autoptr (TestClient) first = test_owner_open (server, &a, NULL);
  g_autoptr (TestClient) second = test_owner_open (server, &b, NULL);
  g_autoptr (TestClient) third = test_client_open (server);
  g_autoptr (TestClient) elsewhere = test_client_open_from (server, OTHER, NULL);

  say_create (third);
  test_client_expect_error (third, SEED_CODE_TOO_MANY_SHARES);
  expect_usable (elsewhere);

  test_client_say (first, "{\"type\":\"close\"}");
  test_client_expect_end (first);
  g_autoptr (TestClient) fourth = test_client_open (server);

  expect_usable (fourth);
}

/* A share whose owner is away still counts, and its owner may always come back. */
static void
test_shares_in_grace (void)
{
  g_autoptr (TestServer) server = test_server_start ("shares-per-address", "1", NULL);
  g_autofree char *share = NULL;
  g_autofree char *token = NULL;
  TestClient *owner = test_owner_open (server, &share, &token);

  test_client_free (owner);
  g_autoptr (TestClient) other = test_client_open (server);
  g_autoptr (TestClient) again = test_client_open (server);

  say_create (other);
  test_client_expect_error (other, SEED_CODE_TOO_MANY_SHARES);
  test_client_sayf (again, "{\"type\":\"resume\",\"share\":\"%s\",\"token\":\"%s\"}", share, token);
  test_client_expect_only (again, SEED_MESSAGE_CREATED);
}

static void
test_receivers (void)
{
  g_autoptr (TestServer) server = test_server_start ("receivers-per-share", "1", NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  g_autoptr (TestClient) b = test_client_open (server);

  test_client_sayf (b, "{\"type\":\"join\",\"share\":\"%s\",\"peer\":\"%s\"}", share, TEST_PEER_B);
  test_client_expect_error (b, SEED_CODE_TOO_MANY_RECEIVERS);

  /* Who takes its own place needs no other. */
  g_autoptr (TestClient) again = test_receiver_open (server, share, TEST_PEER_A);

  test_client_expect_error (a, SEED_CODE_PEER_TAKEN);
}

static void
test_creates (void)
{
  g_autoptr (TestServer) server = test_server_start ("creates-per-minute", "2", NULL);
  g_autoptr (TestClient) first = test_client_open (server);
  g_autoptr (TestClient) second = test_client_open (server);
  g_autoptr (TestClient) third = test_client_open (server);
  g_autoptr (TestClient) elsewhere = test_client_open_from (server, OTHER, NULL);

  expect_usable (first);
  expect_usable (second);
  say_create (third);
  test_client_expect_error (third, SEED_CODE_TOO_FAST);
  expect_usable (elsewhere);
}

static void
test_joins (void)
{
  g_autoptr (TestServer) server = test_server_start ("joins-per-minute", "2", NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (TestClient) client = test_client_open (server);

      test_client_say (client,
                       "{\"type\":\"join\",\"share\":\"aaaaaaaaaa\",\"peer\":\"" TEST_PEER_A "\"}");
      test_client_expect_error (client, i < 2 ? SEED_CODE_SHARE_UNKNOWN : SEED_CODE_TOO_FAST);
    }
}

static void
test_proxy (void)
{
  g_autoptr (TestServer) server =
      test_server_start ("sockets-per-address", "1", "trusted-proxies", "127.0.0.1", NULL);
  const char *a = "X-Forwarded-For: 203.0.113.7, 198.51.100.1\r\n";
  const char *b = "X-Forwarded-For: 203.0.113.7, 198.51.100.2\r\n";
  g_autoptr (TestClient) first = test_client_open_from (server, "127.0.0.1", a);
  g_autoptr (TestClient) second = test_client_open_from (server, "127.0.0.1", b);
  g_autoptr (TestClient) third = test_client_open_from (server, "127.0.0.1", a);

  expect_usable (first);
  expect_usable (second);
  test_client_expect_error (third, SEED_CODE_TOO_MANY_SOCKETS);
}

/* Who is no proxy can't say that it is someone else. */
static void
test_no_proxy (void)
{
  g_autoptr (TestServer) server =
      test_server_start ("sockets-per-address", "1", "trusted-proxies", "127.0.0.1", NULL);
  g_autoptr (TestClient) first =
      test_client_open_from (server, OTHER, "X-Forwarded-For: 198.51.100.1\r\n");
  g_autoptr (TestClient) second =
      test_client_open_from (server, OTHER, "X-Forwarded-For: 198.51.100.2\r\n");

  expect_usable (first);
  test_client_expect_error (second, SEED_CODE_TOO_MANY_SOCKETS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/crowds/sockets-per-address", test_sockets_per_address);
  g_test_add_func ("/server/crowds/sockets", test_sockets);
  g_test_add_func ("/server/crowds/storm", test_storm);
  g_test_add_func ("/server/crowds/no-leftovers", test_no_leftovers);
  g_test_add_func ("/server/crowds/shares", test_shares);
  g_test_add_func ("/server/crowds/shares-in-grace", test_shares_in_grace);
  g_test_add_func ("/server/crowds/receivers", test_receivers);
  g_test_add_func ("/server/crowds/creates", test_creates);
  g_test_add_func ("/server/crowds/joins", test_joins);
  g_test_add_func ("/server/crowds/proxy", test_proxy);
  g_test_add_func ("/server/crowds/no-proxy", test_no_proxy);

  return g_test_run ();
}
