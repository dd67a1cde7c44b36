// SPDX-License-Identifier: MIT
#include "seed-server-ice.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

static char *
make_username (const SeedServerConfig *config, gint64 now)
{
  gint64 expiry = now + config->turn_ttl;

  if (config->turn_name == NULL)
    return g_strdup_printf ("%" G_GINT64_FORMAT, expiry);

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%s", expiry, config->turn_name);
}

static char *
make_credential (const char *secret, const char *username)
{
  guint8 digest[20];

  if (gnutls_hmac_fast (GNUTLS_MAC_SHA1, secret, strlen (secret), username, strlen (username),
                        digest) != 0)
    g_error ("this system has no HMAC-SHA1");

  return g_base64_encode (digest, sizeof digest);
}

static void
add_server (const SeedServerConfig *config, const char *url, gint64 now, SeedMessage *message)
{
  seed_message_add_item (message, SEED_FIELD_ICE);
  seed_message_set_item_string (message, SEED_FIELD_ICE, SEED_FIELD_URL, url);

  if (!g_str_has_prefix (url, "turn") || config->turn_secret == NULL)
    return;

  g_autofree char *username = make_username (config, now);
  g_autofree char *credential = make_credential (config->turn_secret, username);

  seed_message_set_item_string (message, SEED_FIELD_ICE, SEED_FIELD_USERNAME, username);
  seed_message_set_item_string (message, SEED_FIELD_ICE, SEED_FIELD_CREDENTIAL, credential);
}

void
seed_server_ice_fill (const SeedServerConfig *config, gint64 now, SeedMessage *message)
{
  seed_message_set_list (message, SEED_FIELD_ICE);

  for (guint i = 0; config->ice[i] != NULL; i++)
    add_server (config, config->ice[i], now, message);
}
