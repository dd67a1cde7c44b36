// SPDX-License-Identifier: MIT
#include "seed-rtc-hop.h"

#include <string.h>

#include "seed-error.h"

/* What is asked for is bounded by the window of whoever asks; this much only comes unasked. */
#define QUEUED_BYTES_MAX (32 * 1024 * 1024)
#define EVENT_OVERHEAD 256
/* Other sources of the main context get a turn after this many. */
#define EVENTS_PER_TURN 64

struct _SeedRtcHop
{
  gatomicrefcount ref_count;
  GSource *source;
  SeedRtcHopFunc func;
  GObject *owner; /* borrowed; it closes the hop before it goes */

  GMutex mutex;
  GQueue events;
  gsize bytes;
  gboolean closed;
};

typedef struct
{
  GSource source;
  SeedRtcHop *hop; /* borrowed; the hop destroys the source before it goes */
} HopSource;

static gsize
event_size (const SeedRtcEvent *event)
{
  return EVENT_OVERHEAD + (event->text != NULL ? strlen (event->text) : 0) +
         (event->bytes != NULL ? g_bytes_get_size (event->bytes) : 0);
}

static SeedRtcEvent *
pop (SeedRtcHop *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  SeedRtcEvent *event = g_queue_pop_head (&self->events);

  if (event != NULL)
    self->bytes -= event_size (event);
  if (g_queue_is_empty (&self->events) && !self->closed)
    g_source_set_ready_time (self->source, -1);

  return event;
}

static gboolean
hop_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  SeedRtcHop *self = seed_rtc_hop_ref (((HopSource *) source)->hop);
  g_autoptr (GObject) owner = g_object_ref (self->owner);

  for (guint i = 0; i < EVENTS_PER_TURN; i++)
    {
      SeedRtcEvent *event = pop (self);

      if (event == NULL)
        break;
      self->func (event, owner);
    }
  seed_rtc_hop_unref (self);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs hop_source_funcs = { NULL, NULL, hop_dispatch, NULL };

SeedRtcHop *
seed_rtc_hop_new (GMainContext *context, SeedRtcHopFunc func, GObject *owner)
{
  SeedRtcHop *self = g_new0 (SeedRtcHop, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->events);
  self->func = func;
  self->owner = owner;
  self->source = g_source_new (&hop_source_funcs, sizeof (HopSource));
  g_source_set_static_name (self->source, "seed-rtc-hop");
  ((HopSource *) self->source)->hop = self;
  g_source_attach (self->source, context);

  return self;
}

SeedRtcHop *
seed_rtc_hop_ref (SeedRtcHop *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
seed_rtc_hop_unref (SeedRtcHop *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_source_unref (self->source);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
clear_events (SeedRtcHop *self)
{
  g_queue_clear_full (&self->events, (GDestroyNotify) seed_rtc_event_free);
  self->bytes = 0;
}

void
seed_rtc_hop_push (SeedRtcHop *self, SeedRtcEvent *event)
{
  g_autoptr (SeedRtcEvent) owned = event;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->closed)
    return;

  self->bytes += event_size (event);
  if (self->bytes > QUEUED_BYTES_MAX)
    {
      clear_events (self);
      seed_rtc_event_free (g_steal_pointer (&owned));
      owned = seed_rtc_event_new (SEED_RTC_EVENT_FAILED);
      owned->number = SEED_CODE_TOO_LARGE;
      owned->text = g_strdup ("more is queued than anyone asks for");
      self->bytes = event_size (owned);
    }
  g_source_set_ready_time (self->source, 0);
  g_queue_push_tail (&self->events, g_steal_pointer (&owned));
}

void
seed_rtc_hop_close (SeedRtcHop *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->closed = TRUE;
  clear_events (self);
  g_source_destroy (self->source);
}

SeedRtcEvent *
seed_rtc_event_new (SeedRtcEventKind kind)
{
  SeedRtcEvent *self = g_new0 (SeedRtcEvent, 1);

  self->kind = kind;

  return self;
}

void
seed_rtc_event_free (SeedRtcEvent *self)
{
  g_free (self->text);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->promise, gst_promise_unref);
  g_free (self);
}
