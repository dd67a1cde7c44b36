// SPDX-License-Identifier: MIT
#pragma once

/* The one error domain of Seedshot. Its codes are those that protocol.json declares, so the
 * window, the terminal, the page and the wire all name a failure the same way. */

#include "seed-protocol.h"

G_BEGIN_DECLS

#define SEED_ERROR (seed_error_quark ())
GQuark seed_error_quark (void);

/** The name of @code as it is on the wire and in JSON output, such as "share-unknown". */
const char *seed_code_name (SeedCode code);

/** The code of that @name, or %SEED_CODE_FAILED when no code is called so. */
SeedCode seed_code_from_name (const char *name);

/** The exit status of a program that ends for @code: see the manual page. */
int seed_code_exit_status (SeedCode code);

/** What happened, as a translated sentence. */
const char *seed_code_says (SeedCode code);

/** What the person can do next, as a translated sentence. */
const char *seed_code_next (SeedCode code);

/**
 * seed_error_new_code:
 *
 * Returns: (transfer full): an error whose message is the sentence of @code, for failures
 *   of which nothing more than the code is known
 */
GError *seed_error_new_code (SeedCode code);

/** The code of @error: its own in our domain, the nearest one for a GIO error. */
SeedCode seed_error_code (const GError *error);

/**
 * seed_error_describe:
 *
 * The one place where an error becomes what a person reads.
 *
 * Returns: (transfer full): what happened and what to do next, translated
 */
char *seed_error_describe (const GError *error);

G_END_DECLS
