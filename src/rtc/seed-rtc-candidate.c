// SPDX-License-Identifier: MIT
#include "seed-rtc-candidate.h"

#include <string.h>

enum
{
  FOUNDATION,
  COMPONENT,
  TRANSPORT,
  PRIORITY,
  ADDRESS,
  PORT,
  TYP,
  TYPE,
  N_FIXED
};

#define WORDS_MAX 64
#define FOUNDATION_MAX 32

static const char *const types[] = { "host", "srflx", "prflx", "relay", NULL };
static const char *const tcp_types[] = { "active", "passive", "so", NULL };

static gboolean
is_number (const char *text, guint64 min, guint64 max)
{
  guint64 value = 0;

  return g_ascii_string_to_unsigned (text, 10, min, max, &value, NULL);
}

/* Names are left out: those of browsers end in .local, and looking one up can take seconds. The
 * browser's own checks reach us in the meantime and bring its address along. So are link-local
 * addresses of IPv6: without their interface they lead nowhere for sure, and nobody knows a machine
 * by them. */
static gboolean
is_usable (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  if (address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      g_inet_address_get_is_link_local (address))
    return FALSE;

  return address != NULL && !g_inet_address_get_is_any (address) &&
         !g_inet_address_get_is_multicast (address) && !g_inet_address_get_is_loopback (address);
}

static gboolean
is_foundation (const char *text)
{
  gsize length = strlen (text);

  return length >= 1 && length <= FOUNDATION_MAX &&
         strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+/") == length;
}

/* The value that follows @name among the extensions, which come in pairs. */
static const char *
find_extension (char **words, const char *name)
{
  for (char **word = words + N_FIXED; word[0] != NULL && word[1] != NULL; word += 2)
    if (g_str_equal (word[0], name))
      return word[1];

  return NULL;
}

static gboolean
is_candidate (char **words, const char *tcp_type)
{
  guint length = g_strv_length (words);

  if (length < N_FIXED || length > WORDS_MAX)
    return FALSE;
  if (tcp_type == NULL ? g_ascii_strcasecmp (words[TRANSPORT], "udp") != 0
                       : !g_strv_contains (tcp_types, tcp_type))
    return FALSE;

  return is_foundation (words[FOUNDATION]) && is_number (words[COMPONENT], 1, 1) &&
         is_number (words[PRIORITY], 1, G_MAXINT32) && is_usable (words[ADDRESS]) &&
         is_number (words[PORT], 1, G_MAXUINT16) && g_str_equal (words[TYP], "typ") &&
         g_strv_contains (types, words[TYPE]);
}

char *
seed_rtc_candidate_normalize (const char *text)
{
  g_auto (GStrv) words = NULL;
  const char *tcp_type = NULL;

  if (g_str_has_prefix (text, "a="))
    text += strlen ("a=");
  if (!g_str_has_prefix (text, "candidate:") || strlen (text) > 1024)
    return NULL;

  words = g_strsplit (text + strlen ("candidate:"), " ", WORDS_MAX + 1);
  if (g_strv_length (words) > N_FIXED && g_ascii_strcasecmp (words[TRANSPORT], "tcp") == 0)
    tcp_type = find_extension (words, "tcptype");
  if (!is_candidate (words, tcp_type))
    return NULL;

  return g_strdup_printf ("candidate:%s 1 %s %s %s %s typ %s%s%s", words[FOUNDATION],
                          tcp_type != NULL ? "TCP" : "UDP", words[PRIORITY], words[ADDRESS],
                          words[PORT], words[TYPE], tcp_type != NULL ? " tcptype " : "",
                          tcp_type != NULL ? tcp_type : "");
}
