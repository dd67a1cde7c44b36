// SPDX-License-Identifier: MIT
#pragma once

/* Names from the other end made fit for our disk, and names from our disk fit for a terminal.
 * Pure functions. */

#include <glib.h>

G_BEGIN_DECLS

/** The longest name of a file or folder, in bytes, on the file systems that people have. */
#define SEED_NAME_MAX 255
/** The deepest tree that is made for a received file; deeper ones are cut off at the top. */
#define SEED_DEPTH_MAX 32

/**
 * seed_safe_path:
 * @remote: a path as the sender names it, in UTF-8
 *
 * Leaves a relative path that stays below the folder it is opened in: no empty part, no "." and
 * no "..", no part over %SEED_NAME_MAX bytes (its ending is kept). Everything else that a file system
 * takes is kept as it is.
 *
 * Returns: (transfer full): the path, never empty
 */
char *seed_safe_path (const char *remote);

/**
 * seed_numbered_name:
 *
 * Returns: (transfer full): @name for the @number-th try, "photo (2).png" for 2, and @name itself
 *   for 1; at most %SEED_NAME_MAX bytes
 */
char *seed_numbered_name (const char *name, guint number);

/**
 * seed_printable_name:
 *
 * Returns: (transfer full): @name in one line of valid UTF-8, with control characters and those
 *   that change the direction of text replaced, so that a terminal shows what it is
 */
char *seed_printable_name (const char *name);

G_END_DECLS
