// SPDX-License-Identifier: MIT
#include "seed-server-address.h"

#include <string.h>

typedef struct
{
  const char *peer;
  const char *forwarded;
  const char *client;
} Case;

/* Trusted are 10.0.0.0/8 and ::1. */
static const Case cases[] = {
  { "192.0.2.1", NULL, "192.0.2.1" },
  { "192.0.2.1", "198.51.100.1", "192.0.2.1" },
  { "10.0.0.1", NULL, "10.0.0.1" },
  { "10.0.0.1", "", "10.0.0.1" },
  { "10.0.0.1", "198.51.100.1", "198.51.100.1" },
  { "10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1" },
  { "10.0.0.1", "203.0.113.9, 198.51.100.1, 10.1.1.1", "198.51.100.1" },
  { "10.0.0.1", "10.2.2.2,10.1.1.1", "10.2.2.2" },
  { "10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1" },
  { "10.0.0.1", "198.51.100.1, nonsense, 10.1.1.1", "10.1.1.1" },
  { "10.0.0.1", "198.51.100.1:4711", "198.51.100.1" },
  { "10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1" },
  { "10.0.0.1", "2001:db8::1", "2001:db8::1" },
  { "10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1" },
  { "::1", "198.51.100.1", "198.51.100.1" },
  { "::2", "198.51.100.1", "::2" },
};

static void
test_client (void)
{
  g_autoptr (GPtrArray) trusted = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (trusted, g_inet_address_mask_new_from_string ("10.0.0.0/8", NULL));
  g_ptr_array_add (trusted, g_inet_address_mask_new_from_string ("::1", NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GInetAddress) peer = g_inet_address_new_from_string (cases[i].peer);
      g_autoptr (GInetAddress) client =
          seed_server_address_client (peer, cases[i].forwarded, trusted);
      g_autofree char *text = g_inet_address_to_string (client);

      g_assert_cmpstr (text, ==, cases[i].client);
    }
}

static void
test_plain (void)
{
  g_autoptr (GSocketAddress) mapped =
      g_inet_socket_address_new_from_string ("::ffff:192.0.2.1", 80);
  g_autoptr (GInetAddress) plain = seed_server_address_plain (mapped);

  g_assert_cmpint (g_inet_address_get_family (plain), ==, G_SOCKET_FAMILY_IPV4);
}

static void
test_text (void)
{
  g_autoptr (GInetAddress) four = g_inet_address_new_from_string ("192.0.2.1");
  g_autoptr (GInetAddress) six = g_inet_address_new_from_string ("2001:db8:1:2:3::4");
  SeedServerAddressKey key = seed_server_address_key (four);
  g_autofree char *four_text = seed_server_address_key_to_string (&key);

  key = seed_server_address_key (six);
  g_autofree char *six_text = seed_server_address_key_to_string (&key);

  g_assert_cmpstr (four_text, ==, "192.0.2.1");
  g_assert_cmpstr (six_text, ==, "2001:db8:1:2::/64");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/address/client", test_client);
  g_test_add_func ("/server/address/plain", test_plain);
  g_test_add_func ("/server/address/text", test_text);

  return g_test_run ();
}
