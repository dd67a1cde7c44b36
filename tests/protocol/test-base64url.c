// SPDX-License-Identifier: MIT
#include "seed-base64url.h"

#include <string.h>

#include "vectors.h"

static void
check_valid (JsonObject *vector)
{
  const char *text = vector_string (vector, "text");
  g_autoptr (GBytes) bytes = vector_bytes (vector, "hex", 0, 0);
  gsize size = g_bytes_get_size (bytes);
  gsize length = 99;
  g_autofree char *encoded = seed_base64url_encode (g_bytes_get_data (bytes, NULL), size);
  g_autofree guint8 *decoded = seed_base64url_decode (text, &length);

  g_assert_cmpstr (encoded, ==, text);
  g_assert_nonnull (decoded);
  g_assert_cmpmem (decoded, length, g_bytes_get_data (bytes, NULL), size);
}

static void
check_invalid (JsonObject *vector)
{
  gsize length;

  g_assert_null (seed_base64url_decode (vector_string (vector, "text"), &length));
}

static void
test_vectors (void)
{
  vectors_run ("base64url.json", "valid", check_valid);
  vectors_run ("base64url.json", "invalid", check_invalid);
}

static void
test_random (void)
{
  g_autofree char *one = seed_random_base64url (16);
  g_autofree char *two = seed_random_base64url (16);

  g_assert_cmpuint (strlen (one), ==, 22);
  g_assert_cmpstr (one, !=, two);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base64url/vectors", test_vectors);
  g_test_add_func ("/base64url/random", test_random);

  return g_test_run ();
}
