// SPDX-License-Identifier: MIT
#pragma once

/* Base64 with the alphabet that is safe in a URL, without padding (RFC 4648, section 5). */

#include <glib.h>

G_BEGIN_DECLS

/** (transfer full): @length bytes of @data as text. */
char *seed_base64url_encode (const guint8 *data, gsize length);

/** (transfer full) (nullable): the bytes of @text, %NULL when it is not base64url to the letter. */
guint8 *seed_base64url_decode (const char *text, gsize *length);

/** Fills @data with bytes fit for a key; ends the program where the system has none. */
void seed_random_bytes (guint8 *data, gsize length);

/** (transfer full): @length bytes fit for a key, as text. */
char *seed_random_base64url (gsize length);

G_END_DECLS
