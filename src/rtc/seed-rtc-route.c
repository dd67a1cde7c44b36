// SPDX-License-Identifier: MIT
#include "seed-rtc-route.h"

#include <string.h>

#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END "-----END CERTIFICATE-----"
#define IPV6_PREFIX_SIZE 8

static gboolean
is_private (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_is_link_local (address) || g_inet_address_get_is_site_local (address) ||
      g_inet_address_get_is_loopback (address))
    return TRUE;

  /* Unique local addresses, RFC 4193. */
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 && (bytes[0] & 0xfe) == 0xfc;
}

/* In one network IPv6 addresses are public and yet share their first half. */
static gboolean
share_prefix (GInetAddress *a, GInetAddress *b)
{
  return g_inet_address_get_family (a) == G_SOCKET_FAMILY_IPV6 &&
         g_inet_address_get_family (b) == G_SOCKET_FAMILY_IPV6 &&
         memcmp (g_inet_address_to_bytes (a), g_inet_address_to_bytes (b), IPV6_PREFIX_SIZE) == 0;
}

SeedPath
seed_rtc_path (const char *our_type, const char *their_type, const char *our_address,
               const char *their_address)
{
  g_autoptr (GInetAddress) ours = NULL;
  g_autoptr (GInetAddress) theirs = NULL;

  if (g_strcmp0 (our_type, "relay") == 0 || g_strcmp0 (their_type, "relay") == 0)
    return SEED_PATH_RELAYED;

  ours = our_address != NULL ? g_inet_address_new_from_string (our_address) : NULL;
  theirs = their_address != NULL ? g_inet_address_new_from_string (their_address) : NULL;
  if (ours == NULL || theirs == NULL)
    return SEED_PATH_UNKNOWN;
  if ((is_private (ours) && is_private (theirs)) || share_prefix (ours, theirs))
    return SEED_PATH_LAN;

  return SEED_PATH_DIRECT;
}

char *
seed_rtc_fingerprint_from_pem (const char *pem)
{
  const char *begin = pem != NULL ? strstr (pem, PEM_BEGIN) : NULL;
  const char *end = begin != NULL ? strstr (begin, PEM_END) : NULL;
  g_autofree char *base64 = NULL;
  g_autofree guchar *der = NULL;
  g_autofree char *digest = NULL;
  GString *text = NULL;
  gsize length = 0;

  if (end == NULL)
    return NULL;

  base64 = g_strndup (begin + strlen (PEM_BEGIN), end - begin - strlen (PEM_BEGIN));
  der = g_base64_decode (base64, &length);
  if (length == 0)
    return NULL;

  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, length);
  text = g_string_new (NULL);
  for (const char *c = digest; *c != '\0'; c += 2)
    g_string_append_printf (text, "%s%c%c", text->len > 0 ? ":" : "", g_ascii_toupper (c[0]),
                            g_ascii_toupper (c[1]));

  return g_string_free (text, FALSE);
}
