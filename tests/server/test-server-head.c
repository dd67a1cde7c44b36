// SPDX-License-Identifier: MIT
#include "seed-server-head.h"

#include <string.h>

#define LIMIT 200

static guint
feed (SeedServerHead *head, const char *text, gsize step)
{
  gsize length = strlen (text);
  guint status = 0;

  for (gsize at = 0; at < length && status == 0; at += step)
    status =
        seed_server_head_feed (head, (const guint8 *) text + at, MIN (step, length - at), LIMIT);

  return status;
}

typedef struct
{
  const char *text;
  guint status;
} Case;

static const Case cases[] = {
  { "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
  { "GET / HTTP/1.1\nHost: a\n\n", 0 },
  { "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
  { "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 0 },
  { "POST / HTTP/1.1\r\ncontent-length:0\r\n\r\n", 0 },
  { "POST / HTTP/1.1\r\nX-Content-Length: 5\r\n\r\n", 0 },
  { "POST / HTTP/1.1\r\nContent-Length: 5\r\n", 413 },
  { "POST / HTTP/1.1\r\nCONTENT-LENGTH:5\r\n", 413 },
  { "POST / HTTP/1.1\r\nContent-Length: nonsense\r\n", 413 },
  { "POST / HTTP/1.1\r\nContent-Length:\r\n", 413 },
  { "POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r\n", 400 },
  { "POST / HTTP/1.1\r\nContent-Length: 0\r\n 5\r\n", 400 },
  { "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", 413 },
  { "POST / HTTP/1.1\r\ntransfer-encoding:\r\n", 413 },
};

static void
test_cases (void)
{
  const gsize steps[] = { 1, 5, 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases) * G_N_ELEMENTS (steps); i++)
    {
      const Case *test = &cases[i / G_N_ELEMENTS (steps)];
      SeedServerHead head = { 0 };

      g_assert_cmpuint (feed (&head, test->text, steps[i % G_N_ELEMENTS (steps)]), ==,
                        test->status);
      g_assert_cmpint (seed_server_head_is_all (&head), ==, test->status == 0);
    }
}

static void
test_more (void)
{
  SeedServerHead head = { 0 };

  g_assert_cmpuint (feed (&head, "GET / HTTP/1.1\r\nHost: a\r\n\r", 1000), ==, 0);
  g_assert_false (seed_server_head_is_all (&head));
  g_assert_cmpuint (feed (&head, "\n", 1000), ==, 0);
  g_assert_true (seed_server_head_is_all (&head));
  g_assert_cmpuint (feed (&head, "x", 1000), ==, 0);
  g_assert_false (seed_server_head_is_all (&head));
}

static void
test_limit (void)
{
  SeedServerHead head = { 0 };
  g_autofree char *fits = g_strnfill (LIMIT, 'a');

  g_assert_cmpuint (feed (&head, fits, 7), ==, 0);
  g_assert_cmpuint (feed (&head, "a", 7), ==, 431);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/head/cases", test_cases);
  g_test_add_func ("/server/head/more", test_more);
  g_test_add_func ("/server/head/limit", test_limit);

  return g_test_run ();
}
