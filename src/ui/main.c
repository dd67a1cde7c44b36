// SPDX-License-Identifier: MIT
#include <glib/gi18n.h>
#include <locale.h>

#include "config.h"
#include "seed-application.h"

int
main (int argc, char **argv)
{
  (void) setlocale (LC_ALL, "");
  (void) bindtextdomain (GETTEXT_PACKAGE, SEED_LOCALEDIR);
  (void) bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  (void) textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Seedshot");

  g_autoptr (SeedApplication) application = seed_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
