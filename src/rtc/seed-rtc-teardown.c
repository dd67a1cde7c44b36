// SPDX-License-Identifier: MIT
#include "seed-rtc-teardown.h"

#include "seed-rtc-peer.h"

#define WATCHDOG_S 10

/* Threads belong to the process, and so does their count: seed_rtc_drain() is called where no
 * peer is left that could hold it. */
static struct
{
  GMutex mutex;
  GCond changed;
  guint running;
} teardowns;

typedef struct
{
  GstElement *pipeline;
  GPtrArray *parts;
  GSource *watchdog;
} Teardown;

static void
flush_pads (GstElement *encoder)
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

static void
flush_encoders (GstElement *pipeline)
{
  g_autoptr (GstIterator) encoders =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (pipeline), "sctpenc");
  GValue item = G_VALUE_INIT;

  while (gst_iterator_next (encoders, &item) == GST_ITERATOR_OK)
    {
      flush_pads (g_value_get_object (&item));
      g_value_reset (&item);
    }
  g_value_unset (&item);
}

static gpointer
teardown_thread (gpointer data)
{
  Teardown *self = data;

  flush_encoders (self->pipeline);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_ptr_array_unref (self->parts);
  gst_object_unref (self->pipeline);
  g_source_destroy (self->watchdog);
  g_source_unref (self->watchdog);
  g_free (self);

  g_mutex_lock (&teardowns.mutex);
  teardowns.running--;
  g_cond_broadcast (&teardowns.changed);
  g_mutex_unlock (&teardowns.mutex);

  return NULL;
}

static gboolean
watchdog_cb (gpointer user_data)
{
  g_warning ("A closed connection has not been torn down in %u seconds; its threads are left "
             "behind",
             WATCHDOG_S);

  return G_SOURCE_REMOVE;
}

void
seed_rtc_teardown (GstElement *pipeline, GPtrArray *parts, GMainContext *context)
{
  Teardown *self = g_new0 (Teardown, 1);

  self->pipeline = pipeline;
  self->parts = parts;
  self->watchdog = g_timeout_source_new_seconds (WATCHDOG_S);
  g_source_set_callback (self->watchdog, watchdog_cb, NULL, NULL);
  g_source_attach (self->watchdog, context);

  g_mutex_lock (&teardowns.mutex);
  teardowns.running++;
  g_mutex_unlock (&teardowns.mutex);
  g_thread_unref (g_thread_new ("seed-rtc-end", teardown_thread, self));
}

gboolean
seed_rtc_drain (guint timeout_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&teardowns.mutex);

  while (teardowns.running > 0)
    if (!g_cond_wait_until (&teardowns.changed, &teardowns.mutex, deadline))
      return FALSE;

  return TRUE;
}
