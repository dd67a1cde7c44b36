// SPDX-License-Identifier: MIT
#include "seed-ice-server.h"

SeedIceServer *
seed_ice_server_new (const char *url, const char *username, const char *credential)
{
  SeedIceServer *self = g_new0 (SeedIceServer, 1);

  self->url = g_strdup (url);
  self->username = g_strdup (username);
  self->credential = g_strdup (credential);

  return self;
}

void
seed_ice_server_free (SeedIceServer *self)
{
  g_free (self->url);
  g_free (self->username);
  g_free (self->credential);
  g_free (self);
}

static gboolean
is_ice_url (const char *url)
{
  static const char *const schemes[] = { "stun:", "stuns:", "turn:", "turns:" };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      if (g_str_has_prefix (url, schemes[i]))
        return TRUE;
    }

  return FALSE;
}

GPtrArray *
seed_ice_servers_from_message (const SeedMessage *message)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func ((GDestroyNotify) seed_ice_server_free);
  guint length = seed_message_get_list_length (message, SEED_FIELD_ICE);

  for (guint i = 0; i < length; i++)
    {
      const char *url = seed_message_get_item_string (message, SEED_FIELD_ICE, i, SEED_FIELD_URL);
      const char *username =
          seed_message_get_item_string (message, SEED_FIELD_ICE, i, SEED_FIELD_USERNAME);
      const char *credential =
          seed_message_get_item_string (message, SEED_FIELD_ICE, i, SEED_FIELD_CREDENTIAL);

      if (is_ice_url (url))
        g_ptr_array_add (servers, seed_ice_server_new (url, username, credential));
    }

  return servers;
}
