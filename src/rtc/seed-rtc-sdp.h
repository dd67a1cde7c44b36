// SPDX-License-Identifier: MIT
#pragma once

/* What matters of the other end's session description. Remote text ends here: what goes on to
 * webrtcbin is written anew from these checked fields, so nothing odd reaches its parser.
 * Plain values without GStreamer; any thread. */

#include "seed-error.h"

G_BEGIN_DECLS

typedef struct
{
  char *mid;
  char *ufrag;
  char *password;
  char *fingerprint; /* of SHA-256, in capitals with colons; RFC 8122 */
  char *setup;       /* actpass, active or passive; RFC 4145 */
  char *port;        /* of SCTP, RFC 8841 */
  guint64 message_max;
  GPtrArray *candidates; /* char *, as they came */
} SeedRtcSdp;

/**
 * seed_rtc_sdp_parse:
 * @text: a description as it came
 *
 * Returns: (transfer full): its fields, or %NULL with @error %SEED_CODE_BAD_MESSAGE when it is
 *   not one of data channels alone
 */
SeedRtcSdp *seed_rtc_sdp_parse (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** (transfer full): a description with these fields, without candidates. */
char *seed_rtc_sdp_to_string (const SeedRtcSdp *self);

void seed_rtc_sdp_free (SeedRtcSdp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedRtcSdp, seed_rtc_sdp_free)

G_END_DECLS
