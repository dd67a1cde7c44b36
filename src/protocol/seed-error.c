// SPDX-License-Identifier: MIT
#include "seed-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "seed-protocol-table.h"

G_DEFINE_QUARK (seed_error_quark, seed_error)

const char *
seed_code_name (SeedCode code)
{
  return seed_code_specs[code].name;
}

SeedCode
seed_code_from_name (const char *name)
{
  for (int code = 0; code < SEED_CODE_LAST; code++)
    {
      if (g_str_equal (seed_code_specs[code].name, name))
        return code;
    }

  return SEED_CODE_FAILED;
}

int
seed_code_exit_status (SeedCode code)
{
  return seed_code_specs[code].exit_status;
}

const char *
seed_code_says (SeedCode code)
{
  return _ (seed_code_specs[code].says);
}

const char *
seed_code_next (SeedCode code)
{
  return _ (seed_code_specs[code].next);
}

GError *
seed_error_new_code (SeedCode code)
{
  return g_error_new_literal (SEED_ERROR, (int) code, seed_code_says (code));
}

SeedCode
seed_error_code (const GError *error)
{
  if (error->domain == SEED_ERROR)
    return error->code;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return SEED_CODE_DISK_FULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return SEED_CODE_PORT_IN_USE;

  if (error->domain == G_OPTION_ERROR)
    return SEED_CODE_USAGE;

  return SEED_CODE_FAILED;
}

char *
seed_error_describe (const GError *error)
{
  /* GIO's messages are no whole sentences. */
  gboolean ends = *error->message == '\0' ||
                  strchr (".!?", error->message[strlen (error->message) - 1]) != NULL;

  return g_strdup_printf ("%s%s %s", error->message, ends ? "" : ".",
                          seed_code_next (seed_error_code (error)));
}
