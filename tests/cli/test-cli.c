// SPDX-License-Identifier: MIT
#include "seed-cli.h"

#include "seed-cli-screen.h"

static void
test_percent (void)
{
  g_assert_cmpint (seed_cli_percent (0, 0), ==, 100);
  g_assert_cmpint (seed_cli_percent (0, 1), ==, 0);
  g_assert_cmpint (seed_cli_percent (999, 1000), ==, 99);
  g_assert_cmpint (seed_cli_percent (1000, 1000), ==, 100);
  g_assert_cmpint (
      seed_cli_percent (G_GINT64_CONSTANT (9007199254740990), G_GINT64_CONSTANT (9007199254740991)),
      ==, 99);
}

static void
check_seconds (gint64 seconds, const char *expected)
{
  g_autofree char *text = seed_cli_format_seconds (seconds);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_seconds (void)
{
  check_seconds (-1, "");
  check_seconds (0, "0:00");
  check_seconds (59, "0:59");
  check_seconds (3599, "59:59");
  check_seconds (3600, "1:00:00");
  check_seconds (1000000000, "277777:46:40");
}

static void
check_fit (const char *text, guint width, const char *expected)
{
  g_autofree char *fitted = seed_cli_fit (text, width);

  g_assert_cmpstr (fitted, ==, expected);
}

static void
test_fit (void)
{
  check_fit ("", 0, "");
  check_fit ("", 3, "   ");
  check_fit ("abc", 0, "");
  check_fit ("abc", 1, "…");
  check_fit ("abc", 2, "a…");
  check_fit ("abc", 3, "abc");
  check_fit ("abc", 5, "abc  ");
  check_fit ("日本語", 6, "日本語");
  check_fit ("日本語", 5, "日本…");
  check_fit ("日本語", 4, "日… ");
  check_fit ("e\xcc\x81xx", 3, "e\xcc\x81xx");
}

static void
test_bar (void)
{
  SeedCliOutput plain = { .stream = stdout };
  SeedCliOutput colour = { .stream = stdout, .colour = TRUE };
  g_autofree char *empty = seed_cli_bar (&plain, 4, 0, 0);
  g_autofree char *half = seed_cli_bar (&plain, 4, 50, 0);
  g_autofree char *odd = seed_cli_bar (&plain, 4, 30, 0);
  g_autofree char *full = seed_cli_bar (&plain, 4, 100, 0);
  g_autofree char *beyond = seed_cli_bar (&plain, 4, 1000, 0);
  g_autofree char *none = seed_cli_bar (&plain, 0, 50, 0);
  g_autofree char *first = seed_cli_bar (&colour, 2, 100, 0);
  g_autofree char *second = seed_cli_bar (&colour, 2, 100, 1);
  g_autofree char *unknown = seed_cli_bar (&colour, 2, 100, -1);

  g_assert_cmpstr (empty, ==, "░░░░");
  g_assert_cmpstr (half, ==, "██░░");
  g_assert_cmpstr (odd, ==, "█▏░░");
  g_assert_cmpstr (full, ==, "████");
  g_assert_cmpstr (beyond, ==, "████");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (first, !=, second);
  g_assert_true (g_str_has_prefix (first, "\033[38;5;"));
  g_assert_true (g_str_has_suffix (first, "\033[0m"));
  g_assert_cmpstr (unknown, ==, "██");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/percent", test_percent);
  g_test_add_func ("/cli/seconds", test_seconds);
  g_test_add_func ("/cli/fit", test_fit);
  g_test_add_func ("/cli/bar", test_bar);
  return g_test_run ();
}
