// SPDX-License-Identifier: MIT
/* SeedSignalling and the real server in one process: an owner, a receiver, and what happens to
 * both when the server goes away. */
#include <glib/gstdio.h>

#include "recorder.h"
#include "seed-server.h"

#define PEER "ABCDEFGHIJKLMNOPQRSTUV"
#define SEALED "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

typedef struct
{
  SeedServerConfig *config;
  SeedServer *server;
  char *folder;
  char *url;
  char *share;

  SeedSignalling *owner;
  Recorder *of_owner;
  SeedSignalling *receiver;
  Recorder *of_receiver;
} Fixture;

static void
start_server (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->server = seed_server_new (fixture->config);
  g_assert_true (seed_server_start (fixture->server, &error));
  g_assert_no_error (error);
}

static void
stop_server (Fixture *fixture)
{
  seed_server_stop (fixture->server);
  g_clear_object (&fixture->server);
}

static void
configure (Fixture *fixture)
{
  g_autofree char *key = g_build_filename (fixture->folder, "key", NULL);
  g_autoptr (GError) error = NULL;

  fixture->config = seed_server_config_new ();
  g_assert_true (seed_server_config_set_listen (fixture->config, "127.0.0.1", 0, &error));
  g_assert_true (seed_server_config_set (fixture->config, "state-key", key, "test", &error));
  g_assert_true (
      seed_server_config_set (fixture->config, "ice", "stun:192.0.2.1:3478", "test", &error));
  g_assert_no_error (error);
}

static void
start_owner (Fixture *fixture)
{
  fixture->owner = seed_signalling_new_owner (fixture->url);
  fixture->of_owner = recorder_new (fixture->owner);
  seed_signalling_start (fixture->owner);

  const char *created = recorder_wait (fixture->of_owner, "created *");
  g_auto (GStrv) words = g_strsplit (created, " ", -1);

  fixture->share = g_strdup (words[1]);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("seedshot-signalling-XXXXXX", &error);
  g_assert_no_error (error);
  configure (fixture);
  start_server (fixture);

  guint16 port = seed_server_get_port (fixture->server);

  /* A server that is started again has to be found where it was. */
  g_assert_true (seed_server_config_set_listen (fixture->config, "127.0.0.1", port, &error));
  fixture->url = g_strdup_printf ("http://127.0.0.1:%u", port);
  start_owner (fixture);
}

static void
start_receiver (Fixture *fixture)
{
  fixture->receiver = seed_signalling_new_receiver (fixture->url, fixture->share, PEER);
  fixture->of_receiver = recorder_new (fixture->receiver);
  seed_signalling_start (fixture->receiver);
}

static void
meet (Fixture *fixture)
{
  start_receiver (fixture);
  recorder_wait (fixture->of_receiver, "joined 1");
  recorder_wait (fixture->of_owner, "receiver " PEER);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *key = g_build_filename (fixture->folder, "key", NULL);

  g_clear_object (&fixture->owner);
  g_clear_object (&fixture->receiver);
  g_clear_pointer (&fixture->of_owner, recorder_free);
  g_clear_pointer (&fixture->of_receiver, recorder_free);
  if (fixture->server != NULL)
    stop_server (fixture);
  seed_server_config_free (fixture->config);
  g_remove (key);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->url);
  g_free (fixture->share);
}

static void
test_meet (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  seed_signalling_relay (fixture->owner, PEER, SEALED "owner");
  recorder_wait (fixture->of_receiver, "relay " PEER " " SEALED "owner");
  seed_signalling_relay (fixture->receiver, PEER, SEALED "receiver");
  recorder_wait (fixture->of_owner, "relay " PEER " " SEALED "receiver");
}

static void
test_unknown_share (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->share);
  fixture->share = g_strdup ("ZZZZZZZZZZ");
  start_receiver (fixture);
  recorder_wait (fixture->of_receiver, "failed share-unknown");
  g_assert_cmpuint (fixture->of_receiver->lines->len, ==, 1);
}

static void
test_leave (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  seed_signalling_leave (fixture->receiver, SEED_CODE_SEAL_BROKEN);
  close_and_wait (fixture->receiver);
  recorder_wait (fixture->of_owner, "left " PEER " seal-broken");
}

static void
test_leave_without_reason (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  close_and_wait (fixture->receiver);
  recorder_wait (fixture->of_owner, "left " PEER " failed");
}

static void
test_vanish (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  g_clear_object (&fixture->receiver);
  recorder_wait (fixture->of_owner, "left " PEER " failed");
}

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  seed_signalling_drop (fixture->owner, PEER, SEED_CODE_REFUSED);
  recorder_wait (fixture->of_receiver, "gone refused");
  run_for (50);
  g_assert_false (recorder_has (fixture->of_receiver, "failed *"));
  g_assert_false (recorder_has (fixture->of_receiver, "connected no"));
}

static void
test_close (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  seed_signalling_relay (fixture->owner, PEER, SEALED);
  close_and_wait (fixture->owner);
  recorder_wait (fixture->of_receiver, "relay *");
  recorder_wait (fixture->of_receiver, "gone share-closed");
}

static void
test_owner_vanishes (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  g_clear_object (&fixture->owner);
  recorder_wait (fixture->of_receiver, "owner-present no");
}

/* The server is killed and started again; both find each other, whoever is back first. */
static void
test_restart (Fixture *fixture, gconstpointer data)
{
  g_autofree char *same = g_strdup_printf ("created %s *", fixture->share);

  meet (fixture);
  stop_server (fixture);
  recorder_wait (fixture->of_owner, "connected no");
  recorder_wait (fixture->of_receiver, "connected no");

  seed_signalling_relay (fixture->receiver, PEER, SEALED "meanwhile");
  start_server (fixture);
  recorder_wait (fixture->of_owner, same);
  recorder_wait (fixture->of_owner, "relay " PEER " " SEALED "meanwhile");
  g_assert_true (recorder_has (fixture->of_receiver, "joined 1"));

  seed_signalling_relay (fixture->owner, PEER, SEALED "back");
  recorder_wait (fixture->of_receiver, "relay " PEER " " SEALED "back");
  g_assert_false (recorder_has (fixture->of_owner, "failed *"));
  g_assert_false (recorder_has (fixture->of_receiver, "failed *"));
  g_assert_false (recorder_has (fixture->of_receiver, "gone *"));
}

/* Another server at the same place knows neither share nor token. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autofree char *key = g_build_filename (fixture->folder, "key", NULL);

  stop_server (fixture);
  g_assert_cmpint (g_remove (key), ==, 0);
  start_server (fixture);
  recorder_wait (fixture->of_owner, "failed *");
  g_assert_true (recorder_has (fixture->of_owner, "failed bad-token") ||
                 recorder_has (fixture->of_owner, "failed share-unknown"));
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

  add ("/signalling/server/meet", test_meet);
  add ("/signalling/server/unknown-share", test_unknown_share);
  add ("/signalling/server/leave", test_leave);
  add ("/signalling/server/leave-without-reason", test_leave_without_reason);
  add ("/signalling/server/vanish", test_vanish);
  add ("/signalling/server/drop", test_drop);
  add ("/signalling/server/close", test_close);
  add ("/signalling/server/owner-vanishes", test_owner_vanishes);
  add ("/signalling/server/restart", test_restart);
  add ("/signalling/server/replaced", test_replaced);

  return g_test_run ();
}
