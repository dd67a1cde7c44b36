// SPDX-License-Identifier: MIT
#pragma once

/* What a webrtcbin is told about ICE before it starts, and what can be read of its transports
 * once it runs. Plain functions, called on the peer's main context; none of them blocks. */

#include <gst/webrtc/webrtc.h>

#include "seed-ice-server.h"

G_BEGIN_DECLS

/**
 * seed_rtc_ice_prepare:
 * @servers: (element-type SeedIceServer): those of a form that is not understood are left out
 */
void seed_rtc_ice_prepare (GstElement *bin, GPtrArray *servers);

/** (transfer full) (nullable): the NiceAgent inside @bin. */
GObject *seed_rtc_ice_dup_agent (GstElement *bin);

/** The transports below the data channels; members are %NULL until they exist. */
typedef struct
{
  GstWebRTCSCTPTransport *sctp;
  GstWebRTCDTLSTransport *dtls;
  GstWebRTCICETransport *ice;
} SeedRtcTransports;

/** Fills @self with references, where @bin has transports by now. */
void seed_rtc_transports_init (SeedRtcTransports *self, GstElement *bin);
void seed_rtc_transports_clear (SeedRtcTransports *self);

/** What is being waited for. */
SeedPhase seed_rtc_transports_get_phase (const SeedRtcTransports *self);

/** Whether a transport has ended for good; @opened says that they stood before. */
gboolean seed_rtc_transports_is_over (const SeedRtcTransports *self, gboolean opened);

/** Whether the certificate that the other end proved to hold has @fingerprint. webrtcbin does
 * not look. */
gboolean seed_rtc_transports_check (const SeedRtcTransports *self, const char *fingerprint);

/** (transfer full) (nullable): the other end's address; tells the @path as well. */
char *seed_rtc_transports_dup_address (const SeedRtcTransports *self, GstElement *bin,
                                       SeedPath *path);

G_END_DECLS
