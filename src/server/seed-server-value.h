// SPDX-License-Identifier: MIT
#pragma once

/* The kinds of values that settings have: how each is read, kept, copied and explained. Used by
 * seed-server-config.c alone; any thread. */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  SEED_SERVER_VALUE_UINT,     /* guint */
  SEED_SERVER_VALUE_BOOL,     /* gboolean */
  SEED_SERVER_VALUE_ADDRESS,  /* GInetSocketAddress */
  SEED_SERVER_VALUE_URL,      /* char * */
  SEED_SERVER_VALUE_PATH,     /* char * */
  SEED_SERVER_VALUE_SECRET,   /* char *, never shown */
  SEED_SERVER_VALUE_NAME,     /* char * */
  SEED_SERVER_VALUE_NETWORKS, /* GPtrArray of GInetAddressMask */
  SEED_SERVER_VALUE_ICE,      /* char ** */
} SeedServerValueType;

/**
 * seed_server_value_parse:
 * @field: where the value goes; what was there before is freed
 *
 * Returns: whether @text is such a value. If not, @field is as it was.
 */
gboolean seed_server_value_parse (SeedServerValueType type, const char *text, guint min, guint max,
                                  gpointer field) G_GNUC_WARN_UNUSED_RESULT;

/** (transfer full): what is allowed, in words that follow “has to be”; translated. */
char *seed_server_value_allowed (SeedServerValueType type, guint min, guint max);

/** What stands for such a value in --help; translated. */
const char *seed_server_value_argument (SeedServerValueType type);

/** Makes @field, which is a byte-wise copy of another, hold a copy of its own. */
void seed_server_value_own (SeedServerValueType type, gpointer field);

void seed_server_value_clear (SeedServerValueType type, gpointer field);

G_END_DECLS
