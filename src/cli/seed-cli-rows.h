// SPDX-License-Identifier: MIT
#pragma once

/* Shows who receives a share: a coloured bar for each receiver in a terminal, a line for each change
 * elsewhere, an event for each in JSON. */

#include "seed-cli.h"
#include "seed-share.h"

G_BEGIN_DECLS

typedef struct _SeedCliRows SeedCliRows;

/** @share: (transfer none): outlives the rows. */
SeedCliRows *seed_cli_rows_new (const SeedCliOutput *output, SeedShare *share);
void seed_cli_rows_free (SeedCliRows *self);

/** Shows @text below the rows of a terminal, or as a line of its own elsewhere; not in JSON. */
void seed_cli_rows_set_notice (SeedCliRows *self, const char *text);

/** Draws what has not been drawn yet; for the end. */
void seed_cli_rows_flush (SeedCliRows *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedCliRows, seed_cli_rows_free)

G_END_DECLS
