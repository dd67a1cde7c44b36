// SPDX-License-Identifier: MIT
/* An ICE candidate from the other end; written anew it stays as it is. */
#include "fuzz.h"

#include "seed-rtc-candidate.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *once = seed_rtc_candidate_normalize (text);

  if (once == NULL)
    return 0;

  g_autofree char *twice = seed_rtc_candidate_normalize (once);

  g_assert_cmpstr (twice, ==, once);
  return 0;
}
