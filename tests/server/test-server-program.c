// SPDX-License-Identifier: MIT

/* The program itself: what it says, how it ends, and that it outlives having no file descriptors. */

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "fixture.h"

typedef struct
{
  GSubprocess *process;
  GDataInputStream *output;
  guint16 port;
} Program;

static const char *program_path; /* from the command line */

static void
limit_files (gpointer data)
{
  struct rlimit limit = { GPOINTER_TO_UINT (data), GPOINTER_TO_UINT (data) };

  setrlimit (RLIMIT_NOFILE, &limit);
}

/* (transfer full): the program started with @arguments; %NULL ends them. */
static GSubprocess *
spawn (guint files, const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GPtrArray) line = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (line, (char *) program_path);

  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (line, (char *) arguments[i]);

  g_ptr_array_add (line, NULL);

  if (files > 0)
    g_subprocess_launcher_set_child_setup (launcher, limit_files, GUINT_TO_POINTER (files), NULL);

  GSubprocess *process =
      g_subprocess_launcher_spawnv (launcher, (const char *const *) line->pdata, &error);

  g_assert_no_error (error);
  return process;
}

static void
program_start (Program *self, guint files, const char *const *arguments)
{
  static const char prefix[] = "{\"event\":\"listening\",\"url\":\"http://127.0.0.1:";
  g_autoptr (GError) error = NULL;

  self->process = spawn (files, arguments);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_autofree char *line = g_data_input_stream_read_line (self->output, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, prefix));
  self->port = (guint16) g_ascii_strtoull (line + strlen (prefix), NULL, 10);
  g_assert_true (g_str_has_suffix (line, "\"}"));
}

static void
program_stop (Program *self, int signal)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (self->process, signal);
  g_subprocess_wait (self->process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (self->process));
  g_assert_cmpint (g_subprocess_get_exit_status (self->process), ==, 0);
  g_object_unref (self->output);
  g_object_unref (self->process);
}

static void
test_signals (void)
{
  static const int signals[] = { SIGINT, SIGTERM };
  const char *const arguments[] = { "--json", "--listen=127.0.0.1:0", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      Program program;

      program_start (&program, 0, arguments);
      g_autoptr (TestClient) client = test_client_connect (program.port, "127.0.0.1");

      test_client_upgrade (client, "");
      program_stop (&program, signals[i]);
      test_client_expect_error (client, SEED_CODE_SERVER_CLOSING);
    }
}

/* Runs to the end and returns the exit status; what it said goes to @says, on either stream. */
static int
run (const char *const *arguments, char **says)
{
  g_autoptr (GSubprocess) process = spawn (0, arguments);
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  *says = g_strconcat (output, errors, NULL);
  return g_subprocess_get_exit_status (process);
}

static void
expect_run (int status, const char *const *arguments, const char *text)
{
  g_autofree char *says = NULL;

  g_assert_cmpint (run (arguments, &says), ==, status);

  if (strstr (says, text) == NULL)
    g_error ("it does not say “%s”: %s", text, says);
}

static void
test_settings (void)
{
  const char *name;

  for (guint i = 0; (name = seed_server_config_name (i)) != NULL; i++)
    {
      g_autofree char *option = g_strdup_printf ("--%s=", name);

      expect_run (0, (const char *const[]){ "--help", NULL }, option);
    }

  expect_run (0, (const char *const[]){ "--version", NULL }, "seedshot-server ");
  expect_run (2, (const char *const[]){ "--sockets=many", NULL }, "“many”");
  expect_run (2, (const char *const[]){ "--sokets=1", NULL }, "--sokets");
  expect_run (2, (const char *const[]){ "stray", NULL }, "stray");
  expect_run (2, (const char *const[]){ "--json", "--sockets=0", NULL },
              "{\"event\":\"error\",\"code\":\"bad-config\"");
  expect_run (2, (const char *const[]){ "--state-key=/nowhere/key", NULL }, "state-key");
}

static void
test_port_in_use (void)
{
  Program program;

  program_start (&program, 0, (const char *const[]){ "--json", "--listen=127.0.0.1:0", NULL });
  g_autofree char *taken = g_strdup_printf ("--listen=127.0.0.1:%u", program.port);
  g_autofree char *where = g_strdup_printf ("127.0.0.1:%u", program.port);

  expect_run (1, (const char *const[]){ taken, NULL }, where);
  expect_run (1, (const char *const[]){ "--json", taken, NULL }, "\"port-in-use\"");
  program_stop (&program, SIGTERM);
}

/* (transfer full): the answer to a request, or "" where the server would not talk. */
static char *
ask (guint16 port)
{
  g_autoptr (TestClient) client = test_client_try_connect (port, "127.0.0.1");
  const char *request = "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";

  if (client == NULL || !test_client_try_write (client, request, strlen (request)))
    return g_strdup ("");

  return test_client_read_all (client);
}

static void
test_no_files (void)
{
  Program program;
  g_autoptr (GPtrArray) storm = g_ptr_array_new_with_free_func ((GDestroyNotify) test_client_free);
  g_autofree char *answer = NULL;

  program_start (&program, 64, (const char *const[]){ "--json", "--listen=127.0.0.1:0", NULL });

  for (guint i = 0; i < 200; i++)
    {
      TestClient *client = test_client_try_connect (program.port, "127.0.0.1");

      if (client != NULL)
        g_ptr_array_add (storm, client);
    }

  /* The last came when there was nothing left. */
  g_assert_true (test_client_wait_end (storm->pdata[storm->len - 1], TEST_SECONDS));

  /* Those that ended take the limit away again; the server may need a turn to see it. */
  g_ptr_array_set_size (storm, 0);
  gint64 until = g_get_monotonic_time () + (gint64) TEST_SECONDS * G_USEC_PER_SEC;

  for (answer = ask (program.port); !g_str_has_prefix (answer, "HTTP/1.1 200 ");
       answer = ask (program.port))
    {
      g_free (answer);
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (10 * 1000); /* sleep: the server has no way to say that it sees them gone */
    }

  program_stop (&program, SIGTERM);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program_path = argv[1];

  g_test_add_func ("/server/program/signals", test_signals);
  g_test_add_func ("/server/program/settings", test_settings);
  g_test_add_func ("/server/program/port-in-use", test_port_in_use);
  g_test_add_func ("/server/program/no-files", test_no_files);

  return g_test_run ();
}
