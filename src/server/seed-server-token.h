// SPDX-License-Identifier: MIT
#pragma once

/* The token by which an owner proves that a share is its own: an HMAC-SHA256 of the share's id
 * under the server's key. With the key kept in a file it holds across a restart. Immutable. */

#include "seed-error.h"

G_BEGIN_DECLS

#define SEED_SERVER_KEY_SIZE 32

typedef struct _SeedServerToken SeedServerToken;

/**
 * seed_server_token_new:
 * @path: (nullable): file of the key, made with mode 0600 when it is missing; %NULL makes a key
 *   that lives as long as this object
 *
 * Returns: (transfer full): what makes and checks tokens; %NULL with @error
 *   %SEED_CODE_BAD_CONFIG where the file is no key or can't be used
 */
SeedServerToken *seed_server_token_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void seed_server_token_free (SeedServerToken *self);

/** Whether the key was there before, so that shares of an earlier run may come back. */
gboolean seed_server_token_is_old (const SeedServerToken *self);

/** (transfer full): the token of @share. */
char *seed_server_token_make (const SeedServerToken *self, const char *share);

/** Whether @token is that of @share; takes the same time whatever @token is. */
gboolean seed_server_token_check (const SeedServerToken *self, const char *share,
                                  const char *token);

/** (transfer full): an id for a new share, of characters that are not mistaken for others. */
char *seed_server_new_share_id (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerToken, seed_server_token_free)

G_END_DECLS
