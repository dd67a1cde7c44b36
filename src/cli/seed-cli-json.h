// SPDX-License-Identifier: MIT
#pragma once

/* One event of the JSON output: an object on a line of its own. The names are a contract with other
 * programs; the manual page lists them. */

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

typedef struct _SeedCliEvent SeedCliEvent;

SeedCliEvent *seed_cli_event_new (const char *name);
void seed_cli_event_free (SeedCliEvent *self);

/** @value: (nullable) */
void seed_cli_event_string (SeedCliEvent *self, const char *key, const char *value);
void seed_cli_event_int (SeedCliEvent *self, const char *key, gint64 value);

/** Writes the line and flushes it. */
void seed_cli_event_print (SeedCliEvent *self, FILE *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedCliEvent, seed_cli_event_free)

G_END_DECLS
