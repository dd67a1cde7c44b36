// SPDX-License-Identifier: MIT
#include "seed-message.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "seed-json-check.h"

/* Far deeper than any message; json-glib recurses, so what is deeper is refused unparsed. */
#define MAX_DEPTH 8

struct _SeedMessage
{
  gatomicrefcount references;
  SeedMessageType type;
  JsonObject *fields;
};

static SeedMessage *
message_new (SeedMessageType type)
{
  SeedMessage *self = g_new0 (SeedMessage, 1);

  g_atomic_ref_count_init (&self->references);
  self->type = type;
  self->fields = json_object_new ();

  return self;
}

SeedMessage *
seed_message_new (SeedMessageType type)
{
  return message_new (type);
}

SeedMessage *
seed_message_ref (SeedMessage *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
seed_message_unref (SeedMessage *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  json_object_unref (self->fields);
  g_free (self);
}

static gboolean
bad_message (GError **error, const char *message, const char *field, const char *problem)
{
  g_set_error (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE, "%s.%s: %s", message, field, problem);
  return FALSE;
}

static gsize
channel_limit (SeedMessageChannel channel)
{
  return channel == SEED_CHANNEL_CONTROL ? SEED_CONTROL_MESSAGE_MAX : SEED_SIGNALLING_MESSAGE_MAX;
}

static const char *
check_string (const SeedFieldSpec *spec, JsonNode *node)
{
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return "not a string";

  const char *value = json_node_get_string (node);
  gint64 length = (gint64) strlen (value);

  if (length < spec->min || length > spec->max)
    return "of a wrong length";
  if (spec->charset != NULL && strspn (value, spec->charset) != (gsize) length)
    return "has a character that may not be in it";

  return NULL;
}

/* JSON knows one kind of number: 1e3 and 1.0 are whole ones. */
static gboolean
is_whole (JsonNode *node)
{
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_DOUBLE)
    return FALSE;

  double value = json_node_get_double (node);

  return fabs (value) <= (double) SEED_SIZE_MAX && value == trunc (value);
}

static const char *
check_uint (const SeedFieldSpec *spec, JsonNode *node)
{
  if (!is_whole (node))
    return "not a whole number";

  gint64 value = json_node_get_int (node);

  return value < spec->min || value > spec->max ? "out of bounds" : NULL;
}

static const char *
check_code (JsonNode *node)
{
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return "not a string";

  const char *name = json_node_get_string (node);
  SeedCode code = seed_code_from_name (name);

  return g_str_equal (seed_code_name (code), name) ? NULL : "not a known code";
}

static gboolean check_record (const SeedRecordSpec *spec, JsonObject *from, JsonObject *into,
                              const char *message, GError **error);

static gboolean
check_list (const SeedFieldSpec *spec, JsonNode *node, JsonObject *into, const char *message,
            GError **error)
{
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return bad_message (error, message, spec->name, "not a list");

  JsonArray *items = json_node_get_array (node);
  guint length = json_array_get_length (items);

  if (length < spec->min || length > spec->max)
    return bad_message (error, message, spec->name, "of a wrong length");

  g_autoptr (JsonArray) checked = json_array_sized_new (length);

  for (guint i = 0; i < length; i++)
    {
      JsonNode *item = json_array_get_element (items, i);
      g_autoptr (JsonObject) record = json_object_new ();

      if (!JSON_NODE_HOLDS_OBJECT (item))
        return bad_message (error, message, spec->name, "holds something that is no record");
      if (!check_record (spec->items, json_node_get_object (item), record, message, error))
        return FALSE;

      json_array_add_object_element (checked, g_steal_pointer (&record));
    }

  json_object_set_array_member (into, spec->name, g_steal_pointer (&checked));
  return TRUE;
}

static gboolean
check_field (const SeedFieldSpec *spec, JsonNode *node, JsonObject *into, const char *message,
             GError **error)
{
  const char *problem = NULL;

  switch (spec->type)
    {
    case SEED_TYPE_STRING:
      problem = check_string (spec, node);
      break;
    case SEED_TYPE_UINT:
      problem = check_uint (spec, node);
      break;
    case SEED_TYPE_BOOL:
      problem = json_node_get_value_type (node) == G_TYPE_BOOLEAN ? NULL : "not true or false";
      break;
    case SEED_TYPE_CODE:
      problem = check_code (node);
      break;
    case SEED_TYPE_LIST:
      return check_list (spec, node, into, message, error);
    }

  if (problem != NULL)
    return bad_message (error, message, spec->name, problem);

  if (spec->type == SEED_TYPE_UINT)
    json_object_set_int_member (into, spec->name, json_node_get_int (node));
  else
    json_object_set_member (into, spec->name, json_node_copy (node));

  return TRUE;
}

/* Copies what the declaration knows, so that nothing else ever reaches the rest of the code. */
static gboolean
check_record (const SeedRecordSpec *spec, JsonObject *from, JsonObject *into, const char *message,
              GError **error)
{
  for (guint i = 0; i < spec->n_fields; i++)
    {
      const SeedFieldSpec *field = &spec->fields[i];
      JsonNode *node = json_object_get_member (from, field->name);

      if (node == NULL && field->optional)
        continue;
      if (node == NULL)
        return bad_message (error, message, field->name, "missing");
      if (!check_field (field, node, into, message, error))
        return FALSE;
    }

  return TRUE;
}

static const SeedMessageSpec *
find_spec (const char *name, SeedMessageChannel channel, SeedRole role, SeedMessageType *type)
{
  for (int i = 0; i < SEED_MESSAGE_LAST; i++)
    {
      const SeedMessageSpec *spec = &seed_message_specs[i];

      if (spec->channel == channel && (spec->to & role) != 0 && g_str_equal (spec->name, name))
        {
          *type = i;
          return spec;
        }
    }

  return NULL;
}

static gboolean
check_text (const char *text, gsize length, SeedMessageChannel channel, GError **error)
{
  if (length > channel_limit (channel))
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_TOO_LARGE, "The message is too large");
      return FALSE;
    }

  if (!g_utf8_validate_len (text, length, NULL) || !seed_json_check (text, length, MAX_DEPTH))
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE, "The message is not JSON");
      return FALSE;
    }

  return TRUE;
}

SeedMessage *
seed_message_parse (const char *text, gsize length, SeedMessageChannel channel, SeedRole role,
                    GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) problem = NULL;

  /* Of no bytes at all g_bytes_get_data() gives NULL. */
  if (text == NULL)
    text = "";
  if (!check_text (text, length, channel, error))
    return NULL;

  if (!json_parser_load_from_data (parser, text, (gssize) length, &problem))
    {
      g_set_error (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE, "Not JSON: %s", problem->message);
      return NULL;
    }

  JsonNode *root = json_parser_get_root (parser);
  JsonNode *name = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    name = json_object_get_member (json_node_get_object (root), "type");

  if (name == NULL || json_node_get_value_type (name) != G_TYPE_STRING)
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE, "The message has no type");
      return NULL;
    }

  SeedMessageType type;
  const SeedMessageSpec *spec = find_spec (json_node_get_string (name), channel, role, &type);

  if (spec == NULL)
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_UNKNOWN_TYPE,
                           "The message is of an unknown type");
      return NULL;
    }

  g_autoptr (SeedMessage) self = message_new (type);

  if (!check_record (&spec->record, json_node_get_object (root), self->fields, spec->name, error))
    return NULL;

  return g_steal_pointer (&self);
}

SeedMessageType
seed_message_type (const SeedMessage *self)
{
  return self->type;
}

const char *
seed_message_type_name (SeedMessageType type)
{
  return seed_message_specs[type].name;
}

char *
seed_message_to_json (const SeedMessage *self)
{
  const SeedMessageSpec *spec = &seed_message_specs[self->type];
  g_autoptr (JsonObject) checked = json_object_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GError) error = NULL;

  if (!check_record (&spec->record, self->fields, checked, spec->name, &error))
    g_error ("a message of our own breaks the protocol: %s", error->message);

  json_object_set_string_member (checked, "type", spec->name);
  json_node_set_object (root, checked);

  return json_to_string (root, FALSE);
}

gboolean
seed_message_has (const SeedMessage *self, const char *field)
{
  return json_object_has_member (self->fields, field);
}

const char *
seed_message_get_string (const SeedMessage *self, const char *field)
{
  return json_object_get_string_member_with_default (self->fields, field, NULL);
}

gint64
seed_message_get_uint (const SeedMessage *self, const char *field)
{
  return json_object_get_int_member_with_default (self->fields, field, 0);
}

gboolean
seed_message_get_bool (const SeedMessage *self, const char *field)
{
  return json_object_get_boolean_member_with_default (self->fields, field, FALSE);
}

SeedCode
seed_message_get_code (const SeedMessage *self, const char *field)
{
  const char *name = seed_message_get_string (self, field);

  return name == NULL ? SEED_CODE_FAILED : seed_code_from_name (name);
}

static JsonObject *
get_item (const SeedMessage *self, const char *field, guint index)
{
  return json_array_get_object_element (json_object_get_array_member (self->fields, field), index);
}

guint
seed_message_get_list_length (const SeedMessage *self, const char *field)
{
  return json_array_get_length (json_object_get_array_member (self->fields, field));
}

const char *
seed_message_get_item_string (const SeedMessage *self, const char *field, guint index,
                              const char *key)
{
  return json_object_get_string_member_with_default (get_item (self, field, index), key, NULL);
}

gint64
seed_message_get_item_uint (const SeedMessage *self, const char *field, guint index,
                            const char *key)
{
  return json_object_get_int_member_with_default (get_item (self, field, index), key, 0);
}

void
seed_message_set_string (SeedMessage *self, const char *field, const char *value)
{
  json_object_set_string_member (self->fields, field, value);
}

void
seed_message_set_uint (SeedMessage *self, const char *field, gint64 value)
{
  json_object_set_int_member (self->fields, field, value);
}

void
seed_message_set_bool (SeedMessage *self, const char *field, gboolean value)
{
  json_object_set_boolean_member (self->fields, field, value);
}

void
seed_message_set_code (SeedMessage *self, const char *field, SeedCode value)
{
  json_object_set_string_member (self->fields, field, seed_code_name (value));
}

void
seed_message_set_list (SeedMessage *self, const char *field)
{
  json_object_set_array_member (self->fields, field, json_array_new ());
}

void
seed_message_add_item (SeedMessage *self, const char *field)
{
  json_array_add_object_element (json_object_get_array_member (self->fields, field),
                                 json_object_new ());
}

static JsonObject *
last_item (SeedMessage *self, const char *field)
{
  return get_item (self, field, seed_message_get_list_length (self, field) - 1);
}

void
seed_message_set_item_string (SeedMessage *self, const char *field, const char *key,
                              const char *value)
{
  json_object_set_string_member (last_item (self, field), key, value);
}

void
seed_message_set_item_uint (SeedMessage *self, const char *field, const char *key, gint64 value)
{
  json_object_set_int_member (last_item (self, field), key, value);
}
