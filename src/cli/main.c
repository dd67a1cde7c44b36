// SPDX-License-Identifier: MIT
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "config.h"
#include "seed-cli.h"
#include "seed-engine.h"

static const struct
{
  const char *name;
  const char *usage;
  const char *description;
  int (*run) (int argc, char **argv);
} commands[] = {
  { "send", N_ ("send FILE…"), N_ ("share files; prints the link first"), seed_cli_send },
  { "get", N_ ("get LINK"), N_ ("receive what a link leads to"), seed_cli_get },
};

static void
print_usage (FILE *stream)
{
  (void) fprintf (stream, "%s\n\n",
                  _ ("Share files straight from this machine: whoever opens the link downloads "
                     "from you."));

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    (void) fprintf (stream, "  seedshot-cli %-14s %s\n", _ (commands[i].usage),
                    _ (commands[i].description));

  (void) fprintf (stream, "  seedshot-cli %-14s %s\n\n", "--version", _ ("print the version"));
  (void) fprintf (
      stream, "%s\n",
      _ ("“seedshot-cli COMMAND --help” tells the options of a command.\n"
         "Exit status: 0 done, 1 failure, 2 usage, 3 unknown or ended share, 4 refused, "
         "5 verification failed, 6 local file error."));
}

/* What exit() takes apart, such as OpenSSL, a thread that is late would still use. */
static int
end (int status)
{
  if (seed_engine_drain ())
    return status;

  (void) fflush (NULL);
  _exit (status);
}

int
main (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : NULL;

  (void) setlocale (LC_ALL, "");
  (void) bindtextdomain (GETTEXT_PACKAGE, SEED_LOCALEDIR);
  (void) bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  (void) textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("seedshot-cli");

  /* Who reads our output may go away; that is an error of the write, not the end of the program. */
  (void) signal (SIGPIPE, SIG_IGN);

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (commands); i++)
    {
      if (g_str_equal (name, commands[i].name))
        return end (commands[i].run (argc - 1, argv + 1));
    }

  if (name != NULL && g_str_equal (name, "--version"))
    {
      (void) printf ("seedshot-cli %s\n", SEED_VERSION);
      return 0;
    }

  gboolean asked = name != NULL && (g_str_equal (name, "--help") || g_str_equal (name, "-h"));

  print_usage (asked ? stdout : stderr);
  return asked ? 0 : seed_code_exit_status (SEED_CODE_USAGE);
}
