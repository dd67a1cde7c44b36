// SPDX-License-Identifier: MIT
#pragma once

/* Every colour of the window, in a light and a dark set: those that the page has too, and those that
 * tell receivers apart. Constant; any thread. */

#include <glib.h>

G_BEGIN_DECLS

/** How many receivers can be told apart by colour alone. */
guint seed_colours_count (void);

/** The colour of receivers with @index, which may be any number from 0 on, as `#rrggbb`. */
const char *seed_colours_get (guint index, gboolean dark);

/** The colour of text upon @colour, `#rrggbb`: whichever of black and white is read more easily. */
const char *seed_colours_text_on (const char *colour);

/** The ratio of contrast between two colours, `#rrggbb`, from 1 to 21, as WCAG 2.1 defines it. */
double seed_colours_contrast (const char *one, const char *other);

/** What rows lie on, as `#rrggbb`. */
const char *seed_colours_get_card (gboolean dark);

/** (transfer full): the style class of a row whose colour is @index; -1 for one that has none yet. */
char *seed_colours_class (int index);

/** (transfer full): CSS that names the colours of the window, and gives each class its own. */
char *seed_colours_css (gboolean dark);

G_END_DECLS
