// SPDX-License-Identifier: MIT
#pragma once

/* The end of a webrtcbin, on a thread of its own: the other end is told, what is queued is
 * dropped, the threads are waited for. In GStreamer before 1.22.5 that would hang for ever where
 * data is still queued, unless the SCTP encoder is flushed before. Called on the peer's main
 * context; returns at once. */

#include <gst/webrtc/webrtc.h>

G_BEGIN_DECLS

/**
 * seed_rtc_teardown:
 * @pipeline: (transfer full): one that no handler of ours is connected to any more
 * @channels: (transfer full) (element-type GstWebRTCDataChannel): being closed, which is what
 *   tells the other end
 * @parts: (transfer full) (element-type GObject): of its inside, released before it
 * @agent: (transfer full) (nullable): the NiceAgent, told to give its places at relays back
 *
 * A warning is logged on @context when it takes suspiciously long.
 */
void seed_rtc_teardown (GstElement *pipeline, GPtrArray *channels, GPtrArray *parts, GObject *agent,
                        GMainContext *context);

/** What seed_rtc_drain() waits for besides: a thread of ours that uses what is taken apart when the
 * program ends, such as OpenSSL. Called before it is made, and by itself as its last act. */
void seed_rtc_thread_begins (void);
void seed_rtc_thread_ended (void);

G_END_DECLS
