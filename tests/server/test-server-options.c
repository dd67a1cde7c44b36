// SPDX-License-Identifier: MIT
#include "seed-server-options.h"

#include <glib/gstdio.h>
#include <string.h>

/* (transfer full) (nullable): what comes of a command line, an environment and a file, each of them
 * (nullable) and its parts separated by bars. */
static SeedServerConfig *
load (const char *command_line, const char *environment, const char *file, GError **error)
{
  g_autoptr (SeedServerOptions) options = seed_server_options_new ();
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *path = NULL;
  g_autofree char *line = g_strconcat ("program|", command_line, NULL);
  g_auto (GStrv) arguments = g_strsplit (line, "|", -1);
  g_auto (GStrv) variables = g_strsplit (environment == NULL ? "" : environment, "|", -1);

  if (file != NULL)
    {
      int fd = g_file_open_tmp ("seed-test-XXXXXX", &path, NULL);
      g_autofree char *argument = NULL;

      g_assert_cmpint (fd, >=, 0);
      g_close (fd, NULL);
      g_assert_true (g_file_set_contents (path, file, -1, NULL));
      argument = g_strconcat (line, "|--config|", path, NULL);
      g_strfreev (arguments);
      arguments = g_strsplit (argument, "|", -1);
    }

  g_option_context_set_main_group (context, seed_server_options_group (options));
  SeedServerConfig *config = NULL;

  if (g_option_context_parse_strv (context, &arguments, error))
    config = seed_server_options_load (options, variables, error);

  if (path != NULL)
    g_unlink (path);

  return config;
}

static void
test_precedence (void)
{
  const char *environment = "SEEDSHOT_SERVER_SOCKETS=3|SEEDSHOT_SERVER_GRACE_SECONDS=3|HOME=/x";
  const char *file = "[server]\nsockets=2\ngrace-seconds = 2\npong-seconds=2\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedServerConfig) config = load ("--sockets=4", environment, file, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (config->sockets, ==, 4);
  g_assert_cmpuint (config->grace_seconds, ==, 3);
  g_assert_cmpuint (config->pong_seconds, ==, 2);
  g_assert_cmpuint (config->ping_seconds, ==, 20);
}

static void
expect_bad (const char *command_line, const char *environment, const char *file, const char *name,
            const char *source)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedServerConfig) config = load (command_line, environment, file, &error);

  g_assert_null (config);
  g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_nonnull (strstr (error->message, source));
}

static void
test_bad (void)
{
  expect_bad ("--sockets=x", NULL, NULL, "sockets", "the command line");
  expect_bad (NULL, "SEEDSHOT_SERVER_SOCKETS=x", NULL, "sockets", "SEEDSHOT_SERVER_SOCKETS");
  expect_bad (NULL, NULL, "[server]\nsockets=x\n", "sockets", "seed-test-");
  expect_bad (NULL, NULL, "[server]\nsokets=5\n", "sokets", "seed-test-");
  expect_bad (NULL, NULL, "[sever]\nsockets=5\n", "config", "seed-test-");
  expect_bad (NULL, NULL, "sockets=5\n", "config", "seed-test-");
  expect_bad (NULL, NULL, "[server]\nsockets=5\\q\n", "sockets", "seed-test-");
  expect_bad ("--config=/nowhere/at/all", NULL, NULL, "config", "/nowhere/at/all");
  expect_bad (NULL, "SEEDSHOT_SERVER_CONFIG=/nowhere/at/all", NULL, "config", "/nowhere/at/all");
  expect_bad ("--ice=turn:turn.example.org", NULL, NULL, "turn-secret", "ice");

  /* A wrong value counts even where another source overrides it. */
  expect_bad ("--sockets=5", NULL, "[server]\nsockets=x\n", "sockets", "seed-test-");
}

static void
test_unknown_option (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedServerConfig) config = load ("--sokets=5", NULL, NULL, &error);

  g_assert_null (config);
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION);
}

/* The example lists every setting with its default, commented out, and loads once it is not. */
static void
test_example (void)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "..", "data", "seedshot-server.conf", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  for (guint i = 0; (name = seed_server_config_name (i)) != NULL; i++)
    {
      g_autofree char *line = g_strdup_printf ("\n#%s=%s\n", name, seed_server_config_default (i));
      char *found = strstr (text, line);

      if (found == NULL)
        g_error ("the example lacks the line “%s”", g_strstrip (line));

      found[1] = ' ';
    }

  g_autoptr (SeedServerConfig) config = load (NULL, NULL, text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (config);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/options/precedence", test_precedence);
  g_test_add_func ("/server/options/bad", test_bad);
  g_test_add_func ("/server/options/unknown-option", test_unknown_option);
  g_test_add_func ("/server/options/example", test_example);

  return g_test_run ();
}
