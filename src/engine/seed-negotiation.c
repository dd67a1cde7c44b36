// SPDX-License-Identifier: MIT
#include "seed-negotiation.h"

#include "seed-rtc-peer.h"
#include "seed-seal.h"

/* More candidates than this nobody has; what comes beyond is not passed on to the peer. */
#define CANDIDATES_MAX 256

struct _SeedNegotiation
{
  GObject parent;

  SeedRole role;
  SeedSeal *seal;
  SeedRtcPeer *peer; /* until it is handed on */
  GQueue unsent;     /* of SeedMessage: what a receiver has to say before it knows the salt */
  guint timeout_source;
  guint n_candidates;
  gboolean has_answered; /* the other end did */
  gboolean has_ended;
};

enum
{
  SEND,
  OPENED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedNegotiation, seed_negotiation, G_TYPE_OBJECT)

static void
stop (SeedNegotiation *self)
{
  self->has_ended = TRUE;
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  if (self->peer != NULL)
    g_signal_handlers_disconnect_by_data (self->peer, self);
}

static void
fail (SeedNegotiation *self, const GError *error)
{
  if (self->has_ended)
    return;

  stop (self);
  seed_channel_close (SEED_CHANNEL (self->peer));
  g_signal_emit (self, signals[FAILED], 0, error);
}

static gboolean
timeout_cb (gpointer user_data)
{
  SeedNegotiation *self = user_data;
  g_autoptr (SeedNegotiation) alive = g_object_ref (self);
  g_autoptr (GError) error = seed_error_new_code (SEED_CODE_TIMEOUT_SIGNALLING);

  self->timeout_source = 0;
  fail (self, error);

  return G_SOURCE_REMOVE;
}

static void
send_sealed (SeedNegotiation *self, const SeedMessage *message)
{
  g_autofree char *text = seed_message_to_json (message);
  g_autofree char *sealed = seed_seal_close (self->seal, text);

  g_signal_emit (self, signals[SEND], 0, sealed);
}

static void
send_message (SeedNegotiation *self, SeedMessage *message)
{
  if (seed_seal_is_ready (self->seal))
    send_sealed (self, message);
  else
    g_queue_push_tail (&self->unsent, seed_message_ref (message));
}

static void
peer_description_cb (SeedRtcPeer *peer, const char *sdp, SeedNegotiation *self)
{
  SeedMessageType type = self->role == SEED_ROLE_OWNER ? SEED_MESSAGE_OFFER : SEED_MESSAGE_ANSWER;
  g_autoptr (SeedMessage) message = seed_message_new (type);

  seed_message_set_string (message, SEED_FIELD_SDP, sdp);
  send_message (self, message);
}

static void
peer_candidate_cb (SeedRtcPeer *peer, guint line, const char *candidate, SeedNegotiation *self)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_CANDIDATE);

  seed_message_set_uint (message, SEED_FIELD_LINE, line);
  seed_message_set_string (message, SEED_FIELD_CANDIDATE, candidate);
  send_message (self, message);
}

static void
peer_opened_cb (SeedChannel *channel, SeedNegotiation *self)
{
  g_autoptr (SeedNegotiation) alive = g_object_ref (self);
  g_autoptr (SeedRtcPeer) peer = NULL;

  stop (self);
  peer = g_steal_pointer (&self->peer);
  g_signal_emit (self, signals[OPENED], 0, peer);
}

static void
peer_closed_cb (SeedChannel *channel, const GError *error, SeedNegotiation *self)
{
  g_autoptr (SeedNegotiation) alive = g_object_ref (self);
  g_autoptr (GError) lost = seed_error_new_code (SEED_CODE_PEER_LOST);

  fail (self, error != NULL ? error : lost);
}

SeedNegotiation *
seed_negotiation_new (SeedRole role, const SeedLink *link, const char *peer, GPtrArray *ice)
{
  SeedNegotiation *self = g_object_new (SEED_TYPE_NEGOTIATION, NULL);

  self->role = role;
  self->seal = role == SEED_ROLE_OWNER ? seed_seal_new_owner (link, peer)
                                       : seed_seal_new_receiver (link, peer);
  self->peer = seed_rtc_peer_new (role, ice);

  return self;
}

void
seed_negotiation_start (SeedNegotiation *self)
{
  g_signal_connect (self->peer, "description", G_CALLBACK (peer_description_cb), self);
  g_signal_connect (self->peer, "candidate", G_CALLBACK (peer_candidate_cb), self);
  g_signal_connect (self->peer, "opened", G_CALLBACK (peer_opened_cb), self);
  g_signal_connect (self->peer, "closed", G_CALLBACK (peer_closed_cb), self);

  self->timeout_source = g_timeout_add (SEED_CONNECT_TIMEOUT_MS, timeout_cb, self);
  seed_rtc_peer_start (self->peer);
}

/* Offer or answer came: from here on the peer's own limits hold. */
static void
take_description (SeedNegotiation *self, const char *sdp)
{
  if (self->has_answered)
    return;

  self->has_answered = TRUE;
  g_clear_handle_id (&self->timeout_source, g_source_remove);

  while (!g_queue_is_empty (&self->unsent))
    {
      g_autoptr (SeedMessage) message = g_queue_pop_head (&self->unsent);

      send_sealed (self, message);
    }

  seed_rtc_peer_set_remote (self->peer, sdp);
}

static void
take_message (SeedNegotiation *self, const SeedMessage *message)
{
  if (seed_message_has (message, SEED_FIELD_SDP))
    take_description (self, seed_message_get_string (message, SEED_FIELD_SDP));
  else if (self->n_candidates++ < CANDIDATES_MAX)
    seed_rtc_peer_add_candidate (self->peer,
                                 (guint) seed_message_get_uint (message, SEED_FIELD_LINE),
                                 seed_message_get_string (message, SEED_FIELD_CANDIDATE));
}

void
seed_negotiation_receive (SeedNegotiation *self, const char *sealed)
{
  g_autoptr (SeedNegotiation) alive = g_object_ref (self);
  g_autoptr (SeedMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  g_autofree char *text = NULL;

  if (self->has_ended)
    return;

  text = seed_seal_open (self->seal, sealed, &length, &error);
  if (text != NULL)
    message = seed_message_parse (text, length, SEED_CHANNEL_SEALED, self->role, &error);

  if (message == NULL)
    fail (self, error);
  else
    take_message (self, message);
}

static void
seed_negotiation_dispose (GObject *object)
{
  SeedNegotiation *self = SEED_NEGOTIATION (object);

  stop (self);
  if (self->peer != NULL)
    seed_channel_close (SEED_CHANNEL (self->peer));
  g_clear_object (&self->peer);

  G_OBJECT_CLASS (seed_negotiation_parent_class)->dispose (object);
}

static void
seed_negotiation_finalize (GObject *object)
{
  SeedNegotiation *self = SEED_NEGOTIATION (object);

  g_queue_clear_full (&self->unsent, (GDestroyNotify) seed_message_unref);
  seed_seal_free (self->seal);

  G_OBJECT_CLASS (seed_negotiation_parent_class)->finalize (object);
}

static void
seed_negotiation_class_init (SeedNegotiationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_negotiation_dispose;
  object_class->finalize = seed_negotiation_finalize;

  signals[SEND] = g_signal_new ("send", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_STRING);
  signals[OPENED] = g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, SEED_TYPE_CHANNEL);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
seed_negotiation_init (SeedNegotiation *self)
{
  g_queue_init (&self->unsent);
}
