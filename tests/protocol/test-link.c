// SPDX-License-Identifier: MIT
#include "seed-link.h"

#include <string.h>

#include "vectors.h"

static SeedLink *
check_parts (JsonObject *vector)
{
  g_autoptr (GError) error = NULL;
  SeedLink *link = seed_link_parse (vector_string (vector, "text"), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (link->server, ==, vector_string (vector, "server"));
  g_assert_cmpstr (link->share, ==, vector_string (vector, "share"));

  g_autofree char *secret = to_hex (link->secret, sizeof link->secret);

  g_assert_cmpstr (secret, ==, vector_string (vector, "secret"));
  return link;
}

static void
check_trimmed (JsonObject *vector)
{
  seed_link_free (check_parts (vector));
}

static void
check_valid (JsonObject *vector)
{
  g_autoptr (SeedLink) link = check_parts (vector);
  g_autofree char *text = seed_link_to_string (link);

  g_assert_cmpstr (strchr (text, ':'), ==, strchr (vector_string (vector, "text"), ':'));
}

static void
check_invalid (JsonObject *vector)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedLink) link = seed_link_parse (vector_string (vector, "text"), &error);

  g_assert_null (link);
  g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_LINK);
  /* A message may be logged; a secret, even half of one, may not. */
  g_assert_null (strstr (error->message, "AAECAwQF"));
}

static void
test_valid (void)
{
  vectors_run ("link.json", "valid", check_valid);
  vectors_run ("link.json", "trimmed", check_trimmed);
}

static void
test_invalid (void)
{
  vectors_run ("link.json", "invalid", check_invalid);
}

static void
test_no_text (void)
{
  static const char *const texts[] = {
    "https://\xff\xfe/23456789AB#AAECAwQFBgcICQoLDA0ODw",
    "https://example.org/\x1b[31m/23456789AB#AAECAwQFBgcICQoLDA0ODw",
    "https://example.org/a\nb/23456789AB#AAECAwQFBgcICQoLDA0ODw",
    "https://exa\x1bmple.org/23456789AB#AAECAwQFBgcICQoLDA0ODw",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SeedLink) link = seed_link_parse (texts[i], &error);

      g_assert_null (link);
      g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_LINK);
    }
}

static void
test_new (void)
{
  g_autoptr (SeedLink) one = seed_link_new ("https://example.org", "23456789AB");
  g_autoptr (SeedLink) two = seed_link_new ("https://example.org", "23456789AB");
  g_autofree char *text = seed_link_to_string (one);
  g_autoptr (SeedLink) back = seed_link_parse (text, NULL);

  g_assert_true (memcmp (one->secret, two->secret, sizeof one->secret) != 0);
  g_assert_cmpmem (back->secret, sizeof back->secret, one->secret, sizeof one->secret);
}

typedef struct
{
  const char *text;
  const char *is; /* NULL: refused */
} Url;

static void
test_server_url (void)
{
  static const Url urls[] = {
    { "https://example.org", "https://example.org" },
    { "https://example.org/", "https://example.org" },
    { "https://example.org/a/b//", "https://example.org/a/b" },
    { "http://127.0.0.1:8080/?x#y", "http://127.0.0.1:8080" },
    { "http://[::1]:8080", "http://[::1]:8080" },
    { "", NULL },
    { "example.org", NULL },
    { "ftp://example.org", NULL },
    { "https://", NULL },
    { "https://user@example.org", NULL },
    { "https://example.org:port", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *is = seed_server_url_normalize (urls[i].text, &error);

      g_test_message ("%s", urls[i].text);
      g_assert_cmpstr (is, ==, urls[i].is);
      if (urls[i].is == NULL)
        g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/link/valid", test_valid);
  g_test_add_func ("/link/invalid", test_invalid);
  g_test_add_func ("/link/no-text", test_no_text);
  g_test_add_func ("/link/new", test_new);
  g_test_add_func ("/link/server-url", test_server_url);

  return g_test_run ();
}
