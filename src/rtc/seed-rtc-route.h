// SPDX-License-Identifier: MIT
#pragma once

/* How the bytes travel, and who is at the other end: plain functions over what the transports
 * say, without GStreamer; any thread. */

#include <gio/gio.h>

#include "seed-protocol.h"

G_BEGIN_DECLS

/**
 * seed_rtc_path:
 * @our_type: of our candidate: host, srflx, prflx or relay
 * @our_address: an IP address
 */
SeedPath seed_rtc_path (const char *our_type, const char *their_type, const char *our_address,
                        const char *their_address);

/**
 * seed_rtc_fingerprint_from_pem:
 * @pem: (nullable): a certificate
 *
 * Returns: (transfer full) (nullable): its SHA-256 as RFC 8122 writes it
 */
char *seed_rtc_fingerprint_from_pem (const char *pem);

G_END_DECLS
