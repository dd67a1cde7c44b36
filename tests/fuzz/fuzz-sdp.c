// SPDX-License-Identifier: MIT
/* A session description from the other end; what is taken of it is written anew, and means the same
 * when it is read again. */
#include "fuzz.h"

#include <string.h>

#include "seed-rtc-sdp.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedRtcSdp) sdp = seed_rtc_sdp_parse (text, &error);

  if (sdp == NULL)
    {
      g_assert_true (g_error_matches (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE));
      return 0;
    }

  g_autofree char *again = seed_rtc_sdp_to_string (sdp);
  g_autoptr (SeedRtcSdp) back = seed_rtc_sdp_parse (again, NULL);

  g_assert_nonnull (back);
  g_assert_cmpstr (back->ufrag, ==, sdp->ufrag);
  g_assert_cmpstr (back->fingerprint, ==, sdp->fingerprint);

  g_autofree char *same = seed_rtc_sdp_to_string (back);

  g_assert_cmpstr (same, ==, again);
  return 0;
}
