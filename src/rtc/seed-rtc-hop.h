// SPDX-License-Identifier: MIT
#pragma once

/* The way from GStreamer's threads to the main context of a peer: events go in on any thread and
 * come out there, in order, a few per turn. Reference counted; every handler on a foreign thread
 * holds a reference, the peer closes it. The only mutex of this layer besides the count of
 * connections that are being torn down. */

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  SEED_RTC_EVENT_DESCRIBED,  /* promise: our offer or answer is made */
  SEED_RTC_EVENT_REMOTE_SET, /* promise: the other end's is taken */
  SEED_RTC_EVENT_CANDIDATE,  /* text */
  SEED_RTC_EVENT_STATE,      /* some state has changed: look */
  SEED_RTC_EVENT_CHANNEL,    /* a channel has opened or closed: look */
  SEED_RTC_EVENT_TEXT,       /* number of the channel, text */
  SEED_RTC_EVENT_DATA,       /* number of the channel, bytes */
  SEED_RTC_EVENT_WRITABLE,   /* number of the channel */
  SEED_RTC_EVENT_FAILED,     /* number: a SeedCode; text: why, for the log */
} SeedRtcEventKind;

typedef struct
{
  SeedRtcEventKind kind;
  int number;
  char *text;
  GBytes *bytes;
  GstPromise *promise;
} SeedRtcEvent;

typedef struct _SeedRtcHop SeedRtcHop;

/** Gets an event on the main context; owns it from then on. */
typedef void (*SeedRtcHopFunc) (SeedRtcEvent *event, gpointer user_data);

/** (transfer full): a hop to @context, until seed_rtc_hop_close(). */
SeedRtcHop *seed_rtc_hop_new (GMainContext *context, SeedRtcHopFunc func, GObject *owner);

SeedRtcHop *seed_rtc_hop_ref (SeedRtcHop *self);
void seed_rtc_hop_unref (SeedRtcHop *self);

/** Any thread. Takes @event, and drops it where the hop is closed. */
void seed_rtc_hop_push (SeedRtcHop *self, SeedRtcEvent *event);

/** On the main context: nothing comes out from here on; what is inside is dropped. */
void seed_rtc_hop_close (SeedRtcHop *self);

SeedRtcEvent *seed_rtc_event_new (SeedRtcEventKind kind);
void seed_rtc_event_free (SeedRtcEvent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedRtcEvent, seed_rtc_event_free)

G_END_DECLS
