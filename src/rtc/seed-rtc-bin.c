// SPDX-License-Identifier: MIT
#include "seed-rtc-bin.h"

#include "seed-channel.h"
#include "seed-rtc-signals.h"
#include "seed-rtc-teardown.h"

struct _SeedRtcBin
{
  gboolean offers;
  SeedRtcHop *hop;
  GstElement *pipeline;
  GstElement *webrtc; /* borrowed from the pipeline */
  GstWebRTCDataChannel *channels[SEED_RTC_N_CHANNELS];
  SeedRtcTransports transports;
};

/* An answering end makes them just as early, so that no message can come before them. */
static void
create_channels (SeedRtcBin *self)
{
  const char *const labels[] = { SEED_LABEL_CONTROL_CHANNEL, SEED_LABEL_BULK_CHANNEL };

  for (int i = 0; i < SEED_RTC_N_CHANNELS; i++)
    {
      g_autoptr (GstStructure) options =
          gst_structure_new ("options", "negotiated", G_TYPE_BOOLEAN, TRUE, "id", G_TYPE_INT, i,
                             "ordered", G_TYPE_BOOLEAN, TRUE, NULL);

      g_signal_emit_by_name (self->webrtc, "create-data-channel", labels[i], options,
                             &self->channels[i]);
      seed_rtc_signals_watch_channel (self->hop, self->channels[i], i);
    }
  g_object_set (self->channels[SEED_RTC_BULK], "buffered-amount-low-threshold",
                (guint64) SEED_CHANNEL_LOW_MARK, NULL);
}

SeedRtcBin *
seed_rtc_bin_new (SeedRole role, SeedRtcHop *hop, GPtrArray *servers)
{
  SeedRtcBin *self = g_new0 (SeedRtcBin, 1);

  self->offers = role == SEED_ROLE_OWNER;
  self->hop = seed_rtc_hop_ref (hop);
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->webrtc = gst_element_factory_make ("webrtcbin", NULL);
  g_object_set (self->webrtc, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, NULL);
  seed_rtc_ice_prepare (self->webrtc, servers);
  gst_bin_add (GST_BIN (self->pipeline), self->webrtc);
  seed_rtc_signals_watch_bin (self->hop, self->pipeline, self->webrtc);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  create_channels (self);

  return self;
}

void
seed_rtc_bin_describe (SeedRtcBin *self)
{
  g_autoptr (GstPromise) promise = seed_rtc_signals_promise (self->hop, SEED_RTC_EVENT_DESCRIBED);

  g_signal_emit_by_name (self->webrtc, self->offers ? "create-offer" : "create-answer", NULL,
                         promise);
}

char *
seed_rtc_bin_take_description (SeedRtcBin *self, GstPromise *promise)
{
  const GstStructure *reply = gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED
                                  ? gst_promise_get_reply (promise)
                                  : NULL;
  g_autoptr (GstWebRTCSessionDescription) description = NULL;

  if (reply != NULL)
    gst_structure_get (reply, self->offers ? "offer" : "answer",
                       GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
  if (description == NULL)
    return NULL;

  /* They exist since this description was made. */
  seed_rtc_transports_init (&self->transports, self->webrtc);
  seed_rtc_signals_watch_transports (self->hop, &self->transports);
  g_signal_emit_by_name (self->webrtc, "set-local-description", description, NULL);

  return gst_sdp_message_as_text (description->sdp);
}

void
seed_rtc_bin_set_remote (SeedRtcBin *self, const SeedRtcSdp *sdp)
{
  g_autofree char *text = seed_rtc_sdp_to_string (sdp);
  g_autoptr (GstPromise) promise = seed_rtc_signals_promise (self->hop, SEED_RTC_EVENT_REMOTE_SET);
  g_autoptr (GstWebRTCSessionDescription) description = NULL;
  GstSDPMessage *message = NULL;

  gst_sdp_message_new_from_text (text, &message);
  description = gst_webrtc_session_description_new (
      self->offers ? GST_WEBRTC_SDP_TYPE_ANSWER : GST_WEBRTC_SDP_TYPE_OFFER, message);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", description, promise);
}

gboolean
seed_rtc_bin_took_remote (SeedRtcBin *self, GstPromise *promise)
{
  const GstStructure *reply = NULL;

  if (gst_promise_wait (promise) != GST_PROMISE_RESULT_REPLIED)
    return FALSE;
  reply = gst_promise_get_reply (promise);

  return reply == NULL || !gst_structure_has_field (reply, "error");
}

void
seed_rtc_bin_add_candidate (SeedRtcBin *self, const char *candidate)
{
  g_signal_emit_by_name (self->webrtc, "add-ice-candidate", 0, candidate);
}

SeedRtcChannels
seed_rtc_bin_get_channels (SeedRtcBin *self)
{
  guint n_open = 0;

  for (int i = 0; i < SEED_RTC_N_CHANNELS; i++)
    {
      GstWebRTCDataChannelState state;

      g_object_get (self->channels[i], "ready-state", &state, NULL);
      if (state == GST_WEBRTC_DATA_CHANNEL_STATE_CLOSING ||
          state == GST_WEBRTC_DATA_CHANNEL_STATE_CLOSED)
        return SEED_RTC_CHANNELS_OVER;
      if (state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN)
        n_open++;
    }

  return n_open == SEED_RTC_N_CHANNELS ? SEED_RTC_CHANNELS_OPEN : SEED_RTC_CHANNELS_WAITING;
}

gboolean
seed_rtc_bin_is_gathered (SeedRtcBin *self)
{
  GstWebRTCICEGatheringState state = GST_WEBRTC_ICE_GATHERING_STATE_NEW;

  g_object_get (self->webrtc, "ice-gathering-state", &state, NULL);

  return state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE;
}

const SeedRtcTransports *
seed_rtc_bin_get_transports (SeedRtcBin *self)
{
  return &self->transports;
}

char *
seed_rtc_bin_dup_address (SeedRtcBin *self, SeedPath *path)
{
  return seed_rtc_transports_dup_address (&self->transports, self->webrtc, path);
}

gboolean
seed_rtc_bin_send_text (SeedRtcBin *self, const char *text, GError **error)
{
  return gst_webrtc_data_channel_send_string_full (self->channels[SEED_RTC_CONTROL], text, error);
}

gboolean
seed_rtc_bin_send_data (SeedRtcBin *self, GBytes *data, GError **error)
{
  return gst_webrtc_data_channel_send_data_full (self->channels[SEED_RTC_BULK], data, error);
}

gsize
seed_rtc_bin_get_buffered (SeedRtcBin *self, guint channel)
{
  guint64 buffered = 0;

  g_object_get (self->channels[channel], "buffered-amount", &buffered, NULL);

  return buffered;
}

/* (transfer full): those of @objects that are there, with no handler of ours left on them. */
static GPtrArray *
release (gpointer *objects, gsize n_objects)
{
  GPtrArray *released = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < n_objects; i++)
    if (objects[i] != NULL)
      {
        seed_rtc_signals_unwatch (objects[i]);
        g_ptr_array_add (released, objects[i]);
      }

  return released;
}

void
seed_rtc_bin_close (SeedRtcBin *self, GMainContext *context)
{
  gpointer channels[] = { self->channels[SEED_RTC_CONTROL], self->channels[SEED_RTC_BULK] };
  gpointer parts[] = { self->transports.ice, self->transports.dtls, self->transports.sctp,
                       g_object_ref (self->webrtc) };
  GObject *agent = seed_rtc_ice_dup_agent (self->webrtc);

  for (int i = 0; i < SEED_RTC_N_CHANNELS; i++)
    gst_webrtc_data_channel_close (self->channels[i]);
  seed_rtc_teardown (self->pipeline, release (channels, G_N_ELEMENTS (channels)),
                     release (parts, G_N_ELEMENTS (parts)), agent, context);
  seed_rtc_hop_unref (self->hop);
  g_free (self);
}
