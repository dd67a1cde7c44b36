// SPDX-License-Identifier: MIT
#include "seed-rtc-signals.h"

#include "seed-error.h"

/* Handlers carry one of these: the hop, and what they tell it. */
typedef struct
{
  SeedRtcHop *hop;
  SeedRtcEventKind kind;
  int number;
} Watch;

static Watch *
watch_new (SeedRtcHop *hop, SeedRtcEventKind kind, int number)
{
  Watch *self = g_new0 (Watch, 1);

  self->hop = seed_rtc_hop_ref (hop);
  self->kind = kind;
  self->number = number;

  return self;
}

static void
watch_free (Watch *self)
{
  seed_rtc_hop_unref (self->hop);
  g_free (self);
}

static void
watch_closure_free (gpointer data, GClosure *closure)
{
  watch_free (data);
}

static void
push (Watch *watch, const char *text, GBytes *bytes)
{
  SeedRtcEvent *event = seed_rtc_event_new (watch->kind);

  event->number = watch->number;
  event->text = g_strdup (text);
  event->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  seed_rtc_hop_push (watch->hop, event);
}

static void
on_candidate (GstElement *bin, guint line, char *candidate, Watch *watch)
{
  push (watch, candidate, NULL);
}

static void
on_notify (GObject *object, GParamSpec *pspec, Watch *watch)
{
  push (watch, NULL, NULL);
}

static void
on_prepare_channel (GstElement *bin, GObject *channel, gboolean is_local, Watch *watch)
{
  if (!is_local)
    push (watch, "a channel that was not agreed on", NULL);
}

static void
on_text (GstWebRTCDataChannel *channel, char *text, Watch *watch)
{
  push (watch, text != NULL ? text : "", NULL);
}

static void
on_data (GstWebRTCDataChannel *channel, GBytes *bytes, Watch *watch)
{
  g_autoptr (GBytes) data = bytes != NULL ? g_bytes_ref (bytes) : g_bytes_new_static (NULL, 0);

  push (watch, NULL, data);
}

static void
on_low (GstWebRTCDataChannel *channel, Watch *watch)
{
  push (watch, NULL, NULL);
}

static void
on_channel_error (GstWebRTCDataChannel *channel, GError *error, Watch *watch)
{
  push (watch, error != NULL ? error->message : "", NULL);
}

static void
on_promise (GstPromise *promise, gpointer user_data)
{
  Watch *watch = user_data;
  SeedRtcEvent *event = seed_rtc_event_new (watch->kind);

  event->promise = gst_promise_ref (promise);
  seed_rtc_hop_push (watch->hop, event);
}

/* Nobody reads the bus, so nothing may stay on it. */
static GstBusSyncReply
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autoptr (GError) error = NULL;

      gst_message_parse_error (message, &error, NULL);
      push (user_data, error->message, NULL);
    }
  gst_message_unref (message);

  return GST_BUS_DROP;
}

static void
connect (gpointer object, const char *signal, GCallback callback, Watch *watch)
{
  g_signal_connect_data (object, signal, callback, watch, watch_closure_free, 0);
}

void
seed_rtc_signals_watch_bin (SeedRtcHop *hop, GstElement *pipeline, GstElement *bin)
{
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline));

  gst_bus_set_sync_handler (bus, on_bus_message,
                            watch_new (hop, SEED_RTC_EVENT_FAILED, SEED_CODE_PEER_LOST),
                            (GDestroyNotify) watch_free);
  connect (bin, "on-ice-candidate", G_CALLBACK (on_candidate),
           watch_new (hop, SEED_RTC_EVENT_CANDIDATE, -1));
  connect (bin, "notify::connection-state", G_CALLBACK (on_notify),
           watch_new (hop, SEED_RTC_EVENT_STATE, -1));
  connect (bin, "notify::ice-gathering-state", G_CALLBACK (on_notify),
           watch_new (hop, SEED_RTC_EVENT_STATE, -1));
  connect (bin, "prepare-data-channel", G_CALLBACK (on_prepare_channel),
           watch_new (hop, SEED_RTC_EVENT_FAILED, SEED_CODE_BAD_MESSAGE));
}

void
seed_rtc_signals_watch_channel (SeedRtcHop *hop, GstWebRTCDataChannel *channel, int number)
{
  connect (channel, "notify::ready-state", G_CALLBACK (on_notify),
           watch_new (hop, SEED_RTC_EVENT_CHANNEL, number));
  connect (channel, "on-message-string", G_CALLBACK (on_text),
           watch_new (hop, SEED_RTC_EVENT_TEXT, number));
  connect (channel, "on-message-data", G_CALLBACK (on_data),
           watch_new (hop, SEED_RTC_EVENT_DATA, number));
  connect (channel, "on-buffered-amount-low", G_CALLBACK (on_low),
           watch_new (hop, SEED_RTC_EVENT_WRITABLE, number));
  connect (channel, "on-error", G_CALLBACK (on_channel_error),
           watch_new (hop, SEED_RTC_EVENT_FAILED, SEED_CODE_PEER_LOST));
}

void
seed_rtc_signals_watch_transports (SeedRtcHop *hop, const SeedRtcTransports *transports)
{
  gpointer objects[] = { transports->sctp, transports->dtls, transports->ice };

  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    if (objects[i] != NULL)
      connect (objects[i], "notify::state", G_CALLBACK (on_notify),
               watch_new (hop, SEED_RTC_EVENT_STATE, -1));
}

GstPromise *
seed_rtc_signals_promise (SeedRtcHop *hop, SeedRtcEventKind kind)
{
  return gst_promise_new_with_change_func (on_promise, watch_new (hop, kind, -1),
                                           (GDestroyNotify) watch_free);
}

void
seed_rtc_signals_unwatch (GObject *object)
{
  const GCallback callbacks[] = {
    G_CALLBACK (on_candidate),     G_CALLBACK (on_notify), G_CALLBACK (on_prepare_channel),
    G_CALLBACK (on_text),          G_CALLBACK (on_data),   G_CALLBACK (on_low),
    G_CALLBACK (on_channel_error),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (callbacks); i++)
    g_signal_handlers_disconnect_matched (object, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                                          (gpointer) callbacks[i], NULL);
}
