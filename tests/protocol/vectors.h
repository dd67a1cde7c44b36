// SPDX-License-Identifier: MIT
#pragma once

/* Reads the files in tests/vectors for the tests of this folder. */

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** What is done with one vector; fails the test by an assertion. */
typedef void (*VectorFunc) (JsonObject *vector);

/** (transfer full): tests/vectors/@name, a JSON object. */
JsonObject *vectors_load (const char *name);

/** Calls @func for each vector in the list @key of the file @name, with a message that tells
 * which one it is. */
void vectors_run (const char *name, const char *key, VectorFunc func);

/** (nullable): what the field @key of @vector says. */
const char *vector_string (JsonObject *vector, const char *key);
gint64 vector_int (JsonObject *vector, const char *key, gint64 otherwise);

/** (transfer full): the bytes that the field @key of @vector has in hexadecimal, then @pad times
 * @fill. */
GBytes *vector_bytes (JsonObject *vector, const char *key, gsize pad, char fill);

/** (transfer full): @data in hexadecimal. */
char *to_hex (const guint8 *data, gsize length);

G_END_DECLS
