// SPDX-License-Identifier: MIT
#pragma once

/* Whose request it is: the address of a client, also behind a trusted proxy, and what counts as
 * one address for the limits. Pure functions; any thread. */

#include <gio/gio.h>

G_BEGIN_DECLS

/** What limits count by: an IPv4 address, or the /64 of an IPv6 one. */
typedef struct
{
  guint8 bytes[16];
} SeedServerAddressKey;

/** (transfer full): the IP address of @address, an IPv4 one also where it came as IPv6. */
GInetAddress *seed_server_address_plain (GSocketAddress *address);

gboolean seed_server_address_is_trusted (GInetAddress *address, GPtrArray *trusted);

/**
 * seed_server_address_client:
 * @peer: who is at the other end of the connection
 * @forwarded: (nullable): X-Forwarded-For, believed only as far as trusted proxies wrote it
 * @trusted: (element-type GInetAddressMask)
 *
 * Returns: (transfer full): the right-most address that is not trusted
 */
GInetAddress *seed_server_address_client (GInetAddress *peer, const char *forwarded,
                                          GPtrArray *trusted);

SeedServerAddressKey seed_server_address_key (GInetAddress *address);

/** (transfer full): @key as text, the network of an IPv6 one. */
char *seed_server_address_key_to_string (const SeedServerAddressKey *key);

/* For a GHashTable whose keys are SeedServerAddressKey. */
guint seed_server_address_key_hash (gconstpointer key);
gboolean seed_server_address_key_equal (gconstpointer a, gconstpointer b);

G_END_DECLS
