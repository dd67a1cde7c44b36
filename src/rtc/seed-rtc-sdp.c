// SPDX-License-Identifier: MIT
#include "seed-rtc-sdp.h"

#include <string.h>

#define ICE_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* What an end takes that says nothing about it; RFC 8841, section 6.1. */
#define MESSAGE_MAX_DEFAULT 65536
#define MESSAGE_MAX_LIMIT 262144
#define FINGERPRINT_PREFIX "sha-256 "
#define FINGERPRINT_LENGTH (SEED_DIGEST_SIZE * 3 - 1)
#define CANDIDATES_MAX 64

typedef struct
{
  const char *prefix;
  gsize offset; /* of the field in SeedRtcSdp */
  guint min;
  guint max;
  const char *charset; /* NULL where the words are checked later */
} Attribute;

static const Attribute attributes[] = {
  /* webrtcbin and the browsers count or number their media; RFC 5888 would allow more. */
  { "a=mid:", G_STRUCT_OFFSET (SeedRtcSdp, mid), 1, 32, ICE_CHARS "-_." },
  { "a=ice-ufrag:", G_STRUCT_OFFSET (SeedRtcSdp, ufrag), 4, 256, ICE_CHARS },
  { "a=ice-pwd:", G_STRUCT_OFFSET (SeedRtcSdp, password), 22, 256, ICE_CHARS },
  { "a=fingerprint:" FINGERPRINT_PREFIX, G_STRUCT_OFFSET (SeedRtcSdp, fingerprint),
    FINGERPRINT_LENGTH, FINGERPRINT_LENGTH, "0123456789ABCDEFabcdef:" },
  { "a=setup:", G_STRUCT_OFFSET (SeedRtcSdp, setup), 6, 7, NULL },
  { "a=sctp-port:", G_STRUCT_OFFSET (SeedRtcSdp, port), 1, 5, "0123456789" },
};

static gboolean
fits (const char *value, const Attribute *attribute)
{
  gsize length = strlen (value);

  return length >= attribute->min && length <= attribute->max &&
         (attribute->charset == NULL || strspn (value, attribute->charset) == length);
}

/* Takes one line; those that mean nothing to data channels are passed over. */
static gboolean
take_line (SeedRtcSdp *self, const char *line)
{
  const char *value = line;

  for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      char **field = G_STRUCT_MEMBER_P (self, attributes[i].offset);

      if (!g_str_has_prefix (line, attributes[i].prefix))
        continue;
      if (!fits (line + strlen (attributes[i].prefix), &attributes[i]))
        return FALSE;
      g_free (*field);
      *field = g_strdup (line + strlen (attributes[i].prefix));
      return TRUE;
    }

  if (g_str_has_prefix (line, "a=candidate:") && self->candidates->len < CANDIDATES_MAX)
    g_ptr_array_add (self->candidates, g_strdup (line + strlen ("a=")));
  else if (g_str_has_prefix (line, "a=max-message-size:"))
    {
      value = line + strlen ("a=max-message-size:");
      return g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &self->message_max, NULL);
    }

  return TRUE;
}

static gboolean
is_data_media (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 5);

  /* Port 0 rejects the media; RFC 8843. */
  return g_strv_length (words) == 4 && g_str_equal (words[0], "m=application") &&
         !g_str_equal (words[1], "0") &&
         (g_str_equal (words[2], "UDP/DTLS/SCTP") || g_str_equal (words[2], "TCP/DTLS/SCTP")) &&
         g_str_equal (words[3], "webrtc-datachannel");
}

static gboolean
is_complete (SeedRtcSdp *self)
{
  guint64 port = 0;

  if (self->mid == NULL || self->ufrag == NULL || self->password == NULL ||
      self->fingerprint == NULL || self->setup == NULL || self->port == NULL)
    return FALSE;

  for (gsize i = 0; i < FINGERPRINT_LENGTH; i++)
    if ((self->fingerprint[i] == ':') != (i % 3 == 2))
      return FALSE;

  /* Zero says that any size will do. */
  if (self->message_max == 0 || self->message_max > MESSAGE_MAX_LIMIT)
    self->message_max = MESSAGE_MAX_LIMIT;

  return g_ascii_string_to_unsigned (self->port, 10, 1, G_MAXUINT16, &port, NULL) &&
         self->message_max >=
             MAX (SEED_CONTROL_MESSAGE_MAX, SEED_FRAME_HEADER + SEED_FRAME_DATA_MAX) &&
         (g_str_equal (self->setup, "actpass") || g_str_equal (self->setup, "active") ||
          g_str_equal (self->setup, "passive"));
}

static gboolean
take_lines (SeedRtcSdp *self, char **lines)
{
  guint media = 0;

  for (char **line = lines; *line != NULL; line++)
    {
      g_strchomp (*line);
      if (g_str_has_prefix (*line, "m="))
        {
          if (media > 0 || !is_data_media (*line))
            return FALSE;
          media++;
        }
      else if (!take_line (self, *line))
        return FALSE;
    }

  return media == 1 && is_complete (self);
}

SeedRtcSdp *
seed_rtc_sdp_parse (const char *text, GError **error)
{
  g_autoptr (SeedRtcSdp) self = g_new0 (SeedRtcSdp, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  self->candidates = g_ptr_array_new_with_free_func (g_free);
  self->message_max = MESSAGE_MAX_DEFAULT;
  if (!g_str_has_prefix (text, "v=0") || !take_lines (self, lines))
    {
      g_propagate_error (error, seed_error_new_code (SEED_CODE_BAD_MESSAGE));
      return NULL;
    }

  for (char *c = self->fingerprint; *c != '\0'; c++)
    *c = g_ascii_toupper (*c);

  return g_steal_pointer (&self);
}

char *
seed_rtc_sdp_to_string (const SeedRtcSdp *self)
{
  return g_strdup_printf ("v=0\r\n"
                          "o=- 1 0 IN IP4 0.0.0.0\r\n"
                          "s=-\r\n"
                          "t=0 0\r\n"
                          "a=group:BUNDLE %s\r\n"
                          "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
                          "c=IN IP4 0.0.0.0\r\n"
                          "a=mid:%s\r\n"
                          "a=ice-ufrag:%s\r\n"
                          "a=ice-pwd:%s\r\n"
                          "a=ice-options:trickle\r\n"
                          "a=fingerprint:" FINGERPRINT_PREFIX "%s\r\n"
                          "a=setup:%s\r\n"
                          "a=sctp-port:%s\r\n"
                          "a=max-message-size:%" G_GUINT64_FORMAT "\r\n",
                          self->mid, self->mid, self->ufrag, self->password, self->fingerprint,
                          self->setup, self->port, self->message_max);
}

void
seed_rtc_sdp_free (SeedRtcSdp *self)
{
  g_free (self->mid);
  g_free (self->ufrag);
  g_free (self->password);
  g_free (self->fingerprint);
  g_free (self->setup);
  g_free (self->port);
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
  g_free (self);
}
