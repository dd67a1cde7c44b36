// SPDX-License-Identifier: MIT
/* The main() of a fuzz target where there is no libFuzzer: runs each file of the folders named on
 * the command line as one test. */
#include "fuzz.h"

#include <string.h>

static void
replay (gconstpointer path)
{
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);

  /* A block of just that size, so that a sanitizer sees whoever reads past it. */
  g_autofree guint8 *exact = g_malloc (MAX (length, 1));

  memcpy (exact, data, length);
  LLVMFuzzerTestOneInput (exact, length);
}

static void
add_folder (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);

  g_assert_no_error (error);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = g_strconcat ("/seed/", name, NULL);

      g_test_add_data_func_full (path, g_build_filename (folder, name, NULL), replay, g_free);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (int i = 1; i < argc; i++)
    add_folder (argv[i]);

  return g_test_run ();
}
