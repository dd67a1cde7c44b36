// SPDX-License-Identifier: MIT
#include "seed-error.h"

#include <gio/gio.h>
#include <string.h>

static void
test_codes (void)
{
  for (int code = 0; code < SEED_CODE_LAST; code++)
    {
      g_test_message ("%s", seed_code_name (code));
      g_assert_cmpint (seed_code_from_name (seed_code_name (code)), ==, code);
      g_assert_true (g_str_has_suffix (seed_code_says (code), "."));
      g_assert_true (g_str_has_suffix (seed_code_next (code), "."));
      g_assert_null (strchr (seed_code_says (code), '%'));
      g_assert_cmpint (seed_code_exit_status (code), >=, 1);
      g_assert_cmpint (seed_code_exit_status (code), <=, 6);
    }
}

/* Other programs rely on these. */
static void
test_exit_statuses (void)
{
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_FAILED), ==, 1);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_SERVER_UNREACHABLE), ==, 1);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_USAGE), ==, 2);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_BAD_LINK), ==, 2);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_SHARE_UNKNOWN), ==, 3);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_SHARE_CLOSED), ==, 3);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_SHARE_LOST), ==, 3);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_REFUSED), ==, 4);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_SEAL_BROKEN), ==, 4);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_WRONG_DIGEST), ==, 5);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_FILE_UNREADABLE), ==, 6);
  g_assert_cmpint (seed_code_exit_status (SEED_CODE_DISK_FULL), ==, 6);
}

static void
test_unknown_name (void)
{
  g_assert_cmpint (seed_code_from_name (""), ==, SEED_CODE_FAILED);
  g_assert_cmpint (seed_code_from_name ("no-such-code"), ==, SEED_CODE_FAILED);
  g_assert_cmpint (seed_code_from_name ("Share-Unknown"), ==, SEED_CODE_FAILED);
}

static void
test_code_of_error (void)
{
  g_autoptr (GError) ours = seed_error_new_code (SEED_CODE_REFUSED);
  g_autoptr (GError) full = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  g_autoptr (GError) used = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "used");
  g_autoptr (GError) option = g_error_new_literal (G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "?");
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");

  g_assert_cmpint (seed_error_code (ours), ==, SEED_CODE_REFUSED);
  g_assert_cmpint (seed_error_code (full), ==, SEED_CODE_DISK_FULL);
  g_assert_cmpint (seed_error_code (used), ==, SEED_CODE_PORT_IN_USE);
  g_assert_cmpint (seed_error_code (option), ==, SEED_CODE_USAGE);
  g_assert_cmpint (seed_error_code (other), ==, SEED_CODE_FAILED);
}

static void
test_describe (void)
{
  g_autoptr (GError) error = seed_error_new_code (SEED_CODE_SHARE_UNKNOWN);
  g_autofree char *text = seed_error_describe (error);

  g_assert_cmpstr (text, ==,
                   "This share does not exist, or it has ended. Ask the sender for a new link.");

  g_autoptr (GError) bare = g_error_new_literal (SEED_ERROR, SEED_CODE_DISK_FULL, "Disk full");
  g_autofree char *whole = seed_error_describe (bare);

  g_assert_true (g_str_has_prefix (whole, "Disk full. "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error/codes", test_codes);
  g_test_add_func ("/error/exit-statuses", test_exit_statuses);
  g_test_add_func ("/error/unknown-name", test_unknown_name);
  g_test_add_func ("/error/code-of-error", test_code_of_error);
  g_test_add_func ("/error/describe", test_describe);

  return g_test_run ();
}
