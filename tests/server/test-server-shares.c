// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static void
say_relay (TestClient *client, const char *peer)
{
  test_client_sayf (client, "{\"type\":\"relay\",\"peer\":\"%s\",\"sealed\":\"%s\"}", peer,
                    TEST_SEALED);
}

static void
say_resume (TestClient *client, const char *share, const char *token)
{
  test_client_sayf (client, "{\"type\":\"resume\",\"share\":\"%s\",\"token\":\"%s\"}", share,
                    token);
}

static void
say_join (TestClient *client, const char *share, const char *peer)
{
  test_client_sayf (client, "{\"type\":\"join\",\"share\":\"%s\",\"peer\":\"%s\"}", share, peer);
}

static void
expect_peer (TestClient *client, SeedMessageType type, const char *peer)
{
  g_autoptr (SeedMessage) message = test_client_expect (client, type);

  g_assert_cmpstr (seed_message_get_string (message, SEED_FIELD_PEER), ==, peer);
}

static void
expect_owner (TestClient *receiver, gboolean present)
{
  g_autoptr (SeedMessage) message = test_client_expect (receiver, SEED_MESSAGE_OWNER);

  g_assert_cmpint (seed_message_get_bool (message, SEED_FIELD_PRESENT), ==, present);
}

static void
expect_relay (TestClient *client, const char *peer)
{
  g_autoptr (SeedMessage) message = test_client_expect (client, SEED_MESSAGE_RELAY);

  g_assert_cmpstr (seed_message_get_string (message, SEED_FIELD_PEER), ==, peer);
  g_assert_cmpstr (seed_message_get_string (message, SEED_FIELD_SEALED), ==, TEST_SEALED);
}

static void
test_create (void)
{
  g_autoptr (TestServer) server = test_server_start ("public-url", "https://example.org/", "ice",
                                                     "stun:stun.example.org turn:turn.example.org",
                                                     "turn-secret", "secret", NULL);
  g_autoptr (TestClient) owner = test_client_open (server);

  test_client_say (owner, "{\"type\":\"create\"}");
  g_autoptr (SeedMessage) created = test_client_expect (owner, SEED_MESSAGE_CREATED);

  g_assert_cmpstr (seed_message_get_string (created, SEED_FIELD_URL), ==, "https://example.org");
  g_assert_cmpuint (seed_message_get_list_length (created, SEED_FIELD_ICE), ==, 2);
  g_assert_null (seed_message_get_item_string (created, SEED_FIELD_ICE, 0, SEED_FIELD_CREDENTIAL));
  g_assert_nonnull (
      seed_message_get_item_string (created, SEED_FIELD_ICE, 1, SEED_FIELD_CREDENTIAL));
}

static void
test_relay (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  g_autoptr (TestClient) b = test_receiver_open (server, share, TEST_PEER_B);

  expect_peer (owner, SEED_MESSAGE_RECEIVER, TEST_PEER_A);
  expect_peer (owner, SEED_MESSAGE_RECEIVER, TEST_PEER_B);
  say_relay (owner, TEST_PEER_B);
  say_relay (owner, TEST_PEER_A);
  expect_relay (a, TEST_PEER_A);
  expect_relay (b, TEST_PEER_B);
  say_relay (a, TEST_PEER_A);
  expect_relay (owner, TEST_PEER_A);

  /* To nobody, and for another. */
  say_relay (owner, "CCCCCCCCCCCCCCCCCCCCCC");
  say_relay (b, TEST_PEER_A);
  test_client_expect_error (b, SEED_CODE_BAD_MESSAGE);
  expect_peer (owner, SEED_MESSAGE_LEFT, TEST_PEER_B);
}

static void
test_unknown_share (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autoptr (TestClient) receiver = test_client_open (server);

  say_join (receiver, "aaaaaaaaaa", TEST_PEER_A);
  test_client_expect_error (receiver, SEED_CODE_SHARE_UNKNOWN);
}

static void
test_leave (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  TestClient *b = test_receiver_open (server, share, TEST_PEER_B);

  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);
  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);

  test_client_say (a, "{\"type\":\"leave\",\"code\":\"seal-broken\"}");
  test_client_expect_end (a);
  g_autoptr (SeedMessage) left = test_client_expect (owner, SEED_MESSAGE_LEFT);

  g_assert_cmpstr (seed_message_get_string (left, SEED_FIELD_PEER), ==, TEST_PEER_A);
  g_assert_cmpint (seed_message_get_code (left, SEED_FIELD_CODE), ==, SEED_CODE_SEAL_BROKEN);

  test_client_free (b);
  g_autoptr (SeedMessage) lost = test_client_expect (owner, SEED_MESSAGE_LEFT);

  g_assert_cmpstr (seed_message_get_string (lost, SEED_FIELD_PEER), ==, TEST_PEER_B);
  g_assert_false (seed_message_has (lost, SEED_FIELD_CODE));
}

static void
test_drop (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);

  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);
  test_client_say (owner, "{\"type\":\"drop\",\"peer\":\"" TEST_PEER_B "\",\"code\":\"refused\"}");
  test_client_say (owner, "{\"type\":\"drop\",\"peer\":\"" TEST_PEER_A "\",\"code\":\"refused\"}");
  test_client_expect_gone (a, SEED_CODE_REFUSED);

  /* The owner is not told of what it did itself: what it hears next is the next receiver. */
  g_autoptr (TestClient) b = test_receiver_open (server, share, TEST_PEER_B);

  expect_peer (owner, SEED_MESSAGE_RECEIVER, TEST_PEER_B);
}

static void
test_close (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  g_autoptr (TestClient) late = test_client_open (server);

  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);
  test_client_say (owner, "{\"type\":\"close\"}");
  test_client_expect_gone (a, SEED_CODE_SHARE_CLOSED);
  test_client_expect_end (owner);
  say_join (late, share, TEST_PEER_B);
  test_client_expect_error (late, SEED_CODE_SHARE_UNKNOWN);
}

/* While the owner is away, receivers wait, come, and may speak. */
static void
test_resume (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autofree char *token = NULL;
  TestClient *before = test_owner_open (server, &share, &token);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);

  test_client_expect_only (before, SEED_MESSAGE_RECEIVER);
  test_client_free (before);
  expect_owner (a, FALSE);
  say_relay (a, TEST_PEER_A);

  g_autoptr (TestClient) b = test_receiver_open (server, share, TEST_PEER_B);

  expect_owner (b, FALSE);

  g_autoptr (TestClient) owner = test_client_open (server);

  say_resume (owner, share, token);
  g_autoptr (SeedMessage) created = test_client_expect (owner, SEED_MESSAGE_CREATED);

  g_assert_cmpstr (seed_message_get_string (created, SEED_FIELD_SHARE), ==, share);
  g_assert_cmpstr (seed_message_get_string (created, SEED_FIELD_TOKEN), ==, token);
  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);
  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);
  expect_relay (owner, TEST_PEER_A);
  expect_owner (a, TRUE);
  expect_owner (b, TRUE);
}

/* The new socket wins, and the old one learns that it is not wanted any more. */
static void
test_resume_while_there (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autofree char *token = NULL;
  g_autoptr (TestClient) before = test_owner_open (server, &share, &token);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  g_autoptr (TestClient) owner = test_client_open (server);

  test_client_expect_only (before, SEED_MESSAGE_RECEIVER);
  say_resume (owner, share, token);
  test_client_expect_only (owner, SEED_MESSAGE_CREATED);
  expect_peer (owner, SEED_MESSAGE_RECEIVER, TEST_PEER_A);
  test_client_expect_error (before, SEED_CODE_PEER_TAKEN);

  /* For the receiver nothing has happened. */
  say_relay (owner, TEST_PEER_A);
  expect_relay (a, TEST_PEER_A);
}

static void
test_altered_token (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autofree char *token = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, &token);
  g_autoptr (TestClient) thief = test_client_open (server);
  g_autoptr (TestClient) other = test_client_open (server);

  say_resume (other, "aaaaaaaaaa", token);
  test_client_expect_error (other, SEED_CODE_BAD_TOKEN);
  token[7] = token[7] == 'x' ? 'y' : 'x';
  say_resume (thief, share, token);
  test_client_expect_error (thief, SEED_CODE_BAD_TOKEN);

  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);

  expect_peer (owner, SEED_MESSAGE_RECEIVER, TEST_PEER_A);
}

typedef struct
{
  char *folder;
  char *key;
} Folder;

static void
folder_init (Folder *self)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("seed-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->key = g_build_filename (self->folder, "key", NULL);
}

static void
folder_clear (Folder *self)
{
  g_unlink (self->key);
  g_rmdir (self->folder);
  g_free (self->key);
  g_free (self->folder);
}

/* A receiver may be back before the owner is. */
static void
test_restart (void)
{
  Folder folder;
  g_autofree char *share = NULL;
  g_autofree char *token = NULL;

  folder_init (&folder);
  TestServer *before = test_server_start ("state-key", folder.key, NULL);
  TestClient *lost = test_owner_open (before, &share, &token);

  test_server_stop (before);
  test_client_expect_error (lost, SEED_CODE_SERVER_CLOSING);
  test_client_free (lost);

  g_autoptr (TestServer) server = test_server_start ("state-key", folder.key, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  g_autoptr (TestClient) owner = test_client_open (server);

  expect_owner (a, FALSE);
  say_resume (owner, share, token);
  test_client_expect_only (owner, SEED_MESSAGE_CREATED);
  expect_peer (owner, SEED_MESSAGE_RECEIVER, TEST_PEER_A);
  expect_owner (a, TRUE);
  folder_clear (&folder);
}

static void
test_restart_with_new_key (void)
{
  g_autofree char *share = NULL;
  g_autofree char *token = NULL;
  TestServer *before = test_server_start (NULL, NULL);
  TestClient *lost = test_owner_open (before, &share, &token);

  test_server_stop (before);
  test_client_free (lost);

  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autoptr (TestClient) owner = test_client_open (server);
  g_autoptr (TestClient) receiver = test_client_open (server);

  say_resume (owner, share, token);
  test_client_expect_error (owner, SEED_CODE_BAD_TOKEN);
  say_join (receiver, share, TEST_PEER_A);
  test_client_expect_error (receiver, SEED_CODE_SHARE_UNKNOWN);
}

static void
test_grace (void)
{
  g_autoptr (TestServer) server = test_server_start ("grace-seconds", "1", NULL);
  g_autofree char *share = NULL;
  TestClient *owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);

  test_client_free (owner);
  expect_owner (a, FALSE);
  test_client_expect_gone (a, SEED_CODE_SHARE_LOST);

  g_autoptr (TestClient) late = test_client_open (server);

  say_join (late, share, TEST_PEER_A);
  test_client_expect_error (late, SEED_CODE_SHARE_UNKNOWN);
}

static void
test_rejoin (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  g_autoptr (TestClient) stranger = test_client_open_from (server, "127.0.0.2", NULL);
  g_autoptr (TestClient) again = test_client_open (server);

  say_join (stranger, share, TEST_PEER_A);
  test_client_expect_error (stranger, SEED_CODE_PEER_TAKEN);
  say_join (again, share, TEST_PEER_A);
  test_client_expect_only (again, SEED_MESSAGE_JOINED);
  test_client_expect_error (a, SEED_CODE_PEER_TAKEN);

  /* The owner sees one receiver, twice, which never left. */
  expect_peer (owner, SEED_MESSAGE_RECEIVER, TEST_PEER_A);
  expect_peer (owner, SEED_MESSAGE_RECEIVER, TEST_PEER_A);
  say_relay (owner, TEST_PEER_A);
  expect_relay (again, TEST_PEER_A);
}

typedef struct
{
  const char *first;
  const char *second;
  SeedCode code;
} Wrong;

/* Each of these is said by a new socket, and is the last it says. */
static const Wrong wrong[] = {
  { "nonsense", NULL, SEED_CODE_BAD_MESSAGE },
  { "{\"type\":\"create\"", NULL, SEED_CODE_BAD_MESSAGE },
  { "{\"type\":\"created\"}", NULL, SEED_CODE_UNKNOWN_TYPE },
  { "{\"type\":\"want\"}", NULL, SEED_CODE_UNKNOWN_TYPE },
  { "{\"type\":\"join\",\"share\":\"aaaaaaaaaa\"}", NULL, SEED_CODE_BAD_MESSAGE },
  { "{\"type\":\"join\",\"share\":\"../../../..\",\"peer\":\"" TEST_PEER_A "\"}", NULL,
    SEED_CODE_BAD_MESSAGE },
  { "{\"type\":\"close\"}", NULL, SEED_CODE_BAD_MESSAGE },
  { "{\"type\":\"leave\"}", NULL, SEED_CODE_BAD_MESSAGE },
  { "{\"type\":\"create\"}", "{\"type\":\"create\"}", SEED_CODE_BAD_MESSAGE },
  { "{\"type\":\"create\"}", "{\"type\":\"leave\"}", SEED_CODE_BAD_MESSAGE },
  { "{\"type\":\"create\"}",
    "{\"type\":\"join\",\"share\":\"aaaaaaaaaa\",\"peer\":\"" TEST_PEER_A "\"}",
    SEED_CODE_BAD_MESSAGE },
};

static void
test_wrong_messages (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (TestClient) client = test_client_open (server);

      test_client_say (client, wrong[i].first);

      if (wrong[i].second != NULL)
        {
          test_client_expect_only (client, SEED_MESSAGE_CREATED);
          test_client_say (client, wrong[i].second);
        }

      test_client_expect_error (client, wrong[i].code);
    }
}

static void
test_binary (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autoptr (TestClient) client = test_client_open (server);

  test_client_frame (client, 0x82, "{\"type\":\"create\"}", 17);
  test_client_expect_error (client, SEED_CODE_BAD_MESSAGE);
}

static void
test_owner_refused (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);

  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);
  test_client_say (owner, "nonsense");
  expect_owner (a, FALSE);
  test_client_expect_error (owner, SEED_CODE_BAD_MESSAGE);
}

static void
test_stop (void)
{
  TestServer *server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (TestClient) a = test_receiver_open (server, share, TEST_PEER_A);
  g_autoptr (TestClient) silent = test_client_open (server);

  test_client_expect_only (owner, SEED_MESSAGE_RECEIVER);
  test_server_stop (server);
  test_client_expect_error (owner, SEED_CODE_SERVER_CLOSING);
  test_client_expect_error (a, SEED_CODE_SERVER_CLOSING);
  test_client_expect_error (silent, SEED_CODE_SERVER_CLOSING);
}

/* More than one shard's worth, so that messages cross from shard to shard. */
static void
test_many (void)
{
  g_autoptr (TestServer) server = test_server_start (NULL, NULL);
  g_autofree char *share = NULL;
  g_autoptr (TestClient) owner = test_owner_open (server, &share, NULL);
  g_autoptr (GPtrArray) receivers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) test_client_free);

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *peer = g_strdup_printf ("peer-%017u", i);

      g_ptr_array_add (receivers, test_receiver_open (server, share, peer));
      expect_peer (owner, SEED_MESSAGE_RECEIVER, peer);
    }

  for (guint i = 0; i < receivers->len; i++)
    {
      g_autofree char *peer = g_strdup_printf ("peer-%017u", i);

      say_relay (owner, peer);
      expect_relay (receivers->pdata[i], peer);
      say_relay (receivers->pdata[i], peer);
      expect_relay (owner, peer);
    }

  g_assert_cmpuint (test_server_metric (server, "receivers"), ==, 100);
  g_assert_cmpuint (test_server_metric (server, "relayed_total"), ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/create", test_create);
  g_test_add_func ("/server/relay", test_relay);
  g_test_add_func ("/server/join/unknown-share", test_unknown_share);
  g_test_add_func ("/server/join/again", test_rejoin);
  g_test_add_func ("/server/leave", test_leave);
  g_test_add_func ("/server/drop", test_drop);
  g_test_add_func ("/server/close", test_close);
  g_test_add_func ("/server/resume", test_resume);
  g_test_add_func ("/server/resume/while-there", test_resume_while_there);
  g_test_add_func ("/server/resume/altered-token", test_altered_token);
  g_test_add_func ("/server/resume/after-restart", test_restart);
  g_test_add_func ("/server/resume/after-restart-with-new-key", test_restart_with_new_key);
  g_test_add_func ("/server/grace", test_grace);
  g_test_add_func ("/server/wrong/messages", test_wrong_messages);
  g_test_add_func ("/server/wrong/binary", test_binary);
  g_test_add_func ("/server/wrong/owner", test_owner_refused);
  g_test_add_func ("/server/stop", test_stop);
  g_test_add_func ("/server/many", test_many);

  return g_test_run ();
}
