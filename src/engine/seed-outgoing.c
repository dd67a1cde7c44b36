// SPDX-License-Identifier: MIT
#include "seed-outgoing.h"

#include "seed-negotiation.h"
#include "seed-rtc-peer.h"
#include "seed-signalling.h"

/* Connections being made at a time. Whoever knows a share's id may join it, and each connection costs threads
 * before the other end has shown that it knows the key, too; the rest wait for their turn. */
#define NEGOTIATIONS_MAX 8

struct _SeedOutgoing
{
  GObject parent;

  char *public_url;
  SeedShare *share;
  SeedSignalling *signalling;
  SeedLink *link;           /* NULL until the server has made the share */
  GPtrArray *ice;           /* of SeedIceServer, as last handed out */
  GHashTable *negotiations; /* peer => SeedNegotiation, while a connection is being made */

  GTask *stopping;  /* seed_outgoing_stop_async() */
  guint n_stopping; /* what it still waits for */
};

enum
{
  LINK,
  CONNECTED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedOutgoing, seed_outgoing, G_TYPE_OBJECT)

static void negotiate_next (SeedOutgoing *self);

static const char *
peer_of (SeedOutgoing *self, SeedNegotiation *negotiation)
{
  GHashTableIter iter;
  gpointer peer;
  gpointer value;

  g_hash_table_iter_init (&iter, self->negotiations);
  while (g_hash_table_iter_next (&iter, &peer, &value))
    {
      if (value == negotiation)
        return peer;
    }

  g_assert_not_reached ();
}

static void
negotiation_send_cb (SeedNegotiation *negotiation, const char *sealed, SeedOutgoing *self)
{
  seed_signalling_relay (self->signalling, peer_of (self, negotiation), sealed);
}

static void
end_negotiation (SeedOutgoing *self, const char *peer)
{
  g_hash_table_remove (self->negotiations, peer);
  negotiate_next (self);
}

static void
negotiation_opened_cb (SeedNegotiation *negotiation, SeedChannel *channel, SeedOutgoing *self)
{
  g_autofree char *peer = g_strdup (peer_of (self, negotiation));
  SeedTransfer *transfer = seed_share_find (self->share, peer);

  seed_share_attach (self->share, transfer, g_object_ref (channel));
  end_negotiation (self, peer);
}

static void
negotiation_failed_cb (SeedNegotiation *negotiation, const GError *error, SeedOutgoing *self)
{
  g_autofree char *peer = g_strdup (peer_of (self, negotiation));

  seed_signalling_drop (self->signalling, peer, seed_error_code (error));
  seed_transfer_fail (seed_share_find (self->share, peer), error);
  end_negotiation (self, peer);
}

static void
negotiate (SeedOutgoing *self, SeedTransfer *transfer)
{
  const char *peer = seed_transfer_get_peer (transfer);
  g_autoptr (GError) error = NULL;

  if (!seed_rtc_init (&error))
    {
      seed_signalling_drop (self->signalling, peer, SEED_CODE_FAILED);
      seed_transfer_fail (transfer, error);
      return;
    }

  SeedNegotiation *negotiation =
      seed_negotiation_new (SEED_ROLE_OWNER, self->link, peer, self->ice);

  g_hash_table_insert (self->negotiations, g_strdup (peer), negotiation);
  g_signal_connect (negotiation, "send", G_CALLBACK (negotiation_send_cb), self);
  g_signal_connect (negotiation, "opened", G_CALLBACK (negotiation_opened_cb), self);
  g_signal_connect (negotiation, "failed", G_CALLBACK (negotiation_failed_cb), self);

  seed_transfer_set_connecting (transfer);
  seed_negotiation_start (negotiation);
}

static void
negotiate_next (SeedOutgoing *self)
{
  GPtrArray *transfers = seed_share_get_transfers (self->share);

  for (guint i = 0; i < transfers->len; i++)
    {
      SeedTransfer *transfer = transfers->pdata[i];

      if (g_hash_table_size (self->negotiations) >= NEGOTIATIONS_MAX)
        return;
      if (seed_transfer_get_state (transfer) == SEED_RECEIVER_WAITING)
        negotiate (self, transfer);
    }
}

/* Making the first connection takes a moment longer; the link does not wait for it. */
static gboolean
prepare_cb (gpointer user_data)
{
  SeedOutgoing *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!seed_rtc_init (&error))
    g_signal_emit (self, signals[FAILED], 0, error);

  return G_SOURCE_REMOVE;
}

static void
signalling_created_cb (SeedSignalling *signalling, const char *share, const char *url,
                       GPtrArray *ice, SeedOutgoing *self)
{
  g_clear_pointer (&self->ice, g_ptr_array_unref);
  self->ice = g_ptr_array_ref (ice);

  if (self->link != NULL)
    return;

  g_autofree char *server = url == NULL ? NULL : seed_server_url_normalize (url, NULL);

  self->link = seed_link_new (server == NULL ? self->public_url : server, share);
  g_autofree char *text = seed_link_to_string (self->link);

  g_idle_add_full (G_PRIORITY_DEFAULT, prepare_cb, g_object_ref (self), g_object_unref);
  g_signal_emit (self, signals[LINK], 0, text);
}

/* A peer id is good for one session. Someone who comes back under one that is connected, or about to be,
 * has only lost the server for a moment; under one that has ended there is nothing to go on with. */
static void
signalling_receiver_cb (SeedSignalling *signalling, const char *peer, SeedOutgoing *self)
{
  SeedTransfer *known = seed_share_find (self->share, peer);

  if (known == NULL)
    {
      (void) seed_share_admit (self->share, peer);
      negotiate_next (self);
    }
  else if (!seed_transfer_is_live (known))
    seed_signalling_drop (signalling, peer, SEED_CODE_PEER_LOST);
}

static void
signalling_left_cb (SeedSignalling *signalling, const char *peer, int code, SeedOutgoing *self)
{
  SeedTransfer *transfer = seed_share_find (self->share, peer);
  g_autoptr (GError) error =
      seed_error_new_code (code == SEED_CODE_FAILED ? SEED_CODE_PEER_LOST : (SeedCode) code);

  if (transfer == NULL)
    return;

  gboolean is_waiting = seed_transfer_get_state (transfer) == SEED_RECEIVER_WAITING;
  gboolean is_negotiating = g_hash_table_contains (self->negotiations, peer);

  if (!is_waiting && !is_negotiating)
    {
      seed_transfer_suspect (transfer);
      return;
    }

  if (code == SEED_CODE_FAILED)
    seed_transfer_leave (transfer, error);
  else
    seed_transfer_fail (transfer, error);

  end_negotiation (self, peer);
}

static void
signalling_relay_cb (SeedSignalling *signalling, const char *peer, const char *sealed,
                     SeedOutgoing *self)
{
  SeedNegotiation *negotiation = g_hash_table_lookup (self->negotiations, peer);

  if (negotiation != NULL)
    seed_negotiation_receive (negotiation, sealed);
}

static void
signalling_connected_cb (SeedSignalling *signalling, gboolean connected, SeedOutgoing *self)
{
  g_signal_emit (self, signals[CONNECTED], 0, connected);
}

static void
signalling_failed_cb (SeedSignalling *signalling, const GError *error, SeedOutgoing *self)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

SeedOutgoing *
seed_outgoing_new (const char *server, const char *public_url)
{
  SeedOutgoing *self = g_object_new (SEED_TYPE_OUTGOING, NULL);

  self->public_url = g_strdup (public_url);
  self->signalling = seed_signalling_new_owner (server);

  return self;
}

void
seed_outgoing_start (SeedOutgoing *self)
{
  SeedSignalling *signalling = self->signalling;

  g_signal_connect (signalling, "created", G_CALLBACK (signalling_created_cb), self);
  g_signal_connect (signalling, "receiver", G_CALLBACK (signalling_receiver_cb), self);
  g_signal_connect (signalling, "left", G_CALLBACK (signalling_left_cb), self);
  g_signal_connect (signalling, "relay", G_CALLBACK (signalling_relay_cb), self);
  g_signal_connect (signalling, "connected", G_CALLBACK (signalling_connected_cb), self);
  g_signal_connect (signalling, "failed", G_CALLBACK (signalling_failed_cb), self);

  seed_signalling_start (signalling);
}

SeedShare *
seed_outgoing_get_share (SeedOutgoing *self)
{
  return self->share;
}

void
seed_outgoing_drop (SeedOutgoing *self, SeedTransfer *transfer)
{
  const char *peer = seed_transfer_get_peer (transfer);

  seed_transfer_stop (transfer, SEED_CODE_REFUSED);
  seed_signalling_drop (self->signalling, peer, SEED_CODE_REFUSED);
  end_negotiation (self, peer);
}

static void
stopped_one (SeedOutgoing *self)
{
  g_autoptr (GTask) task = NULL;

  if (--self->n_stopping > 0)
    return;

  task = g_steal_pointer (&self->stopping);
  g_task_return_boolean (task, TRUE);
}

static void
signalling_closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedOutgoing) self = user_data;

  (void) seed_signalling_close_finish (SEED_SIGNALLING (object), result, NULL);
  stopped_one (self);
}

/* Each channel closes within a time of its own, so this comes to an end. */
static void
transfer_changed_cb (SeedShare *share, SeedTransfer *transfer, gboolean state, SeedOutgoing *self)
{
  if (self->stopping == NULL || !seed_share_is_closed (share))
    return;

  g_signal_handlers_disconnect_by_func (share, transfer_changed_cb, self);
  stopped_one (self);
}

void
seed_outgoing_stop_async (SeedOutgoing *self, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_assert (self->stopping == NULL);

  self->stopping = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->stopping, seed_outgoing_stop_async);
  self->n_stopping = 1;

  g_signal_handlers_disconnect_by_data (self->signalling, self);
  g_hash_table_remove_all (self->negotiations);
  seed_share_stop (self->share, SEED_CODE_SHARE_CLOSED);

  if (!seed_share_is_closed (self->share))
    {
      self->n_stopping++;
      g_signal_connect_object (self->share, "transfer-changed", G_CALLBACK (transfer_changed_cb),
                               self, 0);
    }

  seed_signalling_close_async (self->signalling, NULL, signalling_closed_cb, g_object_ref (self));
}

gboolean
seed_outgoing_stop_finish (SeedOutgoing *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
seed_outgoing_dispose (GObject *object)
{
  SeedOutgoing *self = SEED_OUTGOING (object);

  if (self->signalling != NULL)
    g_signal_handlers_disconnect_by_data (self->signalling, self);

  g_hash_table_remove_all (self->negotiations);
  g_clear_object (&self->signalling);
  g_clear_object (&self->share);

  G_OBJECT_CLASS (seed_outgoing_parent_class)->dispose (object);
}

static void
seed_outgoing_finalize (GObject *object)
{
  SeedOutgoing *self = SEED_OUTGOING (object);

  g_free (self->public_url);
  g_hash_table_unref (self->negotiations);
  g_clear_pointer (&self->ice, g_ptr_array_unref);
  g_clear_pointer (&self->link, seed_link_free);

  G_OBJECT_CLASS (seed_outgoing_parent_class)->finalize (object);
}

static void
seed_outgoing_class_init (SeedOutgoingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_outgoing_dispose;
  object_class->finalize = seed_outgoing_finalize;

  signals[LINK] = g_signal_new ("link", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_STRING);
  signals[CONNECTED] = g_signal_new ("connected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
seed_outgoing_init (SeedOutgoing *self)
{
  self->share = seed_share_new ();
  self->negotiations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}
