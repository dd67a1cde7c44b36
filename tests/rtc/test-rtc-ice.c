// SPDX-License-Identifier: MIT
#include "seed-rtc-ice.h"

static GstElement *
prepare (const char *url, const char *username, const char *credential)
{
  g_autoptr (GPtrArray) servers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) seed_ice_server_free);
  GstElement *bin = gst_object_ref_sink (gst_element_factory_make ("webrtcbin", NULL));

  g_ptr_array_add (servers, seed_ice_server_new (url, username, credential));
  seed_rtc_ice_prepare (bin, servers);

  return bin;
}

static void
test_stun (void)
{
  const char *const cases[][2] = {
    { "stun:stun.example.org", "stun://stun.example.org" },
    { "stun:192.0.2.1:3479", "stun://192.0.2.1:3479" },
    { "stun:[2001:db8::1]:3478", "stun://[2001:db8::1]:3478" },
    { "stun:", NULL },
    { "stun:a b", NULL },
    { "stun:host/path", NULL },
    { "stun:user@host", NULL },
    { "http://host", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GstElement) bin = prepare (cases[i][0], NULL, NULL);
      g_autofree char *found = NULL;

      g_object_get (bin, "stun-server", &found, NULL);
      g_assert_cmpstr (found, ==, cases[i][1]);
    }
}

/* webrtcbin does not say which it has: that none of these is answered by a warning is what counts. */
static void
test_turn (void)
{
  const char *const urls[] = {
    "turn:turn.example.org",
    "turn:192.0.2.1:3478?transport=udp",
    "turn:192.0.2.1:3478?transport=tcp",
    "turns:turn.example.org:5349?transport=tcp",
    "turn:192.0.2.1?transport=pigeon",
    "turn:?",
    "turn:",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (GstElement) full = prepare (urls[i], "1700000000:a@b/%", "p:w/=+?#");
      g_autoptr (GstElement) bare = prepare (urls[i], NULL, NULL);
    }
}

static void
test_upnp (void)
{
  g_autoptr (GstElement) bin = prepare ("stun:192.0.2.1", NULL, NULL);
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) agent = NULL;
  gboolean upnp = TRUE;

  g_object_get (bin, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_get (agent, "upnp", &upnp, NULL);
  g_assert_false (upnp);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtc/ice/stun", test_stun);
  g_test_add_func ("/rtc/ice/turn", test_turn);
  g_test_add_func ("/rtc/ice/upnp", test_upnp);

  return g_test_run ();
}
