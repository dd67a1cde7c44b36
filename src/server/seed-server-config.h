// SPDX-License-Identifier: MIT
#pragma once

/* What the server can be told. One table in seed-server-config.c names every setting with its
 * default and its bounds; the command line, the environment, the key file and --help all come from
 * it. A plain struct, copied by value where it is handed on; any thread. */

#include <gio/gio.h>

#include "seed-error.h"

G_BEGIN_DECLS

typedef struct
{
  GInetSocketAddress *listen;
  char *public_url; /* (nullable): without a slash at its end */
  char *state_key;  /* (nullable): path of the key of the tokens; without it a new key each run */
  GPtrArray *trusted_proxies; /* (element-type GInetAddressMask) */
  char **ice;
  char *turn_secret; /* (nullable) */
  char *turn_name;   /* (nullable) */
  guint turn_ttl;    /* seconds */
  gboolean log_addresses;

  guint sockets;
  guint sockets_per_address;
  guint shares_per_address;
  guint receivers_per_share;
  guint creates_per_minute;  /* per address */
  guint joins_per_minute;    /* per address */
  guint messages_per_second; /* per socket */
  guint bytes_per_second;    /* per socket */
  guint message_bytes;
  guint header_bytes;
  guint unread_bytes;      /* queued for one socket */
  guint handshake_seconds; /* from accepting to the first message that names a share */
  guint ping_seconds;
  guint pong_seconds;
  guint stall_seconds; /* without one byte of progress for a socket that has bytes queued */
  guint grace_seconds; /* for an owner whose socket is lost */
} SeedServerConfig;

/** (transfer full): every setting at its default. */
SeedServerConfig *seed_server_config_new (void);
SeedServerConfig *seed_server_config_copy (const SeedServerConfig *self);
void seed_server_config_free (SeedServerConfig *self);

/**
 * seed_server_config_set:
 * @name: as in the key file, such as "sockets-per-address"
 * @value: as a person writes it
 * @source: where it comes from, for the message
 *
 * Returns: whether @value was taken; otherwise @error, %SEED_CODE_BAD_CONFIG, names the
 *   setting, the value, @source and what is allowed
 */
gboolean seed_server_config_set (SeedServerConfig *self, const char *name, const char *value,
                                 const char *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Listens on @address, a number such as 192.0.2.1 or ::1; @port 0 lets the system choose. */
gboolean seed_server_config_set_listen (SeedServerConfig *self, const char *address, guint16 port,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** (nullable): the name of setting @index, for those who list them; %NULL behind the last. */
const char *seed_server_config_name (guint index);

/** (transfer full): what setting @index is for, with its default and its bounds, translated. */
char *seed_server_config_describe (guint index);

/** The default of setting @index as it would be written, "" where there is none. */
const char *seed_server_config_default (guint index);

/** What stands for the value of setting @index in --help, such as "ADDR:PORT"; translated. */
const char *seed_server_config_argument (guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerConfig, seed_server_config_free)

G_END_DECLS
