// SPDX-License-Identifier: MIT
#include "seed-rtc-teardown.h"

#include <nice/agent.h>

#include "seed-rtc-peer.h"

#define WATCHDOG_S 10
/* The other end's answer to our closing takes a round trip. One that is gone never answers. */
#define GOODBYE_MS 500
/* A relay answers sooner, or not at all. */
#define RELAYS_MS 500
#define BULK_PAD "sink_1"

/* Threads belong to the process, and so does their count: seed_rtc_drain() is called where no
 * peer is left that could hold it. */
static struct
{
  GMutex mutex;
  GCond changed;
  guint running;
} threads;

typedef struct
{
  gatomicrefcount ref_count;
  GstElement *pipeline;
  GPtrArray *channels;
  GPtrArray *parts;
  GObject *agent;
  GSource *watchdog;
  GMutex mutex;
  GCond changed; /* the state of a channel has */
} Teardown;

typedef void (*EncoderFunc) (GstElement *encoder);

void
seed_rtc_thread_begins (void)
{
  g_mutex_lock (&threads.mutex);
  threads.running++;
  g_mutex_unlock (&threads.mutex);
}

void
seed_rtc_thread_ended (void)
{
  g_mutex_lock (&threads.mutex);
  threads.running--;
  g_cond_broadcast (&threads.changed);
  g_mutex_unlock (&threads.mutex);
}

static void
teardown_unref (Teardown *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

static void
closure_unref (gpointer data, GClosure *closure)
{
  teardown_unref (data);
}

static void
flush (GstElement *encoder)
{
  g_autoptr (GstIterator) pads = gst_element_iterate_sink_pads (encoder);
  GValue item = G_VALUE_INIT;

  while (gst_iterator_next (pads, &item) == GST_ITERATOR_OK)
    {
      gst_pad_send_event (g_value_get_object (&item), gst_event_new_flush_start ());
      g_value_reset (&item);
    }
  g_value_unset (&item);
}

static GstPadProbeReturn
drop_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return GST_PAD_PROBE_DROP;
}

/* So that nothing stands before our goodbye but what SCTP itself has taken already. */
static void
drop_bulk (GstElement *encoder)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (encoder, BULK_PAD);

  if (pad != NULL)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, drop_cb, NULL, NULL);
}

static void
each_encoder (GstElement *pipeline, EncoderFunc func)
{
  g_autoptr (GstIterator) encoders =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (pipeline), "sctpenc");
  GValue item = G_VALUE_INIT;

  while (gst_iterator_next (encoders, &item) == GST_ITERATOR_OK)
    {
      func (g_value_get_object (&item));
      g_value_reset (&item);
    }
  g_value_unset (&item);
}

static void
on_channel_state (GObject *channel, GParamSpec *pspec, Teardown *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static gboolean
is_closing (Teardown *self)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      GstWebRTCDataChannelState state;

      g_object_get (g_ptr_array_index (self->channels, i), "ready-state", &state, NULL);
      if (state == GST_WEBRTC_DATA_CHANNEL_STATE_CLOSING)
        return TRUE;
    }

  return FALSE;
}

static void
watch_channels (Teardown *self)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      g_atomic_ref_count_inc (&self->ref_count);
      g_signal_connect_data (g_ptr_array_index (self->channels, i), "notify::ready-state",
                             G_CALLBACK (on_channel_state), self, closure_unref, 0);
    }
}

/* The channels close one after the other, and a browser holds one for closed when its own closing
 * was answered too: that has happened to the first when the last is closed here. */
static void
say_goodbye (Teardown *self)
{
  gint64 deadline = g_get_monotonic_time () + GOODBYE_MS * 1000;

  watch_channels (self);
  each_encoder (self->pipeline, drop_bulk);

  g_mutex_lock (&self->mutex);
  while (is_closing (self))
    if (!g_cond_wait_until (&self->changed, &self->mutex, deadline))
      break;
  g_mutex_unlock (&self->mutex);

  for (guint i = 0; i < self->channels->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->channels, i), on_channel_state,
                                          self);
}

static void
left_relays_cb (GObject *agent, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
relays_deadline_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* webrtcbin lets go of the agent without this, and relays would hold our places for minutes. */
static void
leave_relays (Teardown *self)
{
  g_autoptr (GMainContext) context = NULL;
  g_autoptr (GSource) deadline = NULL;
  gboolean done = FALSE;

  if (self->agent == NULL || !NICE_IS_AGENT (self->agent))
    return;

  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  deadline = g_timeout_source_new (RELAYS_MS);
  g_source_set_callback (deadline, relays_deadline_cb, &done, NULL);
  g_source_attach (deadline, context);
  nice_agent_close_async (NICE_AGENT (self->agent), left_relays_cb, &done);
  while (!done)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (deadline);
  g_main_context_pop_thread_default (context);
}

static gpointer
teardown_thread (gpointer data)
{
  Teardown *self = data;

  say_goodbye (self);
  each_encoder (self->pipeline, flush);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  leave_relays (self);
  g_clear_object (&self->agent);
  g_ptr_array_unref (self->channels);
  g_ptr_array_unref (self->parts);
  gst_object_unref (self->pipeline);
  g_source_destroy (self->watchdog);
  g_source_unref (self->watchdog);
  teardown_unref (self);
  seed_rtc_thread_ended ();

  return NULL;
}

static gboolean
watchdog_cb (gpointer user_data)
{
  g_warning ("A closed connection has not been torn down in %d seconds; its threads are left "
             "behind",
             WATCHDOG_S);

  return G_SOURCE_REMOVE;
}

void
seed_rtc_teardown (GstElement *pipeline, GPtrArray *channels, GPtrArray *parts, GObject *agent,
                   GMainContext *context)
{
  Teardown *self = g_new0 (Teardown, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->pipeline = pipeline;
  self->channels = channels;
  self->parts = parts;
  self->agent = agent;
  self->watchdog = g_timeout_source_new_seconds (WATCHDOG_S);
  g_source_set_callback (self->watchdog, watchdog_cb, NULL, NULL);
  g_source_attach (self->watchdog, context);

  seed_rtc_thread_begins ();
  g_thread_unref (g_thread_new ("seed-rtc-end", teardown_thread, self));
}

gboolean
seed_rtc_drain (guint timeout_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&threads.mutex);

  while (threads.running > 0)
    if (!g_cond_wait_until (&threads.changed, &threads.mutex, deadline))
      return FALSE;

  return TRUE;
}
