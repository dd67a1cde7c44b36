// SPDX-License-Identifier: MIT
#include "vectors.h"

#include <string.h>

JsonObject *
vectors_load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", name, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);

  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

void
vectors_run (const char *name, const char *key, VectorFunc func)
{
  g_autoptr (JsonObject) vectors = vectors_load (name);
  JsonArray *list = json_object_get_array_member (vectors, key);

  g_assert_cmpuint (json_array_get_length (list), >, 0);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *vector = json_array_get_object_element (list, i);
      const char *why = vector_string (vector, "why");

      g_test_message ("%s, %s %u: %s", name, key, i, why == NULL ? "" : why);
      func (vector);
    }
}

const char *
vector_string (JsonObject *vector, const char *key)
{
  return json_object_get_string_member_with_default (vector, key, NULL);
}

gint64
vector_int (JsonObject *vector, const char *key, gint64 otherwise)
{
  return json_object_get_int_member_with_default (vector, key, otherwise);
}

GBytes *
vector_bytes (JsonObject *vector, const char *key, gsize pad, char fill)
{
  const char *hex = vector_string (vector, key);
  gsize length = strlen (hex) / 2;
  guint8 *data = g_malloc (length + pad + 1);

  for (gsize i = 0; i < length; i++)
    data[i] =
        (guint8) (g_ascii_xdigit_value (hex[2 * i]) * 16 + g_ascii_xdigit_value (hex[2 * i + 1]));
  memset (data + length, fill, pad);

  return g_bytes_new_take (data, length + pad);
}

char *
to_hex (const guint8 *data, gsize length)
{
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", data[i]);

  return g_string_free (hex, FALSE);
}
