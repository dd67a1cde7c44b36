// SPDX-License-Identifier: MIT
#include "seed-rtc-sdp.h"

#include <string.h>

#include <gst/sdp/sdp.h>

#define PRINT                                                                                      \
  "68:21:09:29:85:7E:B5:B0:61:04:F9:96:33:90:BE:81:68:21:09:29:85:7E:B5:B0:61:04:F9:96:33:90:BE:"  \
  "81"
#define MEDIA "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
#define FIELDS                                                                                     \
  "a=mid:0\r\na=ice-ufrag:Rq2Y\r\na=ice-pwd:0123456789abcdefghij+/\r\n"                            \
  "a=fingerprint:sha-256 " PRINT "\r\na=setup:actpass\r\na=sctp-port:5000\r\n"
#define HEAD "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

static const char chromium[] =
    "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "a=group:BUNDLE 0\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n" MEDIA
    "c=IN IP4 0.0.0.0\r\na=candidate:1 1 udp 2113937151 10.0.0.2 4711 typ host generation 0 "
    "network-cost 999\r\na=ice-ufrag:Rq2Y\r\na=ice-pwd:0123456789abcdefghij+/\r\n"
    "a=ice-options:trickle\r\na=fingerprint:sha-256 " PRINT "\r\na=setup:active\r\n"
    "a=mid:application0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n";

static const char firefox[] =
    "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 4403 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
    "a=sendrecv\r\na=fingerprint:sha-256 " PRINT "\r\na=group:BUNDLE 0\r\n"
    "a=ice-options:trickle\r\na=msid-semantic:WMS *\r\n" MEDIA
    "c=IN IP4 0.0.0.0\r\na=sendrecv\r\na=ice-pwd:0123456789abcdefghij012345678901\r\n"
    "a=ice-ufrag:aabbccdd\r\na=mid:0\r\na=setup:active\r\na=sctp-port:5000\r\n"
    "a=max-message-size:1073741823\r\n";

static void
test_browsers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedRtcSdp) first = seed_rtc_sdp_parse (chromium, &error);
  g_autoptr (SeedRtcSdp) second = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (first->mid, ==, "application0");
  g_assert_cmpstr (first->ufrag, ==, "Rq2Y");
  g_assert_cmpstr (first->fingerprint, ==, PRINT);
  g_assert_cmpstr (first->setup, ==, "active");
  g_assert_cmpuint (first->message_max, ==, 262144);
  g_assert_cmpuint (first->candidates->len, ==, 1);

  second = seed_rtc_sdp_parse (firefox, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->fingerprint, ==, PRINT);
  g_assert_cmpuint (second->message_max, ==, 262144);
}

/* What is written reads back the same, for us and for GStreamer. */
static void
test_written (void)
{
  g_autoptr (SeedRtcSdp) first = seed_rtc_sdp_parse (chromium, NULL);
  g_autofree char *text = seed_rtc_sdp_to_string (first);
  g_autoptr (SeedRtcSdp) second = seed_rtc_sdp_parse (text, NULL);
  g_autofree char *again = seed_rtc_sdp_to_string (second);
  GstSDPMessage *message = NULL;

  g_assert_cmpstr (text, ==, again);
  g_assert_cmpint (gst_sdp_message_new_from_text (text, &message), ==, GST_SDP_OK);
  g_assert_cmpuint (gst_sdp_message_medias_len (message), ==, 1);
  gst_sdp_message_free (message);
}

static const char *const bad[] = {
  "",
  "v=0",
  "\n\n\n",
  HEAD,
  HEAD FIELDS,
  HEAD "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n" FIELDS,
  HEAD "m=application 9 UDP/DTLS/SCTP other\r\n" FIELDS,
  HEAD "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" FIELDS,
  HEAD MEDIA FIELDS MEDIA FIELDS,
  HEAD MEDIA FIELDS "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n",
  HEAD MEDIA FIELDS "a=mid:\r\n",
  HEAD MEDIA FIELDS "a=mid:a b\r\n",
  HEAD MEDIA FIELDS "a=ice-ufrag:abc\r\n",
  HEAD MEDIA FIELDS "a=ice-ufrag:ab%d\r\n",
  HEAD MEDIA FIELDS "a=ice-pwd:short\r\n",
  HEAD MEDIA FIELDS "a=fingerprint:sha-256 00:11\r\n",
  HEAD MEDIA FIELDS "a=fingerprint:sha-256 " PRINT ":00\r\n",
  HEAD MEDIA FIELDS "a=fingerprint:sha-256 0" PRINT "\r\n",
  HEAD MEDIA FIELDS "a=setup:holdconn\r\n",
  HEAD MEDIA FIELDS "a=setup:nobody\r\n",
  HEAD MEDIA FIELDS "a=sctp-port:0\r\n",
  HEAD MEDIA FIELDS "a=sctp-port:70000\r\n",
  HEAD MEDIA FIELDS "a=max-message-size:1000\r\n",
  HEAD MEDIA FIELDS "a=max-message-size:-1\r\n",
  HEAD MEDIA FIELDS "a=max-message-size:99999999999999999999999\r\n",
  HEAD MEDIA "a=mid:0\r\na=ice-ufrag:Rq2Y\r\na=setup:active\r\na=sctp-port:5000\r\n",
};

static void
test_bad (void)
{
  g_autoptr (SeedRtcSdp) good = seed_rtc_sdp_parse (HEAD MEDIA FIELDS, NULL);

  g_assert_nonnull (good);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (seed_rtc_sdp_parse (bad[i], &error));
      g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE);
    }
}

/* Changes a few bytes or cuts a piece out; the result has no NUL inside, as it came as text. */
static char *
spoil (const char *text)
{
  GString *spoilt = g_string_new (text);

  for (int n = g_test_rand_int_range (1, 6); n > 0; n--)
    {
      gsize at = g_test_rand_int_range (0, spoilt->len);
      gsize cut = g_test_rand_int_range (1, 30);

      if (g_test_rand_bit () && spoilt->len > 40)
        g_string_erase (spoilt, at, MIN (cut, spoilt->len - at));
      else
        spoilt->str[at] = (char) g_test_rand_int_range (1, 256);
    }

  return g_string_free (spoilt, FALSE);
}

static void
test_spoilt (void)
{
  guint taken = 0;

  for (int i = 0; i < 20000; i++)
    {
      g_autofree char *text = spoil (i % 2 == 0 ? chromium : firefox);
      g_autoptr (SeedRtcSdp) sdp = seed_rtc_sdp_parse (text, NULL);
      g_autofree char *written = sdp != NULL ? seed_rtc_sdp_to_string (sdp) : NULL;
      g_autoptr (SeedRtcSdp) again = NULL;

      if (sdp == NULL)
        continue;
      taken++;
      g_assert_true (g_str_is_ascii (written));
      again = seed_rtc_sdp_parse (written, NULL);
      g_assert_nonnull (again);
    }
  g_assert_cmpuint (taken, >, 0);
  g_assert_cmpuint (taken, <, 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtc/sdp/browsers", test_browsers);
  g_test_add_func ("/rtc/sdp/written", test_written);
  g_test_add_func ("/rtc/sdp/bad", test_bad);
  g_test_add_func ("/rtc/sdp/spoilt", test_spoilt);

  return g_test_run ();
}
