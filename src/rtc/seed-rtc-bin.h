// SPDX-License-Identifier: MIT
#pragma once

/* One webrtcbin in a pipeline of its own, with the two channels that both ends know of
 * beforehand. What it says comes by the hop; what it is told returns at once. Owned by a peer,
 * on that one's main context. */

#include "seed-rtc-hop.h"
#include "seed-rtc-ice.h"
#include "seed-rtc-sdp.h"

G_BEGIN_DECLS

typedef struct _SeedRtcBin SeedRtcBin;

/** The ids of the channels at both ends. */
enum
{
  SEED_RTC_CONTROL,
  SEED_RTC_BULK,
  SEED_RTC_N_CHANNELS
};

typedef enum
{
  SEED_RTC_CHANNELS_WAITING,
  SEED_RTC_CHANNELS_OPEN, /* both of them */
  SEED_RTC_CHANNELS_OVER, /* one of them at least */
} SeedRtcChannels;

/** (transfer full): one that runs. An owner's makes the offer, a receiver's answers. */
SeedRtcBin *seed_rtc_bin_new (SeedRole role, SeedRtcHop *hop, GPtrArray *servers);

/** Has the offer or answer made; it comes as an event. */
void seed_rtc_bin_describe (SeedRtcBin *self);

/** (transfer full) (nullable): the description that came with @promise. From here on its
 * candidates are looked for. */
char *seed_rtc_bin_take_description (SeedRtcBin *self, GstPromise *promise);

/** Takes the other end's description; the promise with which it ends comes as an event. */
void seed_rtc_bin_set_remote (SeedRtcBin *self, const SeedRtcSdp *sdp);

/** Whether, says @promise, the other end's description could be taken. */
gboolean seed_rtc_bin_took_remote (SeedRtcBin *self, GstPromise *promise);

/** Takes a candidate of the form that seed_rtc_candidate_normalize() gives. */
void seed_rtc_bin_add_candidate (SeedRtcBin *self, const char *candidate);

SeedRtcChannels seed_rtc_bin_get_channels (SeedRtcBin *self);

/** Whether all of our own candidates are found. */
gboolean seed_rtc_bin_is_gathered (SeedRtcBin *self);

const SeedRtcTransports *seed_rtc_bin_get_transports (SeedRtcBin *self);

/** (transfer full) (nullable): as seed_rtc_transports_dup_address(). */
char *seed_rtc_bin_dup_address (SeedRtcBin *self, SeedPath *path);

gboolean seed_rtc_bin_send_text (SeedRtcBin *self, const char *text, GError **error);
gboolean seed_rtc_bin_send_data (SeedRtcBin *self, GBytes *data, GError **error);
gsize seed_rtc_bin_get_buffered (SeedRtcBin *self, guint channel);

/** Closes the channels and takes everything down on another thread; frees @self. */
void seed_rtc_bin_close (SeedRtcBin *self, GMainContext *context);

G_END_DECLS
