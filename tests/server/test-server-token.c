// SPDX-License-Identifier: MIT
#include "seed-server-token.h"

#include <glib/gstdio.h>
#include <string.h>

#include "seed-server-ice.h"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("seed-test-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->path = g_build_filename (self->folder, "key", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static SeedServerToken *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  SeedServerToken *token = seed_server_token_new (path, &error);

  g_assert_no_error (error);
  return token;
}

static void
test_check (Fixture *self, gconstpointer data)
{
  g_autoptr (SeedServerToken) ours = load (NULL);
  g_autoptr (SeedServerToken) theirs = load (NULL);
  g_autofree char *token = seed_server_token_make (ours, "aaaaaaaaaa");

  g_assert_cmpuint (strlen (token), ==, 43);
  g_assert_true (seed_server_token_check (ours, "aaaaaaaaaa", token));
  g_assert_false (seed_server_token_check (ours, "aaaaaaaaab", token));
  g_assert_false (seed_server_token_check (theirs, "aaaaaaaaaa", token));
  g_assert_false (seed_server_token_check (ours, "aaaaaaaaaa", ""));

  for (gsize i = 0; i < strlen (token); i++)
    {
      g_autofree char *altered = g_strdup (token);

      altered[i] = altered[i] == 'A' ? 'B' : 'A';
      g_assert_false (seed_server_token_check (ours, "aaaaaaaaaa", altered));
    }
}

static void
test_file (Fixture *self, gconstpointer data)
{
  g_autoptr (SeedServerToken) first = load (self->path);
  g_autoptr (SeedServerToken) second = load (self->path);
  g_autofree char *token = seed_server_token_make (first, "aaaaaaaaaa");
  GStatBuf info;

  g_assert_cmpint (g_stat (self->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (info.st_size, ==, SEED_SERVER_KEY_SIZE);
  g_assert_false (seed_server_token_is_old (first));
  g_assert_true (seed_server_token_is_old (second));
  g_assert_true (seed_server_token_check (second, "aaaaaaaaaa", token));
}

static void
expect_refused (const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (seed_server_token_new (path, &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG);
  g_assert_nonnull (strstr (error->message, "state-key"));
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_bad_file (Fixture *self, gconstpointer data)
{
  const gsize sizes[] = { 0, SEED_SERVER_KEY_SIZE - 1, SEED_SERVER_KEY_SIZE + 1 };
  const char bytes[SEED_SERVER_KEY_SIZE + 1] = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_assert_true (g_file_set_contents (self->path, bytes, (gssize) sizes[i], NULL));
      expect_refused (self->path);
    }

  expect_refused (self->folder);
  expect_refused ("/nowhere/at/all");
}

static void
test_share_id (Fixture *self, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      char *id = seed_server_new_share_id ();

      g_assert_cmpuint (strlen (id), ==, SEED_SHARE_ID_LENGTH);
      g_assert_cmpuint (strspn (id, SEED_CHARSET_ID), ==, SEED_SHARE_ID_LENGTH);
      g_assert_true (g_hash_table_add (seen, id));
    }
}

/* Computed by: printf 1700003600:web | openssl dgst -sha1 -hmac north -binary | base64 */
static void
test_turn (Fixture *self, gconstpointer data)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_JOINED);
  const char *const settings[][2] = { { "ice", "stun:a.example turns:b.example:443?transport=tcp" },
                                      { "turn-secret", "north" },
                                      { "turn-name", "web" },
                                      { "turn-ttl", "3600" } };

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    g_assert_true (seed_server_config_set (config, settings[i][0], settings[i][1], "test", NULL));

  seed_server_ice_fill (config, 1700000000, message);
  g_assert_cmpuint (seed_message_get_list_length (message, SEED_FIELD_ICE), ==, 2);
  g_assert_cmpstr (seed_message_get_item_string (message, SEED_FIELD_ICE, 1, SEED_FIELD_URL), ==,
                   "turns:b.example:443?transport=tcp");
  g_assert_cmpstr (seed_message_get_item_string (message, SEED_FIELD_ICE, 1, SEED_FIELD_USERNAME),
                   ==, "1700003600:web");
  g_assert_cmpstr (seed_message_get_item_string (message, SEED_FIELD_ICE, 1, SEED_FIELD_CREDENTIAL),
                   ==, "ro38cWCUJv2YJfTWUs/rHXrr4wA=");
  g_assert_null (seed_message_get_item_string (message, SEED_FIELD_ICE, 0, SEED_FIELD_USERNAME));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/server/token/check", Fixture, NULL, set_up, test_check, tear_down);
  g_test_add ("/server/token/file", Fixture, NULL, set_up, test_file, tear_down);
  g_test_add ("/server/token/bad-file", Fixture, NULL, set_up, test_bad_file, tear_down);
  g_test_add ("/server/token/share-id", Fixture, NULL, set_up, test_share_id, tear_down);
  g_test_add ("/server/token/turn", Fixture, NULL, set_up, test_turn, tear_down);

  return g_test_run ();
}
