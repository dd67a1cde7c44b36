// SPDX-License-Identifier: MIT
#include "seed-incoming.h"

#include "seed-base64url.h"
#include "seed-negotiation.h"
#include "seed-rtc-peer.h"
#include "seed-signalling.h"

#define PEER_ID_BYTES 16

struct _SeedIncoming
{
  GObject parent;

  SeedLink *link;
  char *peer;
  char *agent;
  SeedWriter *writer;
  SeedSignalling *signalling;
  SeedNegotiation *negotiation; /* while the connection is being made */
  SeedReceiver *receiver;       /* from then on */

  guint timeout_source; /* until the owner's offer */
  gboolean is_waiting;
  gboolean has_ended;

  GTask *closing;  /* seed_incoming_close_async() */
  guint n_closing; /* what it still waits for */
  guint close_source;
};

enum
{
  PHASE,
  RECEIVER,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedIncoming, seed_incoming, G_TYPE_OBJECT)

static void
end (SeedIncoming *self, const GError *error)
{
  if (self->has_ended || self->closing != NULL)
    return;

  self->has_ended = TRUE;
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  g_clear_object (&self->negotiation);
  g_signal_emit (self, signals[ENDED], 0, error);
}

static void
end_with_code (SeedIncoming *self, SeedCode code)
{
  g_autoptr (GError) error = seed_error_new_code (code);

  end (self, error);
}

static gboolean
timeout_cb (gpointer user_data)
{
  SeedIncoming *self = user_data;

  self->timeout_source = 0;
  end_with_code (self, SEED_CODE_TIMEOUT_SIGNALLING);

  return G_SOURCE_REMOVE;
}

/* While the owner is away the server decides how long we wait. */
static void
wait_for_offer (SeedIncoming *self)
{
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  if (self->negotiation != NULL && !self->is_waiting)
    self->timeout_source = g_timeout_add (SEED_CONNECT_TIMEOUT_MS, timeout_cb, self);
}

static void
negotiation_send_cb (SeedNegotiation *negotiation, const char *sealed, SeedIncoming *self)
{
  seed_signalling_relay (self->signalling, self->peer, sealed);
}

static void
negotiation_failed_cb (SeedNegotiation *negotiation, const GError *error, SeedIncoming *self)
{
  seed_signalling_leave (self->signalling, seed_error_code (error));
  end (self, error);
}

static void
receiver_ended_cb (SeedReceiver *receiver, const GError *error, SeedIncoming *self)
{
  end (self, error);
}

static void
negotiation_opened_cb (SeedNegotiation *negotiation, SeedChannel *channel, SeedIncoming *self)
{
  self->receiver =
      seed_receiver_new (g_object_ref (channel), g_steal_pointer (&self->writer), self->agent);
  g_signal_connect (self->receiver, "ended", G_CALLBACK (receiver_ended_cb), self);
  g_clear_object (&self->negotiation);

  g_signal_emit (self, signals[PHASE], 0, SEED_PHASE_DATA);
  g_signal_emit (self, signals[RECEIVER], 0, self->receiver);
  seed_receiver_start (self->receiver);
}

static void
signalling_joined_cb (SeedSignalling *signalling, GPtrArray *ice, SeedIncoming *self)
{
  if (self->negotiation != NULL || self->receiver != NULL)
    return;

  self->negotiation = seed_negotiation_new (SEED_ROLE_RECEIVER, self->link, self->peer, ice);
  g_signal_connect (self->negotiation, "send", G_CALLBACK (negotiation_send_cb), self);
  g_signal_connect (self->negotiation, "opened", G_CALLBACK (negotiation_opened_cb), self);
  g_signal_connect (self->negotiation, "failed", G_CALLBACK (negotiation_failed_cb), self);
  seed_negotiation_start (self->negotiation);
  wait_for_offer (self);
}

static void
signalling_owner_present_cb (SeedSignalling *signalling, gboolean present, SeedIncoming *self)
{
  self->is_waiting = !present;
  wait_for_offer (self);
  if (self->receiver == NULL)
    g_signal_emit (self, signals[PHASE], 0, SEED_PHASE_SIGNALLING);
}

static void
signalling_relay_cb (SeedSignalling *signalling, const char *peer, const char *sealed,
                     SeedIncoming *self)
{
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  if (self->negotiation != NULL)
    seed_negotiation_receive (self->negotiation, sealed);
}

/* With a connection, the owner says so itself; the server has no word in it. */
static void
signalling_gone_cb (SeedSignalling *signalling, int code, SeedIncoming *self)
{
  if (self->receiver == NULL)
    end_with_code (self, (SeedCode) code);
}

static void
signalling_failed_cb (SeedSignalling *signalling, const GError *error, SeedIncoming *self)
{
  if (self->receiver == NULL)
    end (self, error);
}

SeedIncoming *
seed_incoming_new (const SeedLink *link, SeedWriter *writer, const char *agent)
{
  SeedIncoming *self = g_object_new (SEED_TYPE_INCOMING, NULL);

  self->link = seed_link_copy (link);
  self->peer = seed_random_base64url (PEER_ID_BYTES);
  self->agent = g_strdup (agent);
  self->writer = writer;
  self->signalling = seed_signalling_new_receiver (link->server, link->share, self->peer);

  return self;
}

void
seed_incoming_start (SeedIncoming *self)
{
  SeedSignalling *signalling = self->signalling;
  g_autoptr (GError) error = NULL;

  g_signal_connect (signalling, "joined", G_CALLBACK (signalling_joined_cb), self);
  g_signal_connect (signalling, "owner-present", G_CALLBACK (signalling_owner_present_cb), self);
  g_signal_connect (signalling, "relay", G_CALLBACK (signalling_relay_cb), self);
  g_signal_connect (signalling, "gone", G_CALLBACK (signalling_gone_cb), self);
  g_signal_connect (signalling, "failed", G_CALLBACK (signalling_failed_cb), self);
  seed_signalling_start (signalling);

  if (!seed_rtc_init (&error))
    end (self, error);
}

gboolean
seed_incoming_is_waiting (SeedIncoming *self)
{
  return self->is_waiting;
}

static void
closed_one (SeedIncoming *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->closing == NULL || --self->n_closing > 0)
    return;

  g_clear_handle_id (&self->close_source, g_source_remove);
  task = g_steal_pointer (&self->closing);
  g_task_return_boolean (task, TRUE);
}

static void
signalling_closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedIncoming) self = user_data;

  (void) seed_signalling_close_finish (SEED_SIGNALLING (object), result, NULL);
  closed_one (self);
}

static void
receiver_closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedIncoming) self = user_data;

  (void) seed_receiver_close_finish (SEED_RECEIVER (object), result, NULL);
  closed_one (self);
}

static void
writer_closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedIncoming) self = user_data;

  (void) seed_writer_close_finish (SEED_WRITER (object), result, NULL);
  closed_one (self);
}

/* A pipe that nobody reads holds up the writer; nobody waits for that. */
static gboolean
close_timeout_cb (gpointer user_data)
{
  SeedIncoming *self = user_data;

  self->close_source = 0;
  self->n_closing = 1;
  closed_one (self);

  return G_SOURCE_REMOVE;
}

void
seed_incoming_close_async (SeedIncoming *self, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_assert (self->closing == NULL);

  self->closing = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->closing, seed_incoming_close_async);
  self->n_closing = 2;
  self->close_source = g_timeout_add (2 * SEED_CLOSE_TIMEOUT_MS, close_timeout_cb, self);

  g_clear_handle_id (&self->timeout_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->signalling, self);
  g_clear_object (&self->negotiation);

  if (self->receiver != NULL)
    seed_receiver_close_async (self->receiver, NULL, receiver_closed_cb, g_object_ref (self));
  else
    seed_writer_close_async (self->writer, NULL, writer_closed_cb, g_object_ref (self));

  seed_signalling_close_async (self->signalling, NULL, signalling_closed_cb, g_object_ref (self));
}

gboolean
seed_incoming_close_finish (SeedIncoming *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
seed_incoming_dispose (GObject *object)
{
  SeedIncoming *self = SEED_INCOMING (object);

  g_clear_handle_id (&self->timeout_source, g_source_remove);
  if (self->signalling != NULL)
    g_signal_handlers_disconnect_by_data (self->signalling, self);
  if (self->receiver != NULL)
    g_signal_handlers_disconnect_by_data (self->receiver, self);

  g_clear_object (&self->negotiation);
  g_clear_object (&self->receiver);
  g_clear_object (&self->writer);
  g_clear_object (&self->signalling);

  G_OBJECT_CLASS (seed_incoming_parent_class)->dispose (object);
}

static void
seed_incoming_finalize (GObject *object)
{
  SeedIncoming *self = SEED_INCOMING (object);

  g_clear_pointer (&self->link, seed_link_free);
  g_free (self->peer);
  g_free (self->agent);

  G_OBJECT_CLASS (seed_incoming_parent_class)->finalize (object);
}

static void
seed_incoming_class_init (SeedIncomingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_incoming_dispose;
  object_class->finalize = seed_incoming_finalize;

  signals[PHASE] = g_signal_new ("phase", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_INT);
  signals[RECEIVER] = g_signal_new ("receiver", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, SEED_TYPE_RECEIVER);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_ERROR);
}

static void
seed_incoming_init (SeedIncoming *self)
{
}
