// SPDX-License-Identifier: MIT
#include "seed-cli-json.h"

#include <json-glib/json-glib.h>

struct _SeedCliEvent
{
  JsonObject *object;
};

SeedCliEvent *
seed_cli_event_new (const char *name)
{
  SeedCliEvent *self = g_new0 (SeedCliEvent, 1);

  self->object = json_object_new ();
  json_object_set_string_member (self->object, "event", name);

  return self;
}

void
seed_cli_event_free (SeedCliEvent *self)
{
  json_object_unref (self->object);
  g_free (self);
}

void
seed_cli_event_string (SeedCliEvent *self, const char *key, const char *value)
{
  if (value == NULL)
    json_object_set_null_member (self->object, key);
  else
    json_object_set_string_member (self->object, key, value);
}

void
seed_cli_event_int (SeedCliEvent *self, const char *key, gint64 value)
{
  json_object_set_int_member (self->object, key, value);
}

void
seed_cli_event_print (SeedCliEvent *self, FILE *stream)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, self->object);
  g_autofree char *text = json_to_string (node, FALSE);

  (void) fprintf (stream, "%s\n", text);
  (void) fflush (stream);
}
