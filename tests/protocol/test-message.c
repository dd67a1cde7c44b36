// SPDX-License-Identifier: MIT
#include "seed-message.h"

#include <string.h>

#include "vectors.h"

static const char *const roles[] = { "server", "owner", "receiver" };
static const char *const channels[] = { "signalling", "sealed", "control" };

static SeedRole
role_of (JsonObject *vector)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      if (g_str_equal (vector_string (vector, "to"), roles[i]))
        return 1u << i;
    }

  g_assert_not_reached ();
}

static SeedMessageChannel
channel_named (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      if (g_str_equal (name, channels[i]))
        return i;
    }

  g_assert_not_reached ();
}

/* The channel of a vector in messages/TYPE.json is that of the type. */
static SeedMessageChannel
channel_of (JsonObject *vector)
{
  const char *named = vector_string (vector, "channel");
  const char *file = vector_string (vector, "file");

  if (named != NULL)
    return channel_named (named);

  for (int type = 0; type < SEED_MESSAGE_LAST; type++)
    {
      if (g_str_equal (seed_message_specs[type].name, file))
        return seed_message_specs[type].channel;
    }

  g_assert_not_reached ();
}

static JsonNode *
repeat (JsonArray *what)
{
  gint64 times = json_array_get_int_element (what, 1);
  JsonNode *item = json_array_get_element (what, 0);
  g_autoptr (JsonArray) list = json_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (gint64 i = 0; i < times; i++)
    {
      if (JSON_NODE_HOLDS_VALUE (item))
        g_string_append (text, json_node_get_string (item));
      else
        json_array_add_element (list, json_node_copy (item));
    }

  if (JSON_NODE_HOLDS_VALUE (item))
    return json_node_init_string (json_node_alloc (), text->str);
  return json_node_init_array (json_node_alloc (), list);
}

static JsonNode *
message_of (JsonObject *vector)
{
  JsonObject *message = json_object_get_object_member (vector, "message");

  if (json_object_has_member (vector, "repeat"))
    {
      JsonObject *fields = json_object_get_object_member (vector, "repeat");
      g_autoptr (GList) names = json_object_get_members (fields);

      for (GList *l = names; l != NULL; l = l->next)
        json_object_set_member (message, l->data,
                                repeat (json_object_get_array_member (fields, l->data)));
    }

  return json_node_init_object (json_node_alloc (), message);
}

static GBytes *
text_of (JsonObject *vector)
{
  const char *text = vector_string (vector, "text");

  if (json_object_has_member (vector, "message"))
    {
      g_autoptr (JsonNode) node = message_of (vector);
      char *json = json_to_string (node, FALSE);

      return g_bytes_new_take (json, strlen (json));
    }
  if (text == NULL)
    return vector_bytes (vector, "hex", 0, 0);

  GString *whole = g_string_new (NULL);

  for (gint64 i = 0; i < vector_int (vector, "repeat-text", 1); i++)
    g_string_append (whole, text);
  while ((gint64) whole->len < vector_int (vector, "pad", 0))
    g_string_append_c (whole, ' ');

  return g_string_free_to_bytes (whole);
}

/* From a block of just that size, so that a sanitizer sees whoever reads past it. */
static SeedMessage *
parse (JsonObject *vector, GBytes *text, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  g_autofree char *exact = g_memdup2 (data, length);

  return seed_message_parse (exact, length, channel_of (vector), role_of (vector), error);
}

static void
check_invalid (JsonObject *vector)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = text_of (vector);
  g_autoptr (SeedMessage) message = parse (vector, text, &error);

  g_assert_null (message);
  g_assert_nonnull (error);
  g_assert_true (error->domain == SEED_ERROR);
  g_assert_cmpstr (seed_code_name (error->code), ==, vector_string (vector, "code"));
}

static JsonNode *
expected_of (JsonObject *vector)
{
  if (json_object_has_member (vector, "is"))
    return json_node_copy (json_object_get_member (vector, "is"));

  JsonNode *message = message_of (vector);

  json_object_remove_member (json_node_get_object (message), "later");
  return message;
}

static void
check_valid (JsonObject *vector)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = text_of (vector);
  g_autoptr (SeedMessage) message = parse (vector, text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (message);

  g_autofree char *json = seed_message_to_json (message);
  g_autoptr (JsonNode) back = json_from_string (json, NULL);
  g_autoptr (JsonNode) expected = expected_of (vector);

  g_assert_true (json_node_equal (back, expected));
}

static void
run_file (const char *file, const char *key, VectorFunc func)
{
  g_autofree char *path = g_strdup_printf ("messages/%s.json", file);
  g_autoptr (JsonObject) vectors = vectors_load (path);
  JsonArray *list = json_object_get_array_member (vectors, key);

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *vector = json_array_get_object_element (list, i);

      g_test_message ("%s %u: %s", key, i,
                      json_object_get_string_member_with_default (vector, "why", ""));
      json_object_set_string_member (vector, "file", file);
      func (vector);
    }
}

static void
test_vectors (gconstpointer data)
{
  run_file (data, "valid", check_valid);
  run_file (data, "invalid", check_invalid);
}

static void
test_texts_valid (void)
{
  vectors_run ("texts.json", "valid", check_valid);
}

static void
test_texts_invalid (void)
{
  vectors_run ("texts.json", "invalid", check_invalid);
}

static void
test_getters (void)
{
  static const char text[] =
      "{\"type\":\"files\",\"from\":7,\"entries\":[{\"path\":\"a\",\"size\":1e3,"
      "\"piece\":1048576,\"type\":\"\",\"time\":5}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedMessage) message =
      seed_message_parse (text, strlen (text), SEED_CHANNEL_CONTROL, SEED_ROLE_RECEIVER, &error);

  g_assert_no_error (error);
  g_assert_cmpint (seed_message_type (message), ==, SEED_MESSAGE_FILES);
  g_assert_cmpint (seed_message_get_uint (message, SEED_FIELD_FROM), ==, 7);
  g_assert_cmpuint (seed_message_get_list_length (message, SEED_FIELD_ENTRIES), ==, 1);
  g_assert_cmpstr (seed_message_get_item_string (message, SEED_FIELD_ENTRIES, 0, SEED_FIELD_PATH),
                   ==, "a");
  g_assert_cmpint (seed_message_get_item_uint (message, SEED_FIELD_ENTRIES, 0, SEED_FIELD_SIZE), ==,
                   1000);
}

static void
test_optional (void)
{
  static const char text[] = "{\"type\":\"bye\"}";
  g_autoptr (SeedMessage) message =
      seed_message_parse (text, strlen (text), SEED_CHANNEL_CONTROL, SEED_ROLE_OWNER, NULL);

  g_assert_false (seed_message_has (message, SEED_FIELD_CODE));
  g_assert_null (seed_message_get_string (message, SEED_FIELD_CODE));
  g_assert_cmpint (seed_message_get_code (message, SEED_FIELD_CODE), ==, SEED_CODE_FAILED);
}

static void
test_build (void)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_CREATED);
  g_autoptr (GError) error = NULL;

  seed_message_set_string (message, SEED_FIELD_SHARE, "23456789AB");
  seed_message_set_string (message, SEED_FIELD_TOKEN,
                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  seed_message_set_list (message, SEED_FIELD_ICE);
  seed_message_add_item (message, SEED_FIELD_ICE);
  seed_message_set_item_string (message, SEED_FIELD_ICE, SEED_FIELD_URL, "turn:192.0.2.1 \"\n");

  g_autofree char *json = seed_message_to_json (message);
  g_autoptr (SeedMessage) back =
      seed_message_parse (json, strlen (json), SEED_CHANNEL_SIGNALLING, SEED_ROLE_OWNER, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (seed_message_get_item_string (back, SEED_FIELD_ICE, 0, SEED_FIELD_URL), ==,
                   "turn:192.0.2.1 \"\n");
  g_assert_null (seed_message_get_item_string (back, SEED_FIELD_ICE, 0, SEED_FIELD_USERNAME));
}

/* What we say ourselves is checked as well: a bug, so the program ends. */
static void
test_build_wrong (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_PROGRESS);

      seed_message_set_uint (message, SEED_FIELD_BYTES, -1);
      g_free (seed_message_to_json (message));
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*breaks the protocol*");
}

static void
add_vectors (void)
{
  for (int type = 0; type < SEED_MESSAGE_LAST; type++)
    {
      const char *name = seed_message_type_name (type);
      g_autofree char *path = g_strconcat ("/message/vectors/", name, NULL);

      g_test_add_data_func (path, name, test_vectors);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_vectors ();
  g_test_add_func ("/message/texts/valid", test_texts_valid);
  g_test_add_func ("/message/texts/invalid", test_texts_invalid);
  g_test_add_func ("/message/getters", test_getters);
  g_test_add_func ("/message/optional", test_optional);
  g_test_add_func ("/message/build", test_build);
  g_test_add_func ("/message/build/wrong", test_build_wrong);

  return g_test_run ();
}
