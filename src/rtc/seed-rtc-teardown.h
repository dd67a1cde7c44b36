// SPDX-License-Identifier: MIT
#pragma once

/* The end of a webrtcbin, on a thread of its own: stopping one waits for its own threads, and
 * in GStreamer before 1.22.5 it waits for ever where data is still queued, unless its SCTP
 * encoder is flushed before. Called on the peer's main context; returns at once. */

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * seed_rtc_teardown:
 * @pipeline: (transfer full): one that no handler of ours is connected to any more
 * @parts: (transfer full) (element-type GObject): of its inside, released before it
 *
 * A warning is logged on @context when it takes suspiciously long.
 */
void seed_rtc_teardown (GstElement *pipeline, GPtrArray *parts, GMainContext *context);

G_END_DECLS
