// SPDX-License-Identifier: MIT
#include "seed-rtc-candidate.h"

#include <string.h>

typedef struct
{
  const char *text;
  const char *normal; /* NULL: refused */
} Case;

static const Case cases[] = {
  { "candidate:1 1 UDP 2113937151 10.0.0.2 4711 typ host",
    "candidate:1 1 UDP 2113937151 10.0.0.2 4711 typ host" },
  { "a=candidate:a+/9 1 udp 1 10.0.0.2 1 typ srflx raddr 1.2.3.4 rport 5 generation 0",
    "candidate:a+/9 1 UDP 1 10.0.0.2 1 typ srflx" },
  { "candidate:1 1 tcp 1 2001:db8::1 9 typ host tcptype active",
    "candidate:1 1 TCP 1 2001:db8::1 9 typ host tcptype active" },
  { "candidate:1 1 udp 1 10.0.0.2 1 typ relay tcptype active",
    "candidate:1 1 UDP 1 10.0.0.2 1 typ relay" },
  { "", NULL },
  { "candidate:", NULL },
  { "candidate", NULL },
  { "candidate:1 1 UDP 1 10.0.0.2 1 typ", NULL },
  { "candidate:1 1 UDP 1 10.0.0.2 1 type host", NULL },
  { "candidate:1 1 UDP 1 10.0.0.2 1 typ other", NULL },
  { "candidate: 1 UDP 1 10.0.0.2 1 typ host", NULL },
  { "candidate:%s 1 UDP 1 10.0.0.2 1 typ host", NULL },
  { "candidate:123456789012345678901234567890123 1 UDP 1 10.0.0.2 1 typ host", NULL },
  { "candidate:1 2 UDP 1 10.0.0.2 1 typ host", NULL },
  { "candidate:1 1 SCTP 1 10.0.0.2 1 typ host", NULL },
  { "candidate:1 1 TCP 1 10.0.0.2 1 typ host", NULL },
  { "candidate:1 1 TCP 1 10.0.0.2 1 typ host tcptype", NULL },
  { "candidate:1 1 TCP 1 10.0.0.2 1 typ host tcptype odd", NULL },
  { "candidate:1 1 UDP 0 10.0.0.2 1 typ host", NULL },
  { "candidate:1 1 UDP -1 10.0.0.2 1 typ host", NULL },
  { "candidate:1 1 UDP 4294967296 10.0.0.2 1 typ host", NULL },
  { "candidate:1 1 UDP 1 10.0.0.2 0 typ host", NULL },
  { "candidate:1 1 UDP 1 10.0.0.2 65536 typ host", NULL },
  { "candidate:1 1 UDP 1 10.0.0.256 1 typ host", NULL },
  { "candidate:1 1 UDP 1 0.0.0.0 1 typ host", NULL },
  { "candidate:1 1 UDP 1 127.0.0.1 1 typ host", NULL },
  { "candidate:1 1 UDP 1 224.0.0.1 1 typ host", NULL },
  { "candidate:1 1 UDP 1 ::1 1 typ host", NULL },
  { "candidate:1 1 UDP 1 fe80::1 1 typ host", NULL },
  { "candidate:1 1 UDP 1 3c9a7f2e-0000-4000-8000-000000000000.local 1 typ host", NULL },
  { "candidate:1 1 UDP 1 example.org 1 typ host", NULL },
  { "candidate:1 1 UDP 1 10.0.0.2\r\na=x 1 typ host", NULL },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *normal = seed_rtc_candidate_normalize (cases[i].text);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (normal, ==, cases[i].normal);
    }
}

static void
test_long (void)
{
  g_autofree char *spaces = g_strnfill (100000, ' ');
  g_autofree char *text = g_strconcat ("candidate:", spaces, NULL);

  g_assert_null (seed_rtc_candidate_normalize (text));
  text[1000] = '\0';
  g_assert_null (seed_rtc_candidate_normalize (text));
}

static void
test_spoilt (void)
{
  for (int i = 0; i < 20000; i++)
    {
      g_autofree char *text = g_strdup (cases[g_test_rand_int_range (0, 4)].text);
      g_autofree char *normal = NULL;

      for (int n = g_test_rand_int_range (1, 4); n > 0; n--)
        text[g_test_rand_int_range (0, strlen (text))] = (char) g_test_rand_int_range (1, 256);
      normal = seed_rtc_candidate_normalize (text);
      g_assert_true (normal == NULL || g_str_is_ascii (normal));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtc/candidate/cases", test_cases);
  g_test_add_func ("/rtc/candidate/long", test_long);
  g_test_add_func ("/rtc/candidate/spoilt", test_spoilt);

  return g_test_run ();
}
