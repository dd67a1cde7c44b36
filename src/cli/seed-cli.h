// SPDX-License-Identifier: MIT
#pragma once

/* What the commands of seedshot-cli share: how they speak, and how they end. */

#include <gio/gio.h>
#include <stdio.h>

#include "seed-error.h"

G_BEGIN_DECLS

/** How a command speaks. */
typedef struct
{
  gboolean json;     /* events, one a line */
  gboolean terminal; /* `stream` is a terminal that can be drawn on */
  gboolean colour;
  FILE *stream; /* where events, rows and paths go */
} SeedCliOutput;

/** @stream is looked at once, here. */
void seed_cli_output_init (SeedCliOutput *self, FILE *stream, gboolean json);

/** Says what went wrong, to the person and, in JSON, to the program that reads.
 *  Returns: the exit status for it */
int seed_cli_report (const SeedCliOutput *self, const GError *error);

/** Quits @loop at the first SIGINT, SIGTERM or SIGHUP by way of @stop, and the program at the second. */
void seed_cli_on_signal (GSourceFunc stop, gpointer user_data);

/** (transfer full): "0:12" or "1:02:03"; "" for a time that is not known. */
char *seed_cli_format_seconds (gint64 seconds);

/** Percent of @bytes in @size; a hundred of nothing. Never 100 before all is there. */
int seed_cli_percent (gint64 bytes, gint64 size);

int seed_cli_send (int argc, char **argv);
int seed_cli_get (int argc, char **argv);

G_END_DECLS
