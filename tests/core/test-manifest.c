// SPDX-License-Identifier: MIT
#include "seed-manifest.h"

#include <string.h>

#define MIB (G_GINT64_CONSTANT (1) << 20)

/* What the receiver makes of @message once it has been over the wire. */
static SeedMessage *
over_the_wire (SeedMessage *message)
{
  g_autofree char *json = seed_message_to_json (message);
  g_autoptr (GError) error = NULL;
  SeedMessage *parsed =
      seed_message_parse (json, strlen (json), SEED_CHANNEL_CONTROL, SEED_ROLE_RECEIVER, &error);

  g_assert_no_error (error);
  return parsed;
}

static SeedManifest *
received (const SeedManifest *manifest)
{
  g_autoptr (SeedMessage) message = seed_manifest_to_message (manifest);
  g_autoptr (SeedMessage) arrived = over_the_wire (message);

  return seed_manifest_new_from_message (arrived);
}

/* Takes @from page by page, and says how many pages there were. */
static guint
take_all (const SeedManifest *from, SeedManifest *into)
{
  guint pages = 0;

  while (seed_manifest_get_known (into) < seed_manifest_get_length (into))
    {
      g_autoptr (SeedMessage) page = seed_manifest_get_page (from, seed_manifest_get_known (into));
      g_autoptr (SeedMessage) arrived = over_the_wire (page);
      g_autoptr (GError) error = NULL;
      gboolean taken = seed_manifest_add_page (into, arrived, &error);

      g_assert_no_error (error);
      g_assert_true (taken);
      pages++;
    }

  return pages;
}

static void
one_file (void)
{
  g_autoptr (SeedManifest) manifest = seed_manifest_new ();

  seed_manifest_add (manifest, "a \"b\"\n.png", 5 * MIB, "image/png", 1700000000);
  g_autoptr (SeedManifest) copy = received (manifest);

  g_assert_cmpuint (seed_manifest_get_known (copy), ==, 0);
  g_assert_cmpuint (seed_manifest_get_length (copy), ==, 1);
  g_assert_cmpint (seed_manifest_get_bytes (copy), ==, 5 * MIB);
  g_assert_cmpuint (take_all (manifest, copy), ==, 1);

  const SeedFile *file = seed_manifest_get (copy, 0);

  g_assert_cmpstr (file->path, ==, "a \"b\"\n.png");
  g_assert_cmpint (file->size, ==, 5 * MIB);
  g_assert_cmpint (file->piece, ==, MIB);
  g_assert_cmpstr (file->type, ==, "image/png");
  g_assert_cmpint (file->time, ==, 1700000000);
}

static void
fields_are_bounded (void)
{
  g_autofree char *path = g_strnfill (5000, 'p');
  g_autofree char *type = g_strnfill (500, 't');
  g_autoptr (SeedManifest) manifest = seed_manifest_new ();

  seed_manifest_add (manifest, path, 0, type, -5);
  seed_manifest_add (manifest, "invalid \xff\xfe", 0, "", G_MAXINT64);
  g_assert_cmpuint (strlen (seed_manifest_get (manifest, 0)->path), ==, SEED_PATH_MAX);

  g_autoptr (SeedManifest) copy = received (manifest);

  take_all (manifest, copy);
  g_assert_cmpint (seed_manifest_get (copy, 0)->time, ==, 0);
  g_assert_cmpuint (strlen (seed_manifest_get (copy, 0)->type), ==, 127);
  g_assert_true (g_utf8_validate (seed_manifest_get (copy, 1)->path, -1, NULL));
}

static void
pages_by_count (void)
{
  g_autoptr (SeedManifest) manifest = seed_manifest_new ();

  for (guint i = 0; i < 3 * SEED_FILES_PAGE_MAX; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      seed_manifest_add (manifest, name, i, "", 0);
    }

  g_autoptr (SeedManifest) copy = received (manifest);

  g_assert_cmpuint (take_all (manifest, copy), ==, 3);
  g_assert_null (seed_manifest_get_page (manifest, 3 * SEED_FILES_PAGE_MAX));
  g_assert_cmpstr (seed_manifest_get (copy, 200)->path, ==, "200");
}

/* The names that grow most in JSON: each character of control becomes six bytes. */
static void
pages_by_bytes (void)
{
  const char *const fillers[] = { "\x01", "\x7f", "\"",       "\\",
                                  "\n",   "/",    "\xc2\x85", "\xf0\x9f\x8c\xb1" };

  for (guint f = 0; f < G_N_ELEMENTS (fillers); f++)
    {
      g_autoptr (SeedManifest) manifest = seed_manifest_new ();
      g_autoptr (GString) path = g_string_new (NULL);

      while (path->len + strlen (fillers[f]) <= SEED_PATH_MAX)
        g_string_append (path, fillers[f]);
      for (guint i = 0; i < 40; i++)
        seed_manifest_add (manifest, path->str, i, path->str, 0);

      g_autoptr (SeedManifest) copy = received (manifest);

      g_assert_cmpuint (take_all (manifest, copy), >, 1);
      g_assert_cmpstr (seed_manifest_get (copy, 39)->path, ==, path->str);
    }
}

static void
many_files (void)
{
  g_autoptr (SeedManifest) manifest = seed_manifest_new ();

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("folder %u/file %u", i / 100, i);

      seed_manifest_add (manifest, name, i % 7, "text/plain", i);
    }

  g_autoptr (SeedManifest) copy = received (manifest);

  take_all (manifest, copy);
  g_assert_cmpuint (seed_manifest_get_known (copy), ==, 20000);
  g_assert_cmpstr (seed_manifest_get (copy, 19999)->path, ==, "folder 199/file 19999");
}

/* A manifest of @files and @bytes that has been given the files of "size:piece …", from @from on. */
static void
try_page (guint files, gint64 bytes, guint from, const char *entries, const char *problem)
{
  g_autofree char *announced = g_strdup_printf (
      "{\"type\":\"manifest\",\"files\":%u,\"bytes\":%" G_GINT64_FORMAT "}", files, bytes);
  g_autoptr (SeedMessage) manifest = seed_message_parse (
      announced, strlen (announced), SEED_CHANNEL_CONTROL, SEED_ROLE_RECEIVER, NULL);
  g_autoptr (SeedManifest) self = seed_manifest_new_from_message (manifest);
  g_auto (GStrv) words = g_strsplit (entries, " ", -1);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_string_printf (json, "{\"type\":\"files\",\"from\":%u,\"entries\":[", from);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) numbers = g_strsplit (words[i], ":", 2);

      g_string_append_printf (
          json, "%s{\"path\":\"p\",\"size\":%s,\"piece\":%s,\"type\":\"\",\"time\":0}",
          i == 0 ? "" : ",", numbers[0], numbers[1]);
    }
  g_string_append (json, "]}");

  g_autoptr (SeedMessage) page =
      seed_message_parse (json->str, json->len, SEED_CHANNEL_CONTROL, SEED_ROLE_RECEIVER, &error);

  g_assert_no_error (error);
  gboolean taken = seed_manifest_add_page (self, page, &error);

  g_assert_true (taken == (problem == NULL));
  if (problem != NULL)
    {
      g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE);
      g_assert_nonnull (strstr (error->message, problem));
    }
}

static void
page_rules (void)
{
  try_page (1, 10, 0, "10:1048576", NULL);
  try_page (2, 10, 0, "10:1048576", NULL);
  try_page (2, 10, 0, "10:1048576 0:1048576", NULL);
  try_page (1, 10, 1, "10:1048576", "does not go on");
  try_page (1, 10, 99999, "10:1048576", "does not go on");
  try_page (1, 10, 0, "10:1048576 0:1048576", "longer than announced");
  try_page (1, 9, 0, "10:1048576", "more bytes");
  try_page (2, 15, 0, "10:1048576 10:1048576", "more bytes");
  try_page (2, 9007199254740991, 0, "9007199254740991:1099511627776 1:1048576", "more bytes");
  try_page (1, 11, 0, "10:1048576", "fewer bytes");
  try_page (1, 10, 0, "10:1048577", "wrong pieces");
  try_page (1, 10, 0, "10:3145728", "wrong pieces");
  try_page (1, 9007199254740991, 0, "9007199254740991:1048576", "wrong pieces");
  try_page (1, 8589934593, 0, "8589934593:1048576", "wrong pieces");
  try_page (1, 8589934593, 0, "8589934593:2097152", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/manifest/one-file", one_file);
  g_test_add_func ("/manifest/fields-are-bounded", fields_are_bounded);
  g_test_add_func ("/manifest/pages/by-count", pages_by_count);
  g_test_add_func ("/manifest/pages/by-bytes", pages_by_bytes);
  g_test_add_func ("/manifest/pages/many-files", many_files);
  g_test_add_func ("/manifest/pages/rules", page_rules);

  return g_test_run ();
}
