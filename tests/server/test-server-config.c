// SPDX-License-Identifier: MIT
#include "seed-server-config.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *value;
} Setting;

static const Setting good[] = {
  { "listen", "0.0.0.0:0" },
  { "listen", "[::]:65535" },
  { "listen", "[::1]:80" },
  { "public-url", "https://example.org/share/" },
  { "public-url", "" },
  { "state-key", "/var/lib/seedshot/key" },
  { "trusted-proxies", "127.0.0.1, ::1,10.0.0.0/8  2001:db8::/32" },
  { "trusted-proxies", "" },
  { "ice", "stun:stun.example.org,turn:turn.example.org:3478?transport=udp" },
  { "turn-secret", "secret" },
  { "turn-name", "web-1.a_b" },
  { "log-addresses", "yes" },
  { "log-addresses", "0" },
  { "sockets", "1" },
  { "sockets", "1000000" },
};

static const Setting bad[] = {
  { "listen", "" },
  { "listen", "8844" },
  { "listen", "localhost:8844" },
  { "listen", "127.0.0.1" },
  { "listen", "127.0.0.1:65536" },
  { "listen", "127.0.0.1:-1" },
  { "listen", "127.0.0.1:80x" },
  { "listen", "::1" },
  { "listen", "::1:80" },
  { "listen", "[::1" },
  { "listen", "[127.0.0.1]:80" },
  { "public-url", "example.org" },
  { "public-url", "ftp://example.org" },
  { "trusted-proxies", "10.0.0.0/33" },
  { "trusted-proxies", "proxy.example.org" },
  { "ice", "https://example.org" },
  { "ice", "turn:" },
  { "ice", "stun:a stun:b stun:c stun:d stun:e stun:f stun:g stun:h stun:i" },
  { "turn-name", "a:b" },
  { "log-addresses", "maybe" },
  { "sockets", "0" },
  { "sockets", "1000001" },
  { "sockets", "-1" },
  { "sockets", "1e3" },
  { "sockets", "" },
  { "sockets", " 5" },
  { "message-bytes", "49153" },
  { "grace-seconds", "99999999999999999999" },
};

static void
test_good (void)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean taken = seed_server_config_set (config, good[i].name, good[i].value, "test", &error);

      g_assert_no_error (error);
      g_assert_true (taken);
    }

  g_assert_cmpuint (config->sockets, ==, 1000000);
  g_assert_cmpuint (config->trusted_proxies->len, ==, 0);
  g_assert_null (config->public_url);
  g_assert_false (config->log_addresses);
}

/* Each names the setting, its value, where it stands and what is allowed, and changes nothing. */
static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (SeedServerConfig) config = seed_server_config_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *value = g_strdup_printf ("“%s”", bad[i].value);
      gboolean taken =
          seed_server_config_set (config, bad[i].name, bad[i].value, "the test", &error);

      g_assert_false (taken);
      g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG);
      g_assert_nonnull (strstr (error->message, bad[i].name));
      g_assert_nonnull (strstr (error->message, value));
      g_assert_nonnull (strstr (error->message, "the test"));
      g_assert_nonnull (strstr (error->message, "has to be"));
      g_assert_cmpuint (config->sockets, ==, 10000);
      g_assert_cmpuint (g_inet_socket_address_get_port (config->listen), ==, 8844);
    }
}

static void
test_unknown (void)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (seed_server_config_set (config, "sokets", "5", "the test", &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG);
  g_assert_nonnull (strstr (error->message, "sokets"));
}

static void
test_secret (void)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *secret = g_strnfill (257, 's');

  g_assert_false (seed_server_config_set (config, "turn-secret", secret, "the test", &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG);
  g_assert_null (strstr (error->message, "ss"));
}

static void
test_copy (void)
{
  SeedServerConfig *config = seed_server_config_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (seed_server_config_set (config, good[i].name, good[i].value, "test", NULL));

  g_autoptr (SeedServerConfig) copy = seed_server_config_copy (config);

  seed_server_config_free (config);
  g_assert_cmpstr (copy->state_key, ==, "/var/lib/seedshot/key");
  g_assert_cmpstr (copy->ice[1], ==, "turn:turn.example.org:3478?transport=udp");
  g_assert_cmpuint (g_inet_socket_address_get_port (copy->listen), ==, 80);
}

static void
test_listen (void)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (seed_server_config_set_listen (config, "::1", 4711, NULL));
  g_assert_cmpuint (g_inet_socket_address_get_port (config->listen), ==, 4711);
  g_assert_true (seed_server_config_set_listen (config, "0.0.0.0", 0, NULL));
  g_assert_false (seed_server_config_set_listen (config, "host", 0, &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/config/good", test_good);
  g_test_add_func ("/server/config/bad", test_bad);
  g_test_add_func ("/server/config/unknown", test_unknown);
  g_test_add_func ("/server/config/secret", test_secret);
  g_test_add_func ("/server/config/copy", test_copy);
  g_test_add_func ("/server/config/listen", test_listen);

  return g_test_run ();
}
