// SPDX-License-Identifier: MIT
#include "seed-base64url.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "seed-protocol.h"

char *
seed_base64url_encode (const guint8 *data, gsize length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

guint8 *
seed_base64url_decode (const char *text, gsize *length)
{
  gsize n = strlen (text);

  if (strspn (text, SEED_CHARSET_BASE64URL) != n || n % 4 == 1)
    return NULL;

  g_autofree char *padded = g_strconcat (text, &"==="[3 - (4 - n % 4) % 4], NULL);

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');

  g_autofree guint8 *data = g_base64_decode (padded, length);
  g_autofree char *again = seed_base64url_encode (data, *length);

  /* Bits behind the last byte would let two texts mean the same. */
  return g_str_equal (again, text) ? g_steal_pointer (&data) : NULL;
}

void
seed_random_bytes (guint8 *data, gsize length)
{
  if (gnutls_rnd (GNUTLS_RND_KEY, data, length) != 0)
    g_error ("the system gives no random bytes");
}

char *
seed_random_base64url (gsize length)
{
  g_autofree guint8 *raw = g_malloc (length);

  seed_random_bytes (raw, length);
  return seed_base64url_encode (raw, length);
}
