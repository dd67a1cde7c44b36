// SPDX-License-Identifier: MIT
#pragma once

/* One WebRTC connection to one peer: a webrtcbin in a pipeline of its own, with the channels
 * "control" and "bulk". Implements SeedChannel. Belongs to the main context that made it;
 * GStreamer's threads are met in this layer only and never seen above it.
 *
 * Signals, besides those of SeedChannel:
 *   description (char *sdp)                  our offer or answer, for the other end
 *   candidate (guint line, char *candidate)  one of our candidates; "" ends them
 *   phase (SeedPhase phase)                  ice, dtls, data: what is being waited for now
 *
 * A connection that does not come about is "closed" with SEED_CODE_TIMEOUT_ICE,
 * SEED_CODE_TIMEOUT_DTLS or SEED_CODE_TIMEOUT_DATA after SEED_CONNECT_TIMEOUT_MS. */

#include "seed-channel.h"
#include "seed-ice-server.h"

G_BEGIN_DECLS

#define SEED_TYPE_RTC_PEER (seed_rtc_peer_get_type ())
G_DECLARE_FINAL_TYPE (SeedRtcPeer, seed_rtc_peer, SEED, RTC_PEER, GObject)

/**
 * seed_rtc_init:
 *
 * Initialises GStreamer, checks that its elements are there and begins to make the DTLS
 * certificate on a thread, so that the first connection need not wait for it. Repeatable.
 *
 * Returns: whether peers can be made; otherwise @error says which element is missing
 */
gboolean seed_rtc_init (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Waits, at most @timeout_ms, until every connection that was closed is torn down and its threads
 * are gone, and the certificate is made; for the end of a program, which would crash under them. Returns whether they are. */
gboolean seed_rtc_drain (guint timeout_ms);

/**
 * seed_rtc_peer_new:
 * @role: %SEED_ROLE_OWNER makes the offer, %SEED_ROLE_RECEIVER answers
 * @ice_servers: (element-type SeedIceServer): copied
 */
SeedRtcPeer *seed_rtc_peer_new (SeedRole role, GPtrArray *ice_servers);

/** Limits how long the connection may take to come about, from the start; for tests. */
void seed_rtc_peer_set_timeout (SeedRtcPeer *self, guint timeout_ms);

/** Starts; an owner emits "description" soon after. */
void seed_rtc_peer_start (SeedRtcPeer *self);

/** Takes the other end's offer or answer. What is no SDP closes the peer with an error. */
void seed_rtc_peer_set_remote (SeedRtcPeer *self, const char *sdp);

/** Takes one of the other end's candidates, also before its description. Nonsense is ignored. */
void seed_rtc_peer_add_candidate (SeedRtcPeer *self, guint line, const char *candidate);

G_END_DECLS
