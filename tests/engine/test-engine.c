// SPDX-License-Identifier: MIT
#include "seed-engine.h"

static void
refuses (const char *server, const char *listen)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedEngine) engine = seed_engine_new (server, listen, &error);

  g_assert_null (engine);
  g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG);
}

static void
test_bad_settings (void)
{
  refuses ("ftp://example.org", NULL);
  refuses ("example.org", NULL);
  refuses ("http://", NULL);
  refuses ("http://user@example.org", NULL);
  refuses ("", NULL);
  refuses ("http://example.org", ":1");
  refuses (NULL, "nowhere:80");
  refuses (NULL, "192.0.2.1:65536");
  refuses (NULL, "192.0.2.1:-1");
  refuses (NULL, "192.0.2.1:80x");
  refuses (NULL, "[::1:80");
  refuses (NULL, "192.0.2.256:80");
}

static SeedEngine *
started (const char *listen)
{
  g_autoptr (GError) error = NULL;
  SeedEngine *engine = seed_engine_new (NULL, listen, &error);

  g_assert_no_error (error);
  g_assert_true (seed_engine_start (engine, &error));
  g_assert_no_error (error);
  g_assert_true (seed_engine_is_embedded (engine));

  return engine;
}

static void
test_listen (void)
{
  g_autoptr (SeedEngine) on_loopback = started ("127.0.0.1:0");
  g_autoptr (SeedEngine) on_v6 = started ("[::1]:0");
  g_autoptr (SeedEngine) anywhere = started (":0");

  g_assert_true (g_str_has_prefix (seed_engine_get_url (on_loopback), "http://127.0.0.1:"));
  g_assert_true (g_str_has_prefix (seed_engine_get_url (on_v6), "http://[::1]:"));
  g_assert_true (g_str_has_prefix (seed_engine_get_url (anywhere), "http://192.168.77.1:"));

  seed_engine_stop (on_loopback);
  seed_engine_stop (on_v6);
  seed_engine_stop (anywhere);
}

/* A port that was asked for and is taken is an error; the usual one that is taken is not. */
static void
test_port_in_use (void)
{
  g_autoptr (SeedEngine) first = started (NULL);
  g_autoptr (SeedEngine) second = started (NULL);
  g_autofree char *listen = g_strdup_printf (":%d", SEED_ENGINE_PORT);
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedEngine) third = seed_engine_new (NULL, listen, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (seed_engine_get_url (first), !=, seed_engine_get_url (second));
  g_assert_false (seed_engine_start (third, &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_PORT_IN_USE);

  seed_engine_stop (first);
  seed_engine_stop (second);
}

static void
test_remote (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedEngine) engine = seed_engine_new ("https://example.org/seed/?x#y", NULL, &error);

  g_assert_no_error (error);
  g_assert_true (seed_engine_start (engine, &error));
  g_assert_false (seed_engine_is_embedded (engine));
  g_assert_cmpstr (seed_engine_get_url (engine), ==, "https://example.org/seed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/bad-settings", test_bad_settings);
  g_test_add_func ("/engine/listen", test_listen);
  g_test_add_func ("/engine/port-in-use", test_port_in_use);
  g_test_add_func ("/engine/remote", test_remote);
  return g_test_run ();
}
