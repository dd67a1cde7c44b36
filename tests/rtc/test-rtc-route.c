// SPDX-License-Identifier: MIT
#include "seed-rtc-route.h"

typedef struct
{
  const char *our_type;
  const char *their_type;
  const char *our_address;
  const char *their_address;
  SeedPath path;
} Case;

static const Case cases[] = {
  { "host", "host", "192.168.1.2", "192.168.1.3", SEED_PATH_LAN },
  { "host", "prflx", "10.0.0.2", "10.0.0.3", SEED_PATH_LAN },
  { "host", "host", "fe80::1", "fe80::2", SEED_PATH_LAN },
  { "host", "host", "fd00::1", "fd00:1::2", SEED_PATH_LAN },
  { "host", "host", "2001:db8:1:2::1", "2001:db8:1:2:3::9", SEED_PATH_LAN },
  { "host", "host", "2001:db8:1:2::1", "2001:db8:1:3::9", SEED_PATH_DIRECT },
  { "host", "srflx", "192.168.1.2", "203.0.113.9", SEED_PATH_DIRECT },
  { "host", "host", "203.0.113.8", "203.0.113.9", SEED_PATH_DIRECT },
  { "relay", "host", "192.168.1.2", "192.168.1.3", SEED_PATH_RELAYED },
  { "host", "relay", "192.168.1.2", "203.0.113.9", SEED_PATH_RELAYED },
  { "host", "host", NULL, "192.168.1.3", SEED_PATH_UNKNOWN },
  { "host", "host", "192.168.1.2", "nonsense", SEED_PATH_UNKNOWN },
};

/* A self-signed one; its fingerprint is what `openssl x509 -fingerprint -sha256` says. */
static const char pem[] = "-----BEGIN CERTIFICATE-----\n"
                          "MIIBbjCCARWgAwIBAgIUZGDk9ia6TKnYMEvcHOucbDv6gYQwCgYIKoZIzj0EAwIw\n"
                          "DDEKMAgGA1UEAwwBdDAgFw0yNjExMjAxMzEyMjdaGA8yMDU0MDQwNjEzMTIyN1ow\n"
                          "DDEKMAgGA1UEAwwBdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLzsHfSL/q3Q\n"
                          "s/yxRtgeaj+xxFnyNj3O6gmra3ECJksFV37TtRm9mdD7sUlAFEHN2PVqbOF/sKhe\n"
                          "7JkowDOsOSejUzBRMB0GA1UdDgQWBBT7pvEx3psi0/iCU095XuNpcwgjnDAfBgNV\n"
                          "HSMEGDAWgBT7pvEx3psi0/iCU095XuNpcwgjnDAPBgNVHRMBAf8EBTADAQH/MAoG\n"
                          "CCqGSM49BAMCA0cAMEQCIDoK5KUo+iaCTN1tahYYtuCZuDSbXWIJgAP7VgxjYii2\n"
                          "AiAOCbORYfmDmlvgpJ8fhL2QtUMeMYsP+pXabd6WfP83vw==\n"
                          "-----END CERTIFICATE-----\n";

static void
test_path (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (seed_rtc_path (cases[i].our_type, cases[i].their_type, cases[i].our_address,
                                    cases[i].their_address),
                     ==, cases[i].path);
}

static void
test_fingerprint (void)
{
  g_autofree char *print = seed_rtc_fingerprint_from_pem (pem);

  g_assert_cmpstr (print, ==,
                   "65:DB:2B:97:7F:63:AC:4F:75:D7:30:BC:E7:1B:55:0C:"
                   "2D:24:D7:81:98:16:26:3C:F3:C1:84:FC:7F:4D:0D:72");
  g_assert_null (seed_rtc_fingerprint_from_pem (NULL));
  g_assert_null (seed_rtc_fingerprint_from_pem (""));
  g_assert_null (seed_rtc_fingerprint_from_pem ("-----BEGIN CERTIFICATE-----"));
  g_assert_null (
      seed_rtc_fingerprint_from_pem ("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtc/route/path", test_path);
  g_test_add_func ("/rtc/route/fingerprint", test_fingerprint);

  return g_test_run ();
}
