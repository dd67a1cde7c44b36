// SPDX-License-Identifier: MIT
#include "seed-lan-address.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char *
address_to_string (const struct sockaddr *address)
{
  char text[INET6_ADDRSTRLEN];
  const void *raw = address->sa_family == AF_INET
                        ? (const void *) &((const struct sockaddr_in *) address)->sin_addr
                        : (const void *) &((const struct sockaddr_in6 *) address)->sin6_addr;

  return g_strdup (inet_ntop (address->sa_family, raw, text, sizeof text));
}

/* Connecting a UDP socket sends nothing; it only has the kernel choose a route, and with it the address
 * that packets would leave from. The targets are addresses for documentation. */
static char *
find_by_route (int family)
{
  struct sockaddr_storage target = { .ss_family = (sa_family_t) family };
  struct sockaddr_storage own;
  socklen_t length = sizeof own;
  int fd = socket (family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  char *result = NULL;

  if (family == AF_INET)
    {
      struct sockaddr_in *in = (struct sockaddr_in *) &target;

      in->sin_port = htons (9);
      (void) inet_pton (AF_INET, "192.0.2.1", &in->sin_addr);
    }
  else
    {
      struct sockaddr_in6 *in6 = (struct sockaddr_in6 *) &target;

      in6->sin6_port = htons (9);
      (void) inet_pton (AF_INET6, "2001:db8::1", &in6->sin6_addr);
    }

  if (fd >= 0 && connect (fd, (struct sockaddr *) &target, sizeof target) == 0 &&
      getsockname (fd, (struct sockaddr *) &own, &length) == 0)
    result = address_to_string ((struct sockaddr *) &own);

  if (fd >= 0)
    close (fd);

  return result;
}

static char *
find_any (void)
{
  struct ifaddrs *interfaces = NULL;
  char *result = NULL;

  if (getifaddrs (&interfaces) != 0)
    return NULL;

  for (struct ifaddrs *i = interfaces; i != NULL && result == NULL; i = i->ifa_next)
    {
      if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET &&
          (i->ifa_flags & IFF_UP) != 0 && (i->ifa_flags & IFF_LOOPBACK) == 0)
        result = address_to_string (i->ifa_addr);
    }

  freeifaddrs (interfaces);
  return result;
}

char *
seed_lan_address_find (void)
{
  char *result = find_by_route (AF_INET);

  if (result == NULL)
    result = find_any ();
  if (result == NULL)
    result = find_by_route (AF_INET6);

  return result == NULL ? g_strdup ("127.0.0.1") : result;
}

char *
seed_lan_url (const char *address, guint16 port)
{
  gboolean is_v6 = strchr (address, ':') != NULL;

  return g_strdup_printf ("http://%s%s%s:%u", is_v6 ? "[" : "", address, is_v6 ? "]" : "", port);
}
