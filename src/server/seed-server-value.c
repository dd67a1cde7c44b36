// SPDX-License-Identifier: MIT
#include "seed-server-value.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "seed-link.h"

typedef struct
{
  gboolean (*parse) (const char *text, guint min, guint max, gpointer *value);
  gpointer (*copy) (gpointer value);
  GDestroyNotify free;
  const char *argument;
  const char *allowed;
} Kind;

static gboolean
parse_uint (const char *text, guint min, guint max, guint *value)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL))
    return FALSE;

  *value = (guint) number;
  return TRUE;
}

static gboolean
parse_bool (const char *text, gboolean *value)
{
  static const char *const yes[] = { "true", "yes", "on", "1", NULL };
  static const char *const no[] = { "false", "no", "off", "0", NULL };

  if (!g_strv_contains (yes, text) && !g_strv_contains (no, text))
    return FALSE;

  *value = g_strv_contains (yes, text);
  return TRUE;
}

static gboolean
parse_address (const char *text, guint min, guint max, gpointer *value)
{
  const char *colon = strrchr (text, ':');
  guint64 port;

  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &port, NULL))
    return FALSE;

  g_autofree char *host = g_strndup (text, (gsize) (colon - text));
  gsize length = strlen (host);
  gboolean in_brackets = length > 2 && host[0] == '[' && host[length - 1] == ']';

  /* An IPv6 address must be in brackets, so that its last group is no port. */
  if (in_brackets != (strchr (host, ':') != NULL))
    return FALSE;

  g_autofree char *bare = in_brackets ? g_strndup (host + 1, length - 2) : g_strdup (host);
  GSocketAddress *address = g_inet_socket_address_new_from_string (bare, (guint) port);

  *value = address;
  return address != NULL;
}

static gboolean
parse_url (const char *text, guint min, guint max, gpointer *value)
{
  *value = *text == '\0' ? NULL : seed_server_url_normalize (text, NULL);

  return *text == '\0' || (*value != NULL && strlen (*value) <= 1024);
}

static gboolean
parse_path (const char *text, guint min, guint max, gpointer *value)
{
  *value = *text == '\0' ? NULL : g_strdup (text);
  return TRUE;
}

static gboolean
parse_secret (const char *text, guint min, guint max, gpointer *value)
{
  *value = *text == '\0' ? NULL : g_strdup (text);
  return strlen (text) <= 256;
}

static gboolean
parse_name (const char *text, guint min, guint max, gpointer *value)
{
  *value = *text == '\0' ? NULL : g_strdup (text);

  return strlen (text) <= 64 &&
         strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == strlen (text);
}

/* (transfer full): the words of a list that is separated by commas or white space. */
static char **
split_list (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, ", \t\n", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0')
        g_strv_builder_add (builder, words[i]);
    }

  return g_strv_builder_end (builder);
}

static gboolean
parse_networks (const char *text, guint min, guint max, gpointer *value)
{
  g_auto (GStrv) words = split_list (text);
  g_autoptr (GPtrArray) networks = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; words[i] != NULL; i++)
    {
      GInetAddressMask *mask = g_inet_address_mask_new_from_string (words[i], NULL);

      if (mask == NULL)
        return FALSE;

      g_ptr_array_add (networks, mask);
    }

  *value = g_steal_pointer (&networks);
  return TRUE;
}

static gboolean
is_ice_url (const char *url)
{
  static const char *const schemes[] = { "stun:", "stuns:", "turn:", "turns:" };
  gsize length = strlen (url);

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      if (g_str_has_prefix (url, schemes[i]))
        return length > strlen (schemes[i]) && length <= 512 &&
               g_utf8_validate_len (url, length, NULL) && g_str_is_ascii (url);
    }

  return FALSE;
}

static gboolean
parse_ice (const char *text, guint min, guint max, gpointer *value)
{
  g_auto (GStrv) words = split_list (text);

  if (g_strv_length (words) > max)
    return FALSE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!is_ice_url (words[i]))
        return FALSE;
    }

  *value = g_steal_pointer (&words);
  return TRUE;
}

static gpointer
copy_string (gpointer value)
{
  return g_strdup (value);
}

static gpointer
copy_object (gpointer value)
{
  return value == NULL ? NULL : g_object_ref (value);
}

static gpointer
copy_array (gpointer value)
{
  return value == NULL ? NULL : g_ptr_array_ref (value);
}

static gpointer
copy_strv (gpointer value)
{
  return g_strdupv (value);
}

static const Kind kinds[] = {
  [SEED_SERVER_VALUE_UINT] = { NULL, NULL, NULL, N_ ("N"), NULL },
  [SEED_SERVER_VALUE_BOOL] = { NULL, NULL, NULL, N_ ("true|false"), N_ ("true or false") },
  [SEED_SERVER_VALUE_ADDRESS] = { parse_address, copy_object, g_object_unref, N_ ("ADDR:PORT"),
                                  N_ ("an address in numbers and a port, such as 127.0.0.1:8844 or "
                                      "[::1]:8844") },
  [SEED_SERVER_VALUE_URL] = { parse_url, copy_string, g_free, N_ ("URL"),
                              N_ ("an http or https address, such as https://example.org") },
  [SEED_SERVER_VALUE_PATH] = { parse_path, copy_string, g_free, N_ ("FILE"), N_ ("a path") },
  [SEED_SERVER_VALUE_SECRET] = { parse_secret, copy_string, g_free, N_ ("SECRET"),
                                 N_ ("a text of at most 256 bytes") },
  [SEED_SERVER_VALUE_NAME] = { parse_name, copy_string, g_free, N_ ("NAME"),
                               N_ ("at most 64 letters, digits, dots, dashes and underscores") },
  [SEED_SERVER_VALUE_NETWORKS] = { parse_networks, copy_array, (GDestroyNotify) g_ptr_array_unref,
                                   N_ ("LIST"),
                                   N_ ("a list of addresses and networks, such as 127.0.0.1 or "
                                       "10.0.0.0/8") },
  [SEED_SERVER_VALUE_ICE] = { parse_ice, copy_strv, (GDestroyNotify) g_strfreev, N_ ("LIST"),
                              N_ ("a list of at most eight addresses that begin with stun:, "
                                  "stuns:, "
                                  "turn: or turns:") },
};

gboolean
seed_server_value_parse (SeedServerValueType type, const char *text, guint min, guint max,
                         gpointer field)
{
  if (type == SEED_SERVER_VALUE_UINT)
    return parse_uint (text, min, max, field);
  if (type == SEED_SERVER_VALUE_BOOL)
    return parse_bool (text, field);

  gpointer value = NULL;
  gboolean parsed = kinds[type].parse (text, min, max, &value);

  if (!parsed)
    {
      g_clear_pointer (&value, kinds[type].free);
      return FALSE;
    }

  seed_server_value_clear (type, field);
  *(gpointer *) field = value;
  return TRUE;
}

char *
seed_server_value_allowed (SeedServerValueType type, guint min, guint max)
{
  if (type == SEED_SERVER_VALUE_UINT)
    return g_strdup_printf (_ ("a whole number from %u to %u"), min, max);

  return g_strdup (_ (kinds[type].allowed));
}

const char *
seed_server_value_argument (SeedServerValueType type)
{
  return _ (kinds[type].argument);
}

void
seed_server_value_own (SeedServerValueType type, gpointer field)
{
  gpointer *pointer = field;

  if (kinds[type].copy != NULL)
    *pointer = kinds[type].copy (*pointer);
}

void
seed_server_value_clear (SeedServerValueType type, gpointer field)
{
  gpointer *pointer = field;

  if (kinds[type].free != NULL)
    g_clear_pointer (pointer, kinds[type].free);
}
