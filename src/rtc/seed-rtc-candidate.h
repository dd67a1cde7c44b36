// SPDX-License-Identifier: MIT
#pragma once

/* Checks the other end's ICE candidates before libnice sees them (RFC 8839, section 5.1).
 * Plain functions; any thread. */

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * seed_rtc_candidate_normalize:
 * @text: a candidate as it came, with or without "a=" before it
 *
 * Written anew from checked fields; extensions that mean nothing here are left out.
 *
 * Returns: (transfer full) (nullable): the candidate, or %NULL where it is none that could be
 *   used: malformed, for RTCP, or with an address that is no unicast one
 */
char *seed_rtc_candidate_normalize (const char *text);

G_END_DECLS
