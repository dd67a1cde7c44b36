// SPDX-License-Identifier: MIT
#pragma once

/* Under which address others on the network reach this machine. */

#include <glib.h>

G_BEGIN_DECLS

/** (transfer full): the IP address of the interface that leads outwards, else of any that is up, else
 * "127.0.0.1". Sends nothing. */
char *seed_lan_address_find (void);

/** (transfer full): `http://address:port`, with brackets around an IPv6 address. */
char *seed_lan_url (const char *address, guint16 port);

G_END_DECLS
