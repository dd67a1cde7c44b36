// SPDX-License-Identifier: MIT
#pragma once

/* Whether a text is JSON to the letter (RFC 8259). json-glib takes comments, single quotes, octal
 * and hexadecimal numbers, raw line breaks and more, and wraps numbers that are too large; a
 * browser takes none of it. What passes here means the same to both. Any thread. */

#include <glib.h>

G_BEGIN_DECLS

/**
 * seed_json_check:
 * @text: valid UTF-8, need not be NUL-terminated
 * @length: bytes of @text
 * @max_depth: how deep lists and records may be nested
 *
 * Whole numbers of more than 18 digits, which 64 bits may not hold, and strings that hold a NUL
 * or half of a surrogate pair are refused as well.
 *
 * Returns: whether @text is one JSON value
 */
gboolean seed_json_check (const char *text, gsize length, guint max_depth);

G_END_DECLS
