// SPDX-License-Identifier: MIT
#pragma once

/* Rows at the end of a terminal that are drawn over and over, such as bars; what is printed above them
 * stays. Draws with plain VT100 sequences. */

#include "seed-cli.h"

G_BEGIN_DECLS

typedef struct _SeedCliScreen SeedCliScreen;

SeedCliScreen *seed_cli_screen_new (const SeedCliOutput *output);
void seed_cli_screen_free (SeedCliScreen *self);

/** Columns and lines of the terminal, as it is now. */
guint seed_cli_screen_get_width (SeedCliScreen *self);
guint seed_cli_screen_get_height (SeedCliScreen *self);

/** Replaces the rows by @rows, which hold no control characters but those for colour and are no wider than
 * the terminal. */
void seed_cli_screen_draw (SeedCliScreen *self, const char *const *rows);

/**
 * seed_cli_bar:
 * @width: columns
 * @colour: of the palette, from 0 on, -1 for none
 *
 * Returns: (transfer full): a bar, filled to @percent
 */
char *seed_cli_bar (const SeedCliOutput *output, guint width, int percent, int colour);

/** (transfer full): @text in colour @colour of the palette. */
char *seed_cli_paint (const SeedCliOutput *output, const char *text, int colour);

/** (transfer full): @text cut or filled with blanks to @width columns; it holds no control characters. */
char *seed_cli_fit (const char *text, guint width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedCliScreen, seed_cli_screen_free)

G_END_DECLS
