// SPDX-License-Identifier: MIT
#include "seed-rtc-peer.h"

#include <string.h>

#include "seed-error.h"
#include "seed-rtc-bin.h"
#include "seed-rtc-candidate.h"

/* More of either than any honest end sends. */
#define CANDIDATES_MAX 64
#define EARLY_MESSAGES_MAX 64

enum
{
  DESCRIPTION,
  CANDIDATE,
  PHASE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SeedRtcPeer
{
  GObject parent;

  SeedRole role;
  guint timeout_ms;
  SeedPhase phase;
  gboolean gathered; /* told the other end that no candidate follows */
  gboolean opened;
  gboolean closed;
  guint candidates; /* of the other end, counted */
  char *address;
  SeedPath path;

  GMainContext *context;
  GPtrArray *ice_servers;
  SeedRtcHop *hop;
  GSource *deadline;
  SeedRtcBin *bin; /* from the start to the end */
  SeedRtcSdp *local;
  SeedRtcSdp *remote;
  GPtrArray *waiting; /* candidates that came before the description */
  GQueue early;       /* messages that came before both channels were seen open */
};

static void seed_rtc_peer_channel_init (SeedChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SeedRtcPeer, seed_rtc_peer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SEED_TYPE_CHANNEL,
                                                      seed_rtc_peer_channel_init))

static void
clear_deadline (SeedRtcPeer *self)
{
  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
}

/* Nothing is emitted from here on. */
static void
shut (SeedRtcPeer *self)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  clear_deadline (self);
  seed_rtc_hop_close (self->hop);
  if (self->bin != NULL)
    seed_rtc_bin_close (g_steal_pointer (&self->bin), self->context);
}

/* Ends it, and says so. */
static void
end (SeedRtcPeer *self, GError *error)
{
  g_autoptr (GError) owned = error;

  if (self->closed)
    return;

  shut (self);
  seed_channel_emit_closed (SEED_CHANNEL (self), owned);
}

static void
end_code (SeedRtcPeer *self, SeedCode code)
{
  end (self, seed_error_new_code (code));
}

/* For calls from above, which may not be answered from inside. */
static void
fail_later (SeedRtcPeer *self, SeedCode code, const char *reason)
{
  SeedRtcEvent *event = seed_rtc_event_new (SEED_RTC_EVENT_FAILED);

  event->number = code;
  event->text = g_strdup (reason);
  seed_rtc_hop_push (self->hop, event);
}

/* What it means, at this moment, that the other end is not there. */
static SeedCode
lost_code (SeedRtcPeer *self)
{
  if (self->opened)
    return SEED_CODE_PEER_LOST;
  if (self->phase == SEED_PHASE_DATA)
    return SEED_CODE_TIMEOUT_DATA;
  if (self->phase == SEED_PHASE_DTLS)
    return SEED_CODE_TIMEOUT_DTLS;

  return SEED_CODE_TIMEOUT_ICE;
}

static gboolean
deadline_cb (gpointer user_data)
{
  SeedRtcPeer *self = user_data;
  g_autoptr (SeedRtcPeer) keep = g_object_ref (self);

  end_code (self, lost_code (self));

  return G_SOURCE_REMOVE;
}

void
seed_rtc_peer_start (SeedRtcPeer *self)
{
  g_return_if_fail (SEED_IS_RTC_PEER (self));
  g_return_if_fail (self->bin == NULL && !self->closed);

  self->bin = seed_rtc_bin_new (self->role, self->hop, self->ice_servers);
  self->deadline = g_timeout_source_new (self->timeout_ms);
  g_source_set_callback (self->deadline, deadline_cb, self, NULL);
  g_source_attach (self->deadline, self->context);

  if (self->role == SEED_ROLE_OWNER)
    seed_rtc_bin_describe (self->bin);
}

static void
add_candidate (SeedRtcPeer *self, const char *text)
{
  g_autofree char *candidate = seed_rtc_candidate_normalize (text);

  if (candidate == NULL || self->candidates >= CANDIDATES_MAX)
    return;

  self->candidates++;
  seed_rtc_bin_add_candidate (self->bin, candidate);
}

void
seed_rtc_peer_add_candidate (SeedRtcPeer *self, guint line, const char *candidate)
{
  g_return_if_fail (SEED_IS_RTC_PEER (self));

  /* There is one line only. The end of candidates ("") is kept from libnice: it would give up
   * although the other end's checks may still reach us. */
  if (self->closed || line != 0)
    return;
  if (self->remote != NULL)
    add_candidate (self, candidate);
  else if (self->waiting->len < CANDIDATES_MAX)
    g_ptr_array_add (self->waiting, g_strdup (candidate));
}

static void
add_candidates (SeedRtcPeer *self, GPtrArray *candidates)
{
  for (guint i = 0; i < candidates->len; i++)
    add_candidate (self, g_ptr_array_index (candidates, i));
  g_ptr_array_set_size (candidates, 0);
}

/* Whether @sdp is what this end can be told now. */
static gboolean
is_expected (SeedRtcPeer *self, const SeedRtcSdp *sdp)
{
  if (self->bin == NULL || self->remote != NULL)
    return FALSE;
  if (self->role == SEED_ROLE_RECEIVER)
    return TRUE;

  return self->local != NULL && g_str_equal (sdp->mid, self->local->mid) &&
         !g_str_equal (sdp->setup, "actpass");
}

void
seed_rtc_peer_set_remote (SeedRtcPeer *self, const char *text)
{
  g_autoptr (SeedRtcSdp) sdp = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (SEED_IS_RTC_PEER (self));

  if (self->closed)
    return;
  sdp = seed_rtc_sdp_parse (text, &error);
  if (sdp == NULL || !is_expected (self, sdp))
    {
      fail_later (self, SEED_CODE_BAD_MESSAGE, "not a session description");
      return;
    }

  self->remote = g_steal_pointer (&sdp);
  seed_rtc_bin_set_remote (self->bin, self->remote);
  if (self->role == SEED_ROLE_RECEIVER)
    seed_rtc_bin_describe (self->bin);
  add_candidates (self, self->remote->candidates);
  add_candidates (self, self->waiting);
}

static void
on_described (SeedRtcPeer *self, GstPromise *promise)
{
  g_autofree char *text = seed_rtc_bin_take_description (self->bin, promise);

  self->local = text != NULL ? seed_rtc_sdp_parse (text, NULL) : NULL;
  if (self->local == NULL)
    end_code (self, SEED_CODE_FAILED);
  else
    g_signal_emit (self, signals[DESCRIPTION], 0, text);
}

static void
tell_gathered (SeedRtcPeer *self)
{
  if (self->gathered || !seed_rtc_bin_is_gathered (self->bin))
    return;

  self->gathered = TRUE;
  g_signal_emit (self, signals[CANDIDATE], 0, 0, "");
}

static void
on_state (SeedRtcPeer *self)
{
  SeedPhase phase = seed_rtc_transports_get_phase (seed_rtc_bin_get_transports (self->bin));

  if (phase > self->phase)
    {
      self->phase = phase;
      g_signal_emit (self, signals[PHASE], 0, phase);
    }
  if (!self->closed)
    tell_gathered (self);
  if (!self->closed &&
      seed_rtc_transports_is_over (seed_rtc_bin_get_transports (self->bin), self->opened))
    end_code (self, lost_code (self));
}

static void
on_message (SeedRtcPeer *self, SeedRtcEvent *event)
{
  gboolean is_text = event->kind == SEED_RTC_EVENT_TEXT;

  if (is_text != (event->number == SEED_RTC_CONTROL))
    end_code (self, SEED_CODE_BAD_MESSAGE);
  else if (is_text)
    seed_channel_emit_control (SEED_CHANNEL (self), event->text, strlen (event->text));
  else
    seed_channel_emit_bulk (SEED_CHANNEL (self), event->bytes);
}

static void
open (SeedRtcPeer *self)
{
  SeedRtcEvent *event = NULL;

  if (!seed_rtc_transports_check (seed_rtc_bin_get_transports (self->bin),
                                  self->remote->fingerprint))
    {
      end_code (self, SEED_CODE_SEAL_BROKEN);
      return;
    }

  self->opened = TRUE;
  clear_deadline (self);
  self->address = seed_rtc_bin_dup_address (self->bin, &self->path);
  seed_channel_emit_opened (SEED_CHANNEL (self));

  while (!self->closed && (event = g_queue_pop_head (&self->early)) != NULL)
    {
      on_message (self, event);
      seed_rtc_event_free (event);
    }
}

static void
on_channel (SeedRtcPeer *self)
{
  SeedRtcChannels channels = seed_rtc_bin_get_channels (self->bin);

  if (channels == SEED_RTC_CHANNELS_OVER)
    end (self, self->opened ? NULL : seed_error_new_code (lost_code (self)));
  else if (channels == SEED_RTC_CHANNELS_OPEN && !self->opened)
    open (self);
}

static void
on_failed (SeedRtcPeer *self, const SeedRtcEvent *event)
{
  g_debug ("Connection fails: %s", event->text);
  end_code (self,
            event->number == SEED_CODE_PEER_LOST ? lost_code (self) : (SeedCode) event->number);
}

static void
on_event (SeedRtcEvent *event, gpointer user_data)
{
  SeedRtcPeer *self = user_data;
  g_autoptr (SeedRtcEvent) owned = event;

  switch (event->kind)
    {
    case SEED_RTC_EVENT_DESCRIBED:
      on_described (self, event->promise);
      break;
    case SEED_RTC_EVENT_REMOTE_SET:
      if (!seed_rtc_bin_took_remote (self->bin, event->promise))
        end_code (self, SEED_CODE_BAD_MESSAGE);
      break;
    case SEED_RTC_EVENT_CANDIDATE:
      g_signal_emit (self, signals[CANDIDATE], 0, 0, event->text);
      break;
    case SEED_RTC_EVENT_STATE:
      on_state (self);
      break;
    case SEED_RTC_EVENT_CHANNEL:
      on_channel (self);
      break;
    case SEED_RTC_EVENT_TEXT:
    case SEED_RTC_EVENT_DATA:
      if (self->opened)
        on_message (self, event);
      else if (g_queue_get_length (&self->early) < EARLY_MESSAGES_MAX)
        g_queue_push_tail (&self->early, g_steal_pointer (&owned));
      else
        end_code (self, SEED_CODE_BAD_MESSAGE);
      break;
    case SEED_RTC_EVENT_WRITABLE:
      if (event->number == SEED_RTC_BULK)
        seed_channel_emit_writable (SEED_CHANNEL (self));
      break;
    case SEED_RTC_EVENT_FAILED:
      on_failed (self, event);
      break;
    }
}

static void
seed_rtc_peer_send_control (SeedChannel *channel, const char *text)
{
  SeedRtcPeer *self = SEED_RTC_PEER (channel);
  g_autoptr (GError) error = NULL;

  if (self->closed || !self->opened)
    return;
  if (!seed_rtc_bin_send_text (self->bin, text, &error))
    fail_later (self, SEED_CODE_PEER_LOST, error != NULL ? error->message : "not sent");
  else if (seed_rtc_bin_get_buffered (self->bin, SEED_RTC_CONTROL) > SEED_CHANNEL_CONTROL_MAX)
    fail_later (self, SEED_CODE_PEER_LOST, "what is said to it piles up");
}

static void
seed_rtc_peer_send_bulk (SeedChannel *channel, GBytes *frame)
{
  SeedRtcPeer *self = SEED_RTC_PEER (channel);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (g_bytes_get_size (frame) > 0);

  if (self->closed || !self->opened)
    return;
  if (!seed_rtc_bin_send_data (self->bin, frame, &error))
    fail_later (self, SEED_CODE_PEER_LOST, error != NULL ? error->message : "not sent");
}

static gsize
seed_rtc_peer_get_buffered (SeedChannel *channel)
{
  SeedRtcPeer *self = SEED_RTC_PEER (channel);

  return self->bin != NULL ? seed_rtc_bin_get_buffered (self->bin, SEED_RTC_BULK) : 0;
}

static char *
seed_rtc_peer_dup_address (SeedChannel *channel)
{
  return g_strdup (SEED_RTC_PEER (channel)->address);
}

static SeedPath
seed_rtc_peer_get_path (SeedChannel *channel)
{
  return SEED_RTC_PEER (channel)->path;
}

static void
seed_rtc_peer_close (SeedChannel *channel)
{
  shut (SEED_RTC_PEER (channel));
}

static void
seed_rtc_peer_channel_init (SeedChannelInterface *iface)
{
  iface->send_control = seed_rtc_peer_send_control;
  iface->send_bulk = seed_rtc_peer_send_bulk;
  iface->get_buffered = seed_rtc_peer_get_buffered;
  iface->dup_address = seed_rtc_peer_dup_address;
  iface->get_path = seed_rtc_peer_get_path;
  iface->close = seed_rtc_peer_close;
}

static void
seed_rtc_peer_dispose (GObject *object)
{
  shut (SEED_RTC_PEER (object));

  G_OBJECT_CLASS (seed_rtc_peer_parent_class)->dispose (object);
}

static void
seed_rtc_peer_finalize (GObject *object)
{
  SeedRtcPeer *self = SEED_RTC_PEER (object);

  g_queue_clear_full (&self->early, (GDestroyNotify) seed_rtc_event_free);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->remote, seed_rtc_sdp_free);
  g_clear_pointer (&self->local, seed_rtc_sdp_free);
  g_clear_pointer (&self->hop, seed_rtc_hop_unref);
  g_clear_pointer (&self->ice_servers, g_ptr_array_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->address);

  G_OBJECT_CLASS (seed_rtc_peer_parent_class)->finalize (object);
}

static void
seed_rtc_peer_class_init (SeedRtcPeerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_rtc_peer_dispose;
  object_class->finalize = seed_rtc_peer_finalize;

  signals[DESCRIPTION] = g_signal_new ("description", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CANDIDATE] = g_signal_new ("candidate", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[PHASE] = g_signal_new ("phase", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_INT);
}

static void
seed_rtc_peer_init (SeedRtcPeer *self)
{
  self->timeout_ms = SEED_CONNECT_TIMEOUT_MS;
  self->context = g_main_context_ref_thread_default ();
  self->hop = seed_rtc_hop_new (self->context, on_event, G_OBJECT (self));
  self->ice_servers = g_ptr_array_new_with_free_func ((GDestroyNotify) seed_ice_server_free);
  self->waiting = g_ptr_array_new_with_free_func (g_free);
  g_queue_init (&self->early);
}

SeedRtcPeer *
seed_rtc_peer_new (SeedRole role, GPtrArray *ice_servers)
{
  SeedRtcPeer *self = g_object_new (SEED_TYPE_RTC_PEER, NULL);

  self->role = role;
  for (guint i = 0; ice_servers != NULL && i < ice_servers->len; i++)
    {
      const SeedIceServer *server = g_ptr_array_index (ice_servers, i);

      g_ptr_array_add (self->ice_servers,
                       seed_ice_server_new (server->url, server->username, server->credential));
    }

  return self;
}

void
seed_rtc_peer_set_timeout (SeedRtcPeer *self, guint timeout_ms)
{
  g_return_if_fail (SEED_IS_RTC_PEER (self));

  self->timeout_ms = timeout_ms;
}
