// SPDX-License-Identifier: MIT
#include <gio/gio.h>

#include "seed-lan-address.h"

/* Run in a namespace whose only interface beside loopback has 192.168.77.1. */
static void
test_find (void)
{
  g_autofree char *address = seed_lan_address_find ();

  g_assert_cmpstr (address, ==, "192.168.77.1");
}

static void
test_url (void)
{
  g_autofree char *v4 = seed_lan_url ("192.0.2.7", 8844);
  g_autofree char *v6 = seed_lan_url ("2001:db8::7", 80);

  g_assert_cmpstr (v4, ==, "http://192.0.2.7:8844");
  g_assert_cmpstr (v6, ==, "http://[2001:db8::7]:80");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan-address/find", test_find);
  g_test_add_func ("/lan-address/url", test_url);
  return g_test_run ();
}
