// SPDX-License-Identifier: MIT
#pragma once

/* The link that is shared: `<server>/<share id>#<secret>`. The server learns everything up to
 * the '#', and nothing behind it. Immutable; any thread. */

#include "seed-error.h"

G_BEGIN_DECLS

typedef struct
{
  char *server; /* http or https, without a slash at the end */
  char *share;  /* %SEED_SHARE_ID_LENGTH characters */
  guint8 secret[SEED_SECRET_SIZE];
} SeedLink;

/** (transfer full): a link to @share at @server with a new secret. */
SeedLink *seed_link_new (const char *server, const char *share);

/**
 * seed_link_parse:
 * @text: as a person typed or pasted it; white space around it is dropped
 *
 * Returns: (transfer full): the link, or %NULL with @error %SEED_CODE_BAD_LINK
 */
SeedLink *seed_link_parse (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** (transfer full): the link as text. It holds the secret: it is never logged. */
char *seed_link_to_string (const SeedLink *self);

/** (transfer full) */
SeedLink *seed_link_copy (const SeedLink *self);

void seed_link_free (SeedLink *self);

/**
 * seed_server_url_normalize:
 *
 * Returns: (transfer full): @text as an http or https URL without query, fragment and slash at
 *   its end; %NULL with @error %SEED_CODE_BAD_CONFIG when it is none
 */
char *seed_server_url_normalize (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedLink, seed_link_free)

G_END_DECLS
