// SPDX-License-Identifier: MIT
/* A link as a person was handed it by who knows whom; what is taken means the same again. */
#include "fuzz.h"

#include <string.h>

#include "seed-link.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedLink) link = seed_link_parse (text, &error);

  if (link == NULL)
    {
      g_assert_true (g_error_matches (error, SEED_ERROR, SEED_CODE_BAD_LINK));
      return 0;
    }

  g_autofree char *again = seed_link_to_string (link);
  g_autoptr (SeedLink) back = seed_link_parse (again, NULL);

  g_assert_nonnull (back);
  g_assert_cmpstr (back->server, ==, link->server);
  g_assert_cmpstr (back->share, ==, link->share);
  g_assert_cmpmem (back->secret, SEED_SECRET_SIZE, link->secret, SEED_SECRET_SIZE);
  return 0;
}
