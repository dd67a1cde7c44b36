// SPDX-License-Identifier: MIT
#include "seed-server-address.h"

#include <string.h>

static const guint8 mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* (transfer full): takes @address. */
static GInetAddress *
unmap (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6 ||
      memcmp (bytes, mapped_prefix, sizeof mapped_prefix) != 0)
    return address;

  GInetAddress *plain =
      g_inet_address_new_from_bytes (bytes + sizeof mapped_prefix, G_SOCKET_FAMILY_IPV4);

  g_object_unref (address);
  return plain;
}

GInetAddress *
seed_server_address_plain (GSocketAddress *address)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);

  return unmap (g_object_ref (g_inet_socket_address_get_address (inet)));
}

gboolean
seed_server_address_is_trusted (GInetAddress *address, GPtrArray *trusted)
{
  for (guint i = 0; i < trusted->len; i++)
    {
      if (g_inet_address_mask_matches (trusted->pdata[i], address))
        return TRUE;
    }

  return FALSE;
}

/* (transfer full) (nullable): one entry; some proxies add the port, with or without brackets. */
static GInetAddress *
parse_entry (const char *text)
{
  g_autofree char *entry = g_strstrip (g_strdup (text));
  char *start = entry;
  char *end = NULL;

  if (*entry == '[')
    {
      start = entry + 1;
      end = strchr (start, ']');
    }
  else if (strchr (entry, '.') != NULL)
    {
      end = strchr (entry, ':') == strrchr (entry, ':') ? strchr (entry, ':') : NULL;
    }

  if (end != NULL)
    *end = '\0';

  GInetAddress *address = g_inet_address_new_from_string (start);

  return address == NULL ? NULL : unmap (address);
}

GInetAddress *
seed_server_address_client (GInetAddress *peer, const char *forwarded, GPtrArray *trusted)
{
  g_autoptr (GInetAddress) client = g_object_ref (peer);

  if (forwarded == NULL || !seed_server_address_is_trusted (peer, trusted))
    return g_steal_pointer (&client);

  g_auto (GStrv) entries = g_strsplit (forwarded, ",", -1);

  /* What is left of an entry that we can't read, or of one that is no proxy of ours, may have been
   * written by anyone. */
  for (guint i = g_strv_length (entries); i > 0; i--)
    {
      GInetAddress *address = parse_entry (entries[i - 1]);

      if (address == NULL)
        break;

      g_object_unref (client);
      client = address;

      if (!seed_server_address_is_trusted (client, trusted))
        break;
    }

  return g_steal_pointer (&client);
}

SeedServerAddressKey
seed_server_address_key (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  SeedServerAddressKey key = { 0 };

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    {
      memcpy (key.bytes, bytes, 8);
      return key;
    }

  memcpy (key.bytes, mapped_prefix, sizeof mapped_prefix);
  memcpy (key.bytes + sizeof mapped_prefix, bytes, 4);
  return key;
}

char *
seed_server_address_key_to_string (const SeedServerAddressKey *key)
{
  g_autoptr (GInetAddress) address =
      unmap (g_inet_address_new_from_bytes (key->bytes, G_SOCKET_FAMILY_IPV6));
  g_autofree char *text = g_inet_address_to_string (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return g_steal_pointer (&text);

  return g_strconcat (text, "/64", NULL);
}

guint
seed_server_address_key_hash (gconstpointer key)
{
  const SeedServerAddressKey *self = key;
  guint32 words[4];

  memcpy (words, self->bytes, sizeof words);

  return ((words[0] * 31 + words[1]) * 31 + words[2]) * 31 + words[3];
}

gboolean
seed_server_address_key_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (SeedServerAddressKey)) == 0;
}
