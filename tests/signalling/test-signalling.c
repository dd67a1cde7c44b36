// SPDX-License-Identifier: MIT
/* SeedSignalling against a server that does as a test tells it; test-signalling-server.c has the
 * real one. */
#include "fake-server.h"
#include "recorder.h"

#define PEER "ABCDEFGHIJKLMNOPQRSTUV"
#define OTHER "BBCDEFGHIJKLMNOPQRSTUV"
#define SEALED "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

typedef struct
{
  FakeServer *server;
  SeedSignalling *signalling;
  Recorder *recorder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_server_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->signalling != NULL)
    g_assert_finalize_object (fixture->signalling);
  g_clear_pointer (&fixture->recorder, recorder_free);
  fake_server_free (fixture->server);
}

static void
start (Fixture *fixture, SeedSignalling *signalling)
{
  fixture->signalling = signalling;
  fixture->recorder = recorder_new (signalling);
  seed_signalling_start (signalling);
}

static void
start_owner (Fixture *fixture)
{
  fixture->server->greeting = FAKE_CREATED;
  fake_server_listen (fixture->server);
  start (fixture, seed_signalling_new_owner (fixture->server->url));
  recorder_wait (fixture->recorder, "created *");
}

static void
start_receiver (Fixture *fixture)
{
  fixture->server->greeting = FAKE_JOINED;
  fake_server_listen (fixture->server);
  start (fixture, seed_signalling_new_receiver (fixture->server->url, FAKE_SHARE, PEER));
  recorder_wait (fixture->recorder, "joined 0");
}

static void
test_owner_created (Fixture *fixture, gconstpointer data)
{
  start_owner (fixture);

  g_assert_cmpstr (fake_server_wait (fixture->server, 1), ==, "{\"type\":\"create\"}");
  g_assert_cmpstr (g_ptr_array_index (fixture->recorder->lines, 0), ==, "connected yes");
  g_assert_cmpstr (g_ptr_array_index (fixture->recorder->lines, 1), ==,
                   "created " FAKE_SHARE " - 0");
}

static void
test_owner_url_and_ice (Fixture *fixture, gconstpointer data)
{
  fixture->server->greeting =
      "{\"type\":\"created\",\"share\":\"" FAKE_SHARE "\",\"token\":\"" FAKE_TOKEN
      "\",\"url\":\"https://example.org\",\"ice\":[{\"url\":\"stun:192.0.2.1:3478\"}]}";
  fake_server_listen (fixture->server);
  start (fixture, seed_signalling_new_owner (fixture->server->url));
  recorder_wait (fixture->recorder, "created " FAKE_SHARE " https://example.org 1");
}

static void
test_owner_hears (Fixture *fixture, gconstpointer data)
{
  start_owner (fixture);
  fake_server_say (fixture->server, "{\"type\":\"receiver\",\"peer\":\"" PEER "\"}");
  fake_server_say (fixture->server,
                   "{\"type\":\"relay\",\"peer\":\"" PEER "\",\"sealed\":\"" SEALED "\"}");
  fake_server_say (fixture->server, "{\"type\":\"left\",\"peer\":\"" PEER "\"}");
  fake_server_say (fixture->server,
                   "{\"type\":\"left\",\"peer\":\"" PEER "\",\"code\":\"seal-broken\"}");
  recorder_wait (fixture->recorder, "receiver " PEER);
  recorder_wait (fixture->recorder, "relay " PEER " " SEALED);
  recorder_wait (fixture->recorder, "left " PEER " failed");
  recorder_wait (fixture->recorder, "left " PEER " seal-broken");
}

static void
test_receiver_hears (Fixture *fixture, gconstpointer data)
{
  start_receiver (fixture);
  g_assert_cmpstr (fake_server_wait (fixture->server, 1), ==,
                   "{\"share\":\"" FAKE_SHARE "\",\"peer\":\"" PEER "\",\"type\":\"join\"}");

  fake_server_say (fixture->server, "{\"type\":\"owner\",\"present\":false}");
  fake_server_say (fixture->server, "{\"type\":\"owner\",\"present\":true}");
  fake_server_say (fixture->server, "{\"type\":\"gone\",\"code\":\"share-closed\"}");
  recorder_wait (fixture->recorder, "owner-present no");
  recorder_wait (fixture->recorder, "owner-present yes");
  recorder_wait (fixture->recorder, "gone share-closed");
  g_assert_false (recorder_has (fixture->recorder, "failed *"));
}

static void
test_owner_resumes (Fixture *fixture, gconstpointer data)
{
  start_owner (fixture);
  fake_server_kill (fixture->server);
  recorder_wait (fixture->recorder, "connected no");

  /* Said meanwhile, it is not lost. */
  seed_signalling_relay (fixture->signalling, PEER, SEALED);
  fake_server_listen (fixture->server);
  recorder_wait (fixture->recorder, "created *");

  g_assert_cmpstr (fake_server_wait (fixture->server, 2), ==,
                   "{\"share\":\"" FAKE_SHARE "\",\"token\":\"" FAKE_TOKEN
                   "\",\"type\":\"resume\"}");
  g_assert_nonnull (strstr (fake_server_wait (fixture->server, 3), SEALED));
}

static void
test_keeps_newest (Fixture *fixture, gconstpointer data)
{
  start_receiver (fixture);
  fake_server_kill (fixture->server);
  recorder_wait (fixture->recorder, "connected no");

  for (int i = 0; i < 70; i++)
    {
      g_autofree char *sealed = g_strdup_printf (SEALED "%02d", i);

      seed_signalling_relay (fixture->signalling, PEER, sealed);
    }

  fake_server_listen (fixture->server);
  g_assert_nonnull (strstr (fake_server_wait (fixture->server, 3), SEALED "06"));
  g_assert_nonnull (strstr (fake_server_wait (fixture->server, 2 + 64), SEALED "69"));
}

static void
test_receiver_rejoins (Fixture *fixture, gconstpointer data)
{
  start_receiver (fixture);

  /* A server that was restarted does not know the share until its owner is back. */
  fixture->server->greeting = "{\"type\":\"error\",\"code\":\"share-unknown\"}";
  fake_server_kill (fixture->server);
  fake_server_listen (fixture->server);
  fake_server_wait (fixture->server, 3);
  fixture->server->greeting = FAKE_JOINED;
  recorder_wait (fixture->recorder, "joined 0");
  g_assert_false (recorder_has (fixture->recorder, "failed *"));
}

static void
test_pauses_grow (Fixture *fixture, gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  start_receiver (fixture);
  fixture->server->hang_up = TRUE;
  fake_server_kill (fixture->server);
  fake_server_listen (fixture->server);

  /* Pauses of at least 125, 250, 500 and 1000 ms lie between these, though each of them stood. */
  fake_server_wait_connections (fixture->server, 5);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 1875 * G_TIME_SPAN_MILLISECOND);
}

typedef struct
{
  const char *name;
  const char *text;
  const char *code;
} Nonsense;

static const Nonsense refusals[] = {
  { "share-unknown", "{\"type\":\"error\",\"code\":\"share-unknown\"}", "share-unknown" },
  { "too-many-shares", "{\"type\":\"error\",\"code\":\"too-many-shares\"}", "too-many-shares" },
  { "unknown-code", "{\"type\":\"error\",\"code\":\"%s%n\"}", "bad-message" },
  { "not-json", "{\"type\":", "bad-message" },
  { "empty", "", "bad-message" },
  { "other-role", FAKE_JOINED, "bad-message" },
  { "unknown-type", "{\"type\":\"greetings\"}", "bad-message" },
  { "too-early", "{\"type\":\"receiver\",\"peer\":\"" PEER "\"}", "bad-message" },
};

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  const Nonsense *nonsense = data;
  g_autofree char *expected = g_strconcat ("failed ", nonsense->code, NULL);

  fixture->server->greeting = nonsense->text;
  fake_server_listen (fixture->server);
  start (fixture, seed_signalling_new_owner (fixture->server->url));
  recorder_wait (fixture->recorder, expected);
  g_assert_cmpuint (fixture->recorder->lines->len, ==, 1);
}

static void
test_nonsense_later (Fixture *fixture, gconstpointer data)
{
  static const char huge[SEED_SIGNALLING_MESSAGE_MAX + 1] = "{";

  start_owner (fixture);

  fake_server_say (fixture->server, "{\"type\":\"relay\",\"peer\":\"../../etc\",\"sealed\":\"x\"}");
  recorder_wait (fixture->recorder, "connected no");
  recorder_wait (fixture->recorder, "created *");

  fake_server_say_bytes (fixture->server, SOUP_WEBSOCKET_DATA_BINARY, "\0\xff\xfe", 3);
  recorder_wait (fixture->recorder, "connected no");
  recorder_wait (fixture->recorder, "created *");

  fake_server_say_bytes (fixture->server, SOUP_WEBSOCKET_DATA_BINARY, huge, sizeof huge);
  recorder_wait (fixture->recorder, "connected no");
  recorder_wait (fixture->recorder, "created *");

  /* The same share, or none. */
  fixture->server->greeting =
      "{\"type\":\"created\",\"share\":\"ZZZZZZZZZZ\",\"token\":\"" FAKE_TOKEN "\",\"ice\":[]}";
  fake_server_kill (fixture->server);
  fake_server_listen (fixture->server);
  recorder_wait (fixture->recorder, "connected no");
  fake_server_wait_connections (fixture->server, 6);
  g_assert_false (recorder_has (fixture->recorder, "created ZZZ*"));
  g_assert_false (recorder_has (fixture->recorder, "failed *"));
}

static void
test_resume_refused (Fixture *fixture, gconstpointer data)
{
  start_owner (fixture);
  fixture->server->greeting = "{\"type\":\"error\",\"code\":\"bad-token\"}";
  fake_server_kill (fixture->server);
  fake_server_listen (fixture->server);
  recorder_wait (fixture->recorder, "failed bad-token");
}

static void
test_foreign_peer (Fixture *fixture, gconstpointer data)
{
  start_receiver (fixture);
  fake_server_say (fixture->server,
                   "{\"type\":\"relay\",\"peer\":\"" OTHER "\",\"sealed\":\"" SEALED "\"}");
  recorder_wait (fixture->recorder, "connected no");
  g_assert_false (recorder_has (fixture->recorder, "relay *"));
}

static void
expect_failure (Fixture *fixture, const char *code, const char *says)
{
  g_autofree char *expected = g_strconcat ("failed ", code, NULL);

  recorder_wait (fixture->recorder, expected);
  g_assert_nonnull (strstr (fixture->recorder->error->message, says));
  g_assert_cmpuint (fixture->recorder->lines->len, ==, 1);
}

typedef struct
{
  const char *name;
  guint status;
  const char *code;
  const char *says;
} Answer;

static const Answer answers[] = {
  { "ok", 200, "server-unreachable", "is no Seedshot server" },
  { "not-found", 404, "server-unreachable", "is no Seedshot server" },
  { "internal-error", 500, "server-unreachable", "is no Seedshot server" },
  { "bad-request", 400, "wrong-version", "another version" },
  { "upgrade-required", 426, "wrong-version", "another version" },
  { "too-many", 429, "too-many-sockets", "no more connections" },
  { "unavailable", 503, "server-closing", "not in service" },
};

static void
test_answer (Fixture *fixture, gconstpointer data)
{
  const Answer *answer = data;

  fixture->server->status = answer->status;
  fake_server_listen (fixture->server);
  start (fixture, seed_signalling_new_owner (fixture->server->url));
  expect_failure (fixture, answer->code, answer->says);
}

static void
test_no_subprotocol (Fixture *fixture, gconstpointer data)
{
  fixture->server->subprotocol = NULL;
  fake_server_listen (fixture->server);
  start (fixture, seed_signalling_new_owner (fixture->server->url));
  expect_failure (fixture, "wrong-version", "another version");
}

static void
test_other_subprotocol (Fixture *fixture, gconstpointer data)
{
  fixture->server->subprotocol = "seedshot.0";
  fake_server_listen (fixture->server);
  start (fixture, seed_signalling_new_owner (fixture->server->url));
  expect_failure (fixture, "wrong-version", "another version");
}

static void
test_nobody_listens (Fixture *fixture, gconstpointer data)
{
  fake_server_listen (fixture->server);
  fake_server_kill (fixture->server);
  start (fixture, seed_signalling_new_receiver (fixture->server->url, FAKE_SHARE, PEER));
  expect_failure (fixture, "server-unreachable", fixture->server->url);
}

static void
test_unknown_host (Fixture *fixture, gconstpointer data)
{
  start (fixture, seed_signalling_new_owner ("http://no-such-host.invalid"));
  expect_failure (fixture, "server-unreachable", "http://no-such-host.invalid");
}

static void
test_no_address (Fixture *fixture, gconstpointer data)
{
  start (fixture, seed_signalling_new_owner ("not an address"));
  g_assert_cmpuint (fixture->recorder->lines->len, ==, 0);
  expect_failure (fixture, "bad-config", "not an address");
}

static void
test_mute_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("http://localhost:%u", port);

  start (fixture, seed_signalling_new_owner (url));
  expect_failure (fixture, "server-unreachable", "did not answer in time");
}

static void
test_close_owner (Fixture *fixture, gconstpointer data)
{
  start_owner (fixture);
  seed_signalling_relay (fixture->signalling, PEER, SEALED);
  seed_signalling_drop (fixture->signalling, PEER, SEED_CODE_REFUSED);
  close_and_wait (fixture->signalling);

  g_assert_nonnull (strstr (fake_server_wait (fixture->server, 2), SEALED));
  g_assert_cmpstr (fake_server_wait (fixture->server, 3), ==,
                   "{\"peer\":\"" PEER "\",\"code\":\"refused\",\"type\":\"drop\"}");
  g_assert_cmpstr (fake_server_wait (fixture->server, 4), ==, "{\"type\":\"close\"}");
  g_assert_cmpuint (fixture->recorder->lines->len, ==, 2);
}

static void
test_close_receiver (Fixture *fixture, gconstpointer data)
{
  start_receiver (fixture);
  seed_signalling_leave (fixture->signalling, SEED_CODE_SEAL_BROKEN);
  close_and_wait (fixture->signalling);
  g_assert_cmpstr (fake_server_wait (fixture->server, 2), ==,
                   "{\"code\":\"seal-broken\",\"type\":\"leave\"}");
  g_assert_cmpuint (fixture->server->heard->len, ==, 2);
}

static void
test_close_while_away (Fixture *fixture, gconstpointer data)
{
  start_owner (fixture);
  fake_server_kill (fixture->server);
  recorder_wait (fixture->recorder, "connected no");
  fake_server_listen (fixture->server);
  close_and_wait (fixture->signalling);

  g_assert_nonnull (strstr (fake_server_wait (fixture->server, 2), "resume"));
  g_assert_cmpstr (fake_server_wait (fixture->server, 3), ==, "{\"type\":\"close\"}");
  g_assert_cmpuint (fixture->recorder->lines->len, ==, 3);
}

static void
test_close_twice (Fixture *fixture, gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  start_owner (fixture);
  fake_server_kill (fixture->server);
  close_and_wait (fixture->signalling);
  close_and_wait (fixture->signalling);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_TIME_SPAN_SECOND);
}

static void
cancelled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_false (seed_signalling_close_finish (SEED_SIGNALLING (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *done = TRUE;
}

static void
test_close_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  start_owner (fixture);
  seed_signalling_close_async (fixture->signalling, cancellable, cancelled_cb, &done);
  g_cancellable_cancel (cancellable);
  wait_until_set (&done);
}

static void
test_close_unstarted (Fixture *fixture, gconstpointer data)
{
  fixture->signalling = seed_signalling_new_owner ("http://127.0.0.1:9");
  close_and_wait (fixture->signalling);
}

/* Let go of in every state, it leaves nothing behind that would still call. */
static void
test_dispose (Fixture *fixture, gconstpointer data)
{
  fixture->server->greeting = FAKE_CREATED;
  fake_server_listen (fixture->server);

  for (int iterations = 0; iterations < 40; iterations++)
    {
      SeedSignalling *signalling = seed_signalling_new_owner (fixture->server->url);

      seed_signalling_start (signalling);
      for (int i = 0; i < iterations; i++)
        g_main_context_iteration (NULL, FALSE);
      g_object_unref (signalling);
    }

  start (fixture, seed_signalling_new_owner (fixture->server->url));
  recorder_wait (fixture->recorder, "created *");
  g_clear_object (&fixture->signalling);
  run_for (100);
  g_assert_cmpuint (fixture->recorder->lines->len, ==, 2);
}

static void
unref_cb (SeedSignalling *signalling, const char *share, const char *url, GPtrArray *ice,
          gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->signalling);
}

static void
test_dispose_in_handler (Fixture *fixture, gconstpointer data)
{
  fixture->server->greeting = FAKE_CREATED;
  fake_server_listen (fixture->server);
  start (fixture, seed_signalling_new_owner (fixture->server->url));
  g_signal_connect (fixture->signalling, "created", G_CALLBACK (unref_cb), fixture);
  recorder_wait (fixture->recorder, "created *");
  run_for (50);
  g_assert_null (fixture->signalling);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer), gconstpointer data)
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

static void
add_tables (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/signalling/refused/", refusals[i].name, NULL);

      add (path, test_refused, &refusals[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strconcat ("/signalling/answer/", answers[i].name, NULL);

      add (path, test_answer, &answers[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/signalling/owner/created", test_owner_created, NULL);
  add ("/signalling/owner/url-and-ice", test_owner_url_and_ice, NULL);
  add ("/signalling/owner/hears", test_owner_hears, NULL);
  add ("/signalling/owner/resumes", test_owner_resumes, NULL);
  add ("/signalling/owner/resume-refused", test_resume_refused, NULL);
  add ("/signalling/receiver/hears", test_receiver_hears, NULL);
  add ("/signalling/receiver/rejoins", test_receiver_rejoins, NULL);
  add ("/signalling/receiver/foreign-peer", test_foreign_peer, NULL);
  add ("/signalling/retry/keeps-newest", test_keeps_newest, NULL);
  add ("/signalling/retry/pauses-grow", test_pauses_grow, NULL);
  add ("/signalling/nonsense-later", test_nonsense_later, NULL);
  add ("/signalling/subprotocol/none", test_no_subprotocol, NULL);
  add ("/signalling/subprotocol/other", test_other_subprotocol, NULL);
  add ("/signalling/unreachable/nobody-listens", test_nobody_listens, NULL);
  add ("/signalling/unreachable/unknown-host", test_unknown_host, NULL);
  add ("/signalling/unreachable/no-address", test_no_address, NULL);
  add ("/signalling/unreachable/mute", test_mute_server, NULL);
  add ("/signalling/close/owner", test_close_owner, NULL);
  add ("/signalling/close/receiver", test_close_receiver, NULL);
  add ("/signalling/close/while-away", test_close_while_away, NULL);
  add ("/signalling/close/twice", test_close_twice, NULL);
  add ("/signalling/close/cancelled", test_close_cancelled, NULL);
  add ("/signalling/close/unstarted", test_close_unstarted, NULL);
  add ("/signalling/dispose/any-state", test_dispose, NULL);
  add ("/signalling/dispose/in-handler", test_dispose_in_handler, NULL);
  add_tables ();

  return g_test_run ();
}
