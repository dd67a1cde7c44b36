// SPDX-License-Identifier: MIT
#pragma once

/* One message of the protocol: a type and its fields, always within what protocol.json
 * declares. Reference counted; once parsed or sent it is not changed. Any thread. */

#include "seed-error.h"
#include "seed-protocol-table.h"

G_BEGIN_DECLS

typedef struct _SeedMessage SeedMessage;

/**
 * seed_message_parse:
 * @text: (nullable): what came from outside; need not be NUL-terminated nor valid UTF-8
 * @length: bytes of @text
 * @channel: the channel that it came by
 * @role: who we are; a message that is not for this role is an error
 *
 * Checks @text against the declaration. Unknown fields are dropped; an unknown type is
 * %SEED_CODE_UNKNOWN_TYPE, more bytes than the channel takes %SEED_CODE_TOO_LARGE, anything
 * else that does not fit %SEED_CODE_BAD_MESSAGE.
 *
 * Returns: (transfer full): the message, or %NULL with @error set
 */
SeedMessage *seed_message_parse (const char *text, gsize length, SeedMessageChannel channel,
                                 SeedRole role, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** (transfer full): an empty message of that type, to be filled by the setters. */
SeedMessage *seed_message_new (SeedMessageType type);

SeedMessage *seed_message_ref (SeedMessage *self);
void seed_message_unref (SeedMessage *self);

SeedMessageType seed_message_type (const SeedMessage *self);
const char *seed_message_type_name (SeedMessageType type);

/**
 * seed_message_to_json:
 *
 * Setting a field that the declaration lacks, or leaving one out that it asks for, is a bug
 * in the caller and asserted here.
 *
 * Returns: (transfer full): the text to send
 */
char *seed_message_to_json (const SeedMessage *self);

gboolean seed_message_has (const SeedMessage *self, const char *field);

/** (nullable): the string, owned by the message; %NULL where an optional one is absent. */
const char *seed_message_get_string (const SeedMessage *self, const char *field);
gint64 seed_message_get_uint (const SeedMessage *self, const char *field);
gboolean seed_message_get_bool (const SeedMessage *self, const char *field);

/** The code; %SEED_CODE_FAILED where an optional one is absent. */
SeedCode seed_message_get_code (const SeedMessage *self, const char *field);

guint seed_message_get_list_length (const SeedMessage *self, const char *field);

/** (nullable): a string inside record @index of a list, owned by the message. */
const char *seed_message_get_item_string (const SeedMessage *self, const char *field, guint index,
                                          const char *key);
gint64 seed_message_get_item_uint (const SeedMessage *self, const char *field, guint index,
                                   const char *key);

void seed_message_set_string (SeedMessage *self, const char *field, const char *value);
void seed_message_set_uint (SeedMessage *self, const char *field, gint64 value);
void seed_message_set_bool (SeedMessage *self, const char *field, gboolean value);
void seed_message_set_code (SeedMessage *self, const char *field, SeedCode value);

/** Makes @field a list, empty at first. */
void seed_message_set_list (SeedMessage *self, const char *field);

/** Appends an empty record to the list @field; the item setters below fill the last one. */
void seed_message_add_item (SeedMessage *self, const char *field);
void seed_message_set_item_string (SeedMessage *self, const char *field, const char *key,
                                   const char *value);
void seed_message_set_item_uint (SeedMessage *self, const char *field, const char *key,
                                 gint64 value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedMessage, seed_message_unref)

G_END_DECLS
