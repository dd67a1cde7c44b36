// SPDX-License-Identifier: MIT
#pragma once

/* Seals what owner and receiver say to each other through the server, so that the server can
 * neither read nor change it. One per pair and end.
 *
 *   sealed = base64url (salt[16] | counter[8, big-endian] | AES-256-GCM (text) | tag[16])
 *   key    = HKDF-SHA256 (secret, salt, label | 0 | share | 0 | peer), 32 bytes; RFC 5869
 *   nonce  = four bytes of zero | counter;  authenticated data = salt | counter
 *
 * The label differs by direction. The owner makes the salt, the receiver makes its peer id,
 * both at random and once, so neither end can be fed what was said in another session; each
 * end takes a counter only once and only upwards. Not thread-safe; owned by one thread. */

#include "seed-link.h"

G_BEGIN_DECLS

typedef struct _SeedSeal SeedSeal;

/** (transfer full): the owner's end towards the receiver called @peer. Makes the salt. */
SeedSeal *seed_seal_new_owner (const SeedLink *link, const char *peer);

/** (transfer full): the receiver's end; it learns the salt from the first message it opens. */
SeedSeal *seed_seal_new_receiver (const SeedLink *link, const char *peer);

/** As seed_seal_new_owner(), with a salt of %SEED_SALT_SIZE bytes given: for test vectors. */
SeedSeal *seed_seal_new_owner_with_salt (const SeedLink *link, const char *peer,
                                         const guint8 *salt);

/** Whether seed_seal_close() may be called: always for an owner, after the first message
 * opened for a receiver. */
gboolean seed_seal_is_ready (const SeedSeal *self);

/** (transfer full): @text, sealed. */
char *seed_seal_close (SeedSeal *self, const char *text);

/**
 * seed_seal_open:
 *
 * Returns: (transfer full): the text inside @sealed, NUL-terminated, its bytes counted in
 *   @length; or %NULL with @error %SEED_CODE_SEAL_BROKEN when it was altered, comes from
 *   another session or was opened before
 */
char *seed_seal_open (SeedSeal *self, const char *sealed, gsize *length,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

void seed_seal_free (SeedSeal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedSeal, seed_seal_free)

G_END_DECLS
