// SPDX-License-Identifier: MIT
#include "seed-server-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "seed-link.h"
#include "seed-server-value.h"

typedef struct
{
  const char *name;
  SeedServerValueType type;
  gsize offset;
  guint min;
  guint max;
  const char *value; /* the default */
  const char *help;
} Setting;

#define SETTING(name, type, field, min, max, value, help)                                          \
  {                                                                                                \
    name, SEED_SERVER_VALUE_##type, G_STRUCT_OFFSET (SeedServerConfig, field), min, max, value,    \
        help                                                                                       \
  }

static const Setting settings[] = {
  SETTING ("listen", ADDRESS, listen, 0, 0, "127.0.0.1:8844",
           N_ ("Listen on this address and port; port 0 lets the system choose")),
  SETTING ("public-url", URL, public_url, 0, 0, "",
           N_ ("The address by which others reach this server, for the links")),
  SETTING ("state-key", PATH, state_key, 0, 0, "",
           N_ ("File of the key that lets shares survive a restart; made when it is missing")),
  SETTING ("trusted-proxies", NETWORKS, trusted_proxies, 0, 0, "",
           N_ ("Proxies whose X-Forwarded-For is believed")),
  SETTING ("ice", ICE, ice, 0, 8, "", N_ ("STUN and TURN servers that both ends are told to use")),
  SETTING ("turn-secret", SECRET, turn_secret, 0, 0, "",
           N_ ("Secret shared with the TURN server; better kept in the file than on the "
               "command line")),
  SETTING ("turn-name", NAME, turn_name, 0, 0, "",
           N_ ("Name put behind the expiry in the user names for TURN")),
  SETTING ("turn-ttl", UINT, turn_ttl, 60, 604800, "86400",
           N_ ("Seconds for which credentials for TURN hold")),
  SETTING ("log-addresses", BOOL, log_addresses, 0, 0, "false",
           N_ ("Write the addresses of those who are refused into the log")),
  SETTING ("sockets", UINT, sockets, 1, 1000000, "10000", N_ ("Connections in all")),
  SETTING ("sockets-per-address", UINT, sockets_per_address, 1, 1000000, "256",
           N_ ("Connections from one address (IPv6: from one /64)")),
  SETTING ("shares-per-address", UINT, shares_per_address, 1, 1000000, "128",
           N_ ("Shares from one address")),
  SETTING ("receivers-per-share", UINT, receivers_per_share, 1, 100000, "256",
           N_ ("Receivers of one share")),
  SETTING ("creates-per-minute", UINT, creates_per_minute, 1, 1000000, "120",
           N_ ("New shares from one address each minute")),
  SETTING ("joins-per-minute", UINT, joins_per_minute, 1, 1000000, "240",
           N_ ("Joins from one address each minute")),
  SETTING ("messages-per-second", UINT, messages_per_second, 1, 1000000, "1000",
           N_ ("Messages from one socket each second; what is faster is read more slowly")),
  SETTING ("bytes-per-second", UINT, bytes_per_second, 1024, 1073741824, "1048576",
           N_ ("Bytes from one socket each second; what is faster is read more slowly")),
  SETTING ("message-bytes", UINT, message_bytes, 256, SEED_SIGNALLING_MESSAGE_MAX, "49152",
           N_ ("Bytes of one message")),
  SETTING ("header-bytes", UINT, header_bytes, 512, 65536, "16384",
           N_ ("Bytes of the head of an HTTP request")),
  SETTING ("unread-bytes", UINT, unread_bytes, 65536, 1073741824, "1048576",
           N_ ("Bytes queued for a socket that does not read them")),
  SETTING ("handshake-seconds", UINT, handshake_seconds, 1, 600, "20",
           N_ ("Seconds for a request, and for a new socket to name its share")),
  SETTING ("ping-seconds", UINT, ping_seconds, 1, 3600, "20",
           N_ ("Seconds between two pings on a socket")),
  SETTING ("pong-seconds", UINT, pong_seconds, 1, 3600, "15",
           N_ ("Seconds for the answer to a ping")),
  SETTING ("stall-seconds", UINT, stall_seconds, 1, 3600, "15",
           N_ ("Seconds in which a socket with bytes queued must take one")),
  SETTING ("grace-seconds", UINT, grace_seconds, 1, 86400, "60",
           N_ ("Seconds for an owner to take a share up again")),
};

static gpointer
field_of (SeedServerConfig *self, const Setting *setting)
{
  return G_STRUCT_MEMBER_P (self, setting->offset);
}

static const Setting *
find_setting (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      if (g_str_equal (settings[i].name, name))
        return &settings[i];
    }

  return NULL;
}

static gboolean
set_setting (SeedServerConfig *self, const Setting *setting, const char *value)
{
  return seed_server_value_parse (setting->type, value, setting->min, setting->max,
                                  field_of (self, setting));
}

SeedServerConfig *
seed_server_config_new (void)
{
  SeedServerConfig *self = g_new0 (SeedServerConfig, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      if (!set_setting (self, &settings[i], settings[i].value))
        g_error ("the default of %s is out of its own bounds", settings[i].name);
    }

  return self;
}

SeedServerConfig *
seed_server_config_copy (const SeedServerConfig *self)
{
  SeedServerConfig *copy = g_memdup2 (self, sizeof *self);

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    seed_server_value_own (settings[i].type, field_of (copy, &settings[i]));

  return copy;
}

void
seed_server_config_free (SeedServerConfig *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    seed_server_value_clear (settings[i].type, field_of (self, &settings[i]));

  g_free (self);
}

gboolean
seed_server_config_set (SeedServerConfig *self, const char *name, const char *value,
                        const char *source, GError **error)
{
  const Setting *setting = find_setting (name);

  if (setting == NULL)
    {
      g_set_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG, _ ("There is no setting “%s” (in %s)."),
                   name, source);
      return FALSE;
    }

  if (set_setting (self, setting, value))
    return TRUE;

  g_autofree char *allowed = seed_server_value_allowed (setting->type, setting->min, setting->max);

  g_set_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG,
               _ ("The setting “%s” (in %s) is “%s”, but has to be %s."), name, source,
               setting->type == SEED_SERVER_VALUE_SECRET ? "…" : value, allowed);
  return FALSE;
}

gboolean
seed_server_config_set_listen (SeedServerConfig *self, const char *address, guint16 port,
                               GError **error)
{
  gboolean bare = strchr (address, ':') != NULL && *address != '[';
  g_autofree char *value = g_strdup_printf (bare ? "[%s]:%u" : "%s:%u", address, port);

  return seed_server_config_set (self, "listen", value, _ ("the program"), error);
}

const char *
seed_server_config_name (guint index)
{
  return index < G_N_ELEMENTS (settings) ? settings[index].name : NULL;
}

char *
seed_server_config_describe (guint index)
{
  const Setting *setting = &settings[index];

  if (setting->type == SEED_SERVER_VALUE_UINT)
    return g_strdup_printf (_ ("%s (%u to %u; %s)"), _ (setting->help), setting->min, setting->max,
                            setting->value);
  if (*setting->value == '\0')
    return g_strdup (_ (setting->help));

  return g_strdup_printf (_ ("%s (%s)"), _ (setting->help), setting->value);
}

const char *
seed_server_config_default (guint index)
{
  return settings[index].value;
}

const char *
seed_server_config_argument (guint index)
{
  return seed_server_value_argument (settings[index].type);
}
