// SPDX-License-Identifier: MIT
#include "seed-safe-path.h"

#include <string.h>

#define EURO "\xe2\x82\xac"
#define REPLACED "\xef\xbf\xbd"

static char *
repeat (const char *text, guint times)
{
  GString *string = g_string_new (NULL);

  for (guint i = 0; i < times; i++)
    g_string_append (string, text);

  return g_string_free (string, FALSE);
}

static void
assert_safe (const char *remote, const char *expected)
{
  g_autofree char *path = seed_safe_path (remote);

  g_assert_cmpstr (path, ==, expected);
}

static void
path_is_kept (void)
{
  const char *const kept[] = {
    "photo.png",
    "a/b/c.txt",
    " with spaces and \"quotes\" 'too'",
    ".hidden",
    ".config/.bashrc",
    "...",
    "..a/b..",
    "line\nbreak\tand\x01",
    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d.txt",
    "\xe2\x80\xaegnp.exe",
    "\xf0\x9f\x8c\xb1",
    "back\\slash",
    "%s%n$(id)",
    "-rf",
  };

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    assert_safe (kept[i], kept[i]);
}

static void
path_stays_inside (void)
{
  assert_safe ("../../etc/passwd", "etc/passwd");
  assert_safe ("/etc/passwd", "etc/passwd");
  assert_safe ("a/../../b", "a/b");
  assert_safe ("a/./b//c/", "a/b/c");
  assert_safe ("..", "file");
  assert_safe (".", "file");
  assert_safe ("/", "file");
  assert_safe ("", "file");
  assert_safe ("../", "file");
}

static void
path_of_many_slashes (void)
{
  g_autofree char *slashes = repeat ("/", 10000);
  g_autofree char *up = repeat ("../", 10000);
  g_autofree char *named = g_strconcat (slashes, "x", slashes, NULL);

  assert_safe (slashes, "file");
  assert_safe (up, "file");
  assert_safe (named, "x");
}

static void
path_is_not_too_deep (void)
{
  g_autofree char *above = repeat ("d/", 1000);
  g_autofree char *deep = g_strconcat (above, "end", NULL);
  g_autofree char *path = seed_safe_path (deep);
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  g_assert_cmpuint (g_strv_length (parts), ==, SEED_DEPTH_MAX);
  g_assert_cmpstr (parts[SEED_DEPTH_MAX - 1], ==, "end");
}

static void
name_is_cut (void)
{
  g_autofree char *long_name = repeat ("x", 300);
  g_autofree char *with_ending = g_strconcat (long_name, ".tar.gz", NULL);
  g_autofree char *no_ending = g_strconcat ("a.", long_name, NULL);
  g_autofree char *exact = repeat ("y", 255);
  g_autofree char *path = seed_safe_path (with_ending);
  g_autofree char *plain = seed_safe_path (no_ending);

  g_assert_cmpuint (strlen (path), ==, 255);
  g_assert_true (g_str_has_suffix (path, "x.gz"));
  g_assert_cmpuint (strlen (plain), ==, 255);
  g_assert_true (g_str_has_prefix (plain, "a.xxx"));
  assert_safe (exact, exact);
}

/* At every offset against the limit, no character is halved. */
static void
name_is_cut_at_a_character (void)
{
  for (guint offset = 0; offset < 4; offset++)
    {
      g_autofree char *filler = repeat ("x", offset);
      g_autofree char *euros = repeat (EURO, 200);
      g_autofree char *name = g_strconcat (filler, euros, ".png", NULL);
      g_autofree char *path = seed_safe_path (name);

      g_assert_cmpuint (strlen (path), <=, 255);
      g_assert_cmpuint (strlen (path), >, 252);
      g_assert_true (g_utf8_validate (path, -1, NULL));
      g_assert_true (g_str_has_suffix (path, EURO ".png"));
    }
}

static void
assert_numbered (const char *name, guint number, const char *expected)
{
  g_autofree char *numbered = seed_numbered_name (name, number);

  g_assert_cmpstr (numbered, ==, expected);
}

static void
name_is_numbered (void)
{
  assert_numbered ("photo.png", 1, "photo.png");
  assert_numbered ("photo.png", 2, "photo (2).png");
  assert_numbered ("photo", 3, "photo (3)");
  assert_numbered (".hidden", 2, ".hidden (2)");
  assert_numbered ("a.b.c", 10000, "a.b (10000).c");
  assert_numbered ("dot.", 2, "dot (2).");
}

static void
numbered_name_fits (void)
{
  g_autofree char *euros = repeat (EURO, 85);
  g_autofree char *ending = repeat ("e", 40);
  g_autofree char *long_ending = g_strconcat (euros, ".", ending, NULL);
  const char *const names[] = { euros, long_ending };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *numbered = seed_numbered_name (names[i], 10000);

      g_assert_cmpuint (strlen (numbered), <=, 255);
      g_assert_true (g_utf8_validate (numbered, -1, NULL));
      g_assert_nonnull (strstr (numbered, " (10000)"));
    }
}

static void
assert_printable (const char *name, const char *expected)
{
  g_autofree char *printable = seed_printable_name (name);

  g_assert_cmpstr (printable, ==, expected);
}

static void
name_is_printable (void)
{
  assert_printable ("photo \xe2\x82\xac \xf0\x9f\x8c\xb1.png",
                    "photo \xe2\x82\xac \xf0\x9f\x8c\xb1.png");
  assert_printable ("", "");
  assert_printable ("a\nb\r\033[31m\x7f", "a" REPLACED "b" REPLACED REPLACED "[31m" REPLACED);
  assert_printable ("\xc2\x9b"
                    "31m",
                    REPLACED "31m");
  assert_printable ("\xe2\x80\xaegnp.exe", REPLACED "gnp.exe");
  assert_printable ("\xe2\x81\xa6x\xe2\x81\xa9", REPLACED "x" REPLACED);
  assert_printable ("a\xe2\x80\xa8"
                    "b",
                    "a" REPLACED "b");
  assert_printable ("\xff\xfe", REPLACED REPLACED);
  assert_printable ("\xd7\xa9\xd7\x9c", "\xd7\xa9\xd7\x9c");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/safe-path/is-kept", path_is_kept);
  g_test_add_func ("/safe-path/stays-inside", path_stays_inside);
  g_test_add_func ("/safe-path/many-slashes", path_of_many_slashes);
  g_test_add_func ("/safe-path/is-not-too-deep", path_is_not_too_deep);
  g_test_add_func ("/safe-path/name/is-cut", name_is_cut);
  g_test_add_func ("/safe-path/name/is-cut-at-a-character", name_is_cut_at_a_character);
  g_test_add_func ("/safe-path/numbered", name_is_numbered);
  g_test_add_func ("/safe-path/numbered/fits", numbered_name_fits);
  g_test_add_func ("/safe-path/printable", name_is_printable);

  return g_test_run ();
}
