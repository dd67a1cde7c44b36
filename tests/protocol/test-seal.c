// SPDX-License-Identifier: MIT
#include "seed-seal.h"

#include <string.h>

#include "vectors.h"

/* What every case needs from seal.json: the link, the two ends, the texts. */
typedef struct
{
  JsonObject *vectors;
  SeedLink link;
  SeedSeal *owner;
  SeedSeal *receiver;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  JsonObject *vectors = vectors_load ("seal.json");
  g_autoptr (GBytes) secret = vector_bytes (vectors, "secret", 0, 0);
  g_autoptr (GBytes) salt = vector_bytes (vectors, "salt", 0, 0);
  const char *peer = vector_string (vectors, "peer");

  fixture->vectors = vectors;
  fixture->link.server = (char *) "https://example.org";
  fixture->link.share = (char *) vector_string (vectors, "share");
  memcpy (fixture->link.secret, g_bytes_get_data (secret, NULL), SEED_SECRET_SIZE);
  fixture->owner =
      seed_seal_new_owner_with_salt (&fixture->link, peer, g_bytes_get_data (salt, NULL));
  fixture->receiver = seed_seal_new_receiver (&fixture->link, peer);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  seed_seal_free (fixture->owner);
  seed_seal_free (fixture->receiver);
  json_object_unref (fixture->vectors);
}

static guint
count (Fixture *fixture, const char *list)
{
  return json_array_get_length (json_object_get_array_member (fixture->vectors, list));
}

static const char *
get (Fixture *fixture, const char *list, guint index, const char *field)
{
  JsonArray *array = json_object_get_array_member (fixture->vectors, list);

  return vector_string (json_array_get_object_element (array, index), field);
}

static void
assert_opens (SeedSeal *seal, const char *sealed, const char *expected)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  g_autofree char *text = seed_seal_open (seal, sealed, &length, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (length, ==, strlen (expected));
}

static void
assert_refused (SeedSeal *seal, const char *sealed)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  g_assert_null (seed_seal_open (seal, sealed, &length, &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_SEAL_BROKEN);
}

static void
check_direction (Fixture *fixture, const char *list, SeedSeal *from, SeedSeal *to)
{
  for (guint i = 0; i < count (fixture, list); i++)
    {
      const char *text = get (fixture, list, i, "text");
      const char *sealed = get (fixture, list, i, "sealed");
      g_autofree char *closed = seed_seal_close (from, text);

      g_assert_cmpstr (closed, ==, sealed);
      assert_opens (to, sealed, text);
      assert_refused (to, sealed);
    }
}

static void
test_exact (Fixture *fixture, gconstpointer data)
{
  g_assert_true (seed_seal_is_ready (fixture->owner));
  g_assert_false (seed_seal_is_ready (fixture->receiver));
  check_direction (fixture, "owner", fixture->owner, fixture->receiver);
  g_assert_true (seed_seal_is_ready (fixture->receiver));
  check_direction (fixture, "receiver", fixture->receiver, fixture->owner);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < count (fixture, "refused"); i++)
    {
      g_test_message ("%s", get (fixture, "refused", i, "why"));
      assert_refused (fixture->receiver, get (fixture, "refused", i, "sealed"));
      g_assert_false (seed_seal_is_ready (fixture->receiver));
    }

  /* None of it did any harm. */
  assert_opens (fixture->receiver, get (fixture, "owner", 0, "sealed"),
                get (fixture, "owner", 0, "text"));

  for (guint i = 0; i < count (fixture, "refused"); i++)
    assert_refused (fixture->receiver, get (fixture, "refused", i, "sealed"));

  assert_opens (fixture->receiver, get (fixture, "owner", 1, "sealed"),
                get (fixture, "owner", 1, "text"));
}

static void
test_counter_back (Fixture *fixture, gconstpointer data)
{
  /* The second may be lost, but neither it nor the first may come late. */
  assert_opens (fixture->receiver, get (fixture, "owner", 2, "sealed"),
                get (fixture, "owner", 2, "text"));
  assert_refused (fixture->receiver, get (fixture, "owner", 0, "sealed"));
  assert_refused (fixture->receiver, get (fixture, "owner", 1, "sealed"));
  assert_refused (fixture->receiver, get (fixture, "owner", 2, "sealed"));
}

static void
test_other_session (Fixture *fixture, gconstpointer data)
{
  const char *other = vector_string (fixture->vectors, "other-session");
  g_autoptr (SeedSeal) fresh =
      seed_seal_new_receiver (&fixture->link, vector_string (fixture->vectors, "peer"));

  assert_opens (fresh, other, get (fixture, "owner", 1, "text"));
  assert_opens (fixture->receiver, get (fixture, "owner", 0, "sealed"),
                get (fixture, "owner", 0, "text"));
  assert_refused (fixture->receiver, other);
}

static void
test_every_bit (Fixture *fixture, gconstpointer data)
{
  const char *sealed = get (fixture, "owner", 1, "sealed");
  g_autofree char *altered = g_strdup (sealed);

  for (char *c = altered; *c != '\0'; c++)
    {
      char original = *c;

      *c = original == 'A' ? 'B' : 'A';
      assert_refused (fixture->receiver, altered);
      *c = original;
    }

  assert_opens (fixture->receiver, altered, get (fixture, "owner", 1, "text"));
}

static void
test_own_words (Fixture *fixture, gconstpointer data)
{
  g_autofree char *closed = seed_seal_close (fixture->owner, "{}");

  assert_refused (fixture->owner, closed);
}

static void
test_salts_differ (Fixture *fixture, gconstpointer data)
{
  const char *peer = vector_string (fixture->vectors, "peer");
  g_autoptr (SeedSeal) one = seed_seal_new_owner (&fixture->link, peer);
  g_autoptr (SeedSeal) two = seed_seal_new_owner (&fixture->link, peer);
  g_autofree char *from_one = seed_seal_close (one, "{}");
  g_autofree char *from_two = seed_seal_close (two, "{}");

  g_assert_cmpstr (from_one, !=, from_two);
  assert_opens (fixture->receiver, from_one, "{}");
  assert_refused (fixture->receiver, from_two);
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

  add ("/seal/exact", test_exact);
  add ("/seal/refused", test_refused);
  add ("/seal/counter-back", test_counter_back);
  add ("/seal/other-session", test_other_session);
  add ("/seal/every-bit", test_every_bit);
  add ("/seal/own-words", test_own_words);
  add ("/seal/salts-differ", test_salts_differ);

  return g_test_run ();
}
