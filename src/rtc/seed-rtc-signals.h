// SPDX-License-Identifier: MIT
#pragma once

/* The one place where code of ours runs on GStreamer's threads: each handler copies its
 * arguments into an event and pushes that into the hop. Called on the peer's main context. */

#include <gst/webrtc/webrtc.h>

#include "seed-rtc-hop.h"
#include "seed-rtc-ice.h"

G_BEGIN_DECLS

/** What the bin itself says: candidates, states, channels that nobody agreed on, errors. */
void seed_rtc_signals_watch_bin (SeedRtcHop *hop, GstElement *pipeline, GstElement *bin);

/** What @channel says; its events carry @number. */
void seed_rtc_signals_watch_channel (SeedRtcHop *hop, GstWebRTCDataChannel *channel, int number);

/** The states of @transports. */
void seed_rtc_signals_watch_transports (SeedRtcHop *hop, const SeedRtcTransports *transports);

/** (transfer full): a promise whose answer becomes an event of @kind. */
GstPromise *seed_rtc_signals_promise (SeedRtcHop *hop, SeedRtcEventKind kind);

/** Disconnects our handlers from @object: a bin, channel or transport. */
void seed_rtc_signals_unwatch (GObject *object);

G_END_DECLS
