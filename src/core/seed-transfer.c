// SPDX-License-Identifier: MIT
#include "seed-transfer.h"

#include "seed-protocol-table.h"
#include "seed-rate.h"

struct _SeedTransfer
{
  GObject parent;

  char *peer;
  guint number;
  SeedReceiverState state;
  char *address;
  int colour;
  char *agent;
  SeedPath path;
  gint64 bytes;
  gint64 size;
  SeedRate rate;
  GError *error;

  SeedSender *sender; /* NULL while there is no connection */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedTransfer, seed_transfer, G_TYPE_OBJECT)

gboolean
seed_receiver_state_can_become (SeedReceiverState from, SeedReceiverState to)
{
  return (seed_receiver_state_edges[from] & (1u << to)) != 0;
}

const char *
seed_receiver_state_name (SeedReceiverState state)
{
  return seed_receiver_state_names[state];
}

const char *
seed_path_name (SeedPath path)
{
  return seed_path_names[path];
}

static void
emit_changed (SeedTransfer *self, gboolean state)
{
  g_signal_emit (self, signals[CHANGED], 0, state);
}

/* The only place where the state changes. */
static void
set_state (SeedTransfer *self, SeedReceiverState state, const GError *error)
{
  if (self->state != state)
    {
      g_assert (seed_receiver_state_can_become (self->state, state));
      self->state = state;
    }

  g_clear_error (&self->error);
  if (error != NULL)
    self->error = g_error_copy (error);

  emit_changed (self, TRUE);
}

/* What the receiver did may come in any state; where it leads nowhere it is of no interest. */
static gboolean
try_state (SeedTransfer *self, SeedReceiverState state, const GError *error)
{
  if (self->state != state && !seed_receiver_state_can_become (self->state, state))
    return FALSE;

  set_state (self, state, error);
  return TRUE;
}

SeedTransfer *
seed_transfer_new (const char *peer, guint number)
{
  SeedTransfer *self = g_object_new (SEED_TYPE_TRANSFER, NULL);

  self->peer = g_strdup (peer);
  self->number = number;

  return self;
}

const char *
seed_transfer_get_peer (SeedTransfer *self)
{
  return self->peer;
}

guint
seed_transfer_get_number (SeedTransfer *self)
{
  return self->number;
}

SeedReceiverState
seed_transfer_get_state (SeedTransfer *self)
{
  return self->state;
}

const char *
seed_transfer_get_address (SeedTransfer *self)
{
  return self->address;
}

int
seed_transfer_get_colour (SeedTransfer *self)
{
  return self->colour;
}

void
seed_transfer_set_colour (SeedTransfer *self, int colour)
{
  self->colour = colour;
}

const char *
seed_transfer_get_agent (SeedTransfer *self)
{
  return self->agent;
}

SeedPath
seed_transfer_get_path (SeedTransfer *self)
{
  return self->path;
}

gint64
seed_transfer_get_bytes (SeedTransfer *self)
{
  return self->bytes;
}

gint64
seed_transfer_get_size (SeedTransfer *self)
{
  return self->size;
}

double
seed_transfer_get_rate (SeedTransfer *self)
{
  if (self->state != SEED_RECEIVER_DOWNLOADING)
    return 0;

  return seed_rate_get (&self->rate, g_get_monotonic_time ());
}

gint64
seed_transfer_get_seconds_left (SeedTransfer *self)
{
  return seed_rate_seconds_left (self->size - self->bytes, seed_transfer_get_rate (self));
}

const GError *
seed_transfer_get_error (SeedTransfer *self)
{
  return self->error;
}

gboolean
seed_transfer_is_live (SeedTransfer *self)
{
  return self->state == SEED_RECEIVER_WAITING || self->state == SEED_RECEIVER_CONNECTING ||
         self->state == SEED_RECEIVER_DOWNLOADING || self->state == SEED_RECEIVER_VIEWING;
}

void
seed_transfer_set_connecting (SeedTransfer *self)
{
  try_state (self, SEED_RECEIVER_CONNECTING, NULL);
}

void
seed_transfer_fail (SeedTransfer *self, const GError *error)
{
  try_state (self, SEED_RECEIVER_FAILED, error);
}

void
seed_transfer_leave (SeedTransfer *self, const GError *error)
{
  try_state (self, SEED_RECEIVER_LEFT, error);
}

static void
sender_hello_cb (SeedSender *sender, const char *agent, SeedTransfer *self)
{
  g_free (self->agent);
  self->agent = g_strdup (agent);
  emit_changed (self, FALSE);
}

static void
sender_progress_cb (SeedSender *sender, gint64 bytes, SeedTransfer *self)
{
  self->bytes = bytes;
  seed_rate_add (&self->rate, bytes, g_get_monotonic_time ());

  /* Asking for more after it was complete makes it a download again. */
  if (self->state == SEED_RECEIVER_VIEWING && bytes < self->size)
    set_state (self, SEED_RECEIVER_DOWNLOADING, NULL);
  else
    emit_changed (self, FALSE);
}

static void
sender_complete_cb (SeedSender *sender, gint64 bytes, SeedTransfer *self)
{
  self->bytes = bytes;
  try_state (self, SEED_RECEIVER_VIEWING, NULL);
}

/* A receiver that goes has left, with or without a good-bye; anything else is a failure. */
static void
sender_ended_cb (SeedSender *sender, const GError *error, SeedTransfer *self)
{
  g_autoptr (SeedSender) ended = g_steal_pointer (&self->sender);
  gboolean has_left = error == NULL || g_error_matches (error, SEED_ERROR, SEED_CODE_PEER_LOST);

  g_signal_handlers_disconnect_by_data (ended, self);

  /* Even where the state says it all already, someone waits for the channel to be closed. */
  if (self->state == SEED_RECEIVER_STOPPED ||
      !try_state (self, has_left ? SEED_RECEIVER_LEFT : SEED_RECEIVER_FAILED, error))
    emit_changed (self, FALSE);
}

static void
drop_sender (SeedTransfer *self)
{
  g_autoptr (SeedSender) sender = g_steal_pointer (&self->sender);

  if (sender != NULL)
    g_signal_handlers_disconnect_by_data (sender, self);
}

void
seed_transfer_attach (SeedTransfer *self, SeedChannel *channel, SeedCollection *collection)
{
  drop_sender (self);
  g_free (self->address);
  self->address = seed_channel_dup_address (channel);
  self->path = seed_channel_get_path (channel);
  self->sender = seed_sender_new (channel);
  self->bytes = 0;
  seed_rate_reset (&self->rate);
  seed_rate_add (&self->rate, 0, g_get_monotonic_time ());

  g_signal_connect (self->sender, "hello", G_CALLBACK (sender_hello_cb), self);
  g_signal_connect (self->sender, "progress", G_CALLBACK (sender_progress_cb), self);
  g_signal_connect (self->sender, "complete", G_CALLBACK (sender_complete_cb), self);
  g_signal_connect (self->sender, "ended", G_CALLBACK (sender_ended_cb), self);

  if (collection != NULL)
    seed_transfer_set_collection (self, collection);

  seed_sender_start (self->sender);
  try_state (self, SEED_RECEIVER_DOWNLOADING, NULL);
}

void
seed_transfer_set_collection (SeedTransfer *self, SeedCollection *collection)
{
  self->size = seed_manifest_get_bytes (collection->manifest);

  if (self->sender != NULL)
    seed_sender_set_collection (self->sender, collection);

  emit_changed (self, FALSE);
}

void
seed_transfer_suspect (SeedTransfer *self)
{
  if (self->sender != NULL)
    seed_sender_suspect (self->sender);
}

void
seed_transfer_stop (SeedTransfer *self, SeedCode code)
{
  g_autoptr (GError) error = seed_error_new_code (code);

  if (self->sender != NULL)
    seed_sender_stop (self->sender, code);

  if (seed_transfer_is_live (self))
    set_state (self, SEED_RECEIVER_STOPPED, error);
}

gboolean
seed_transfer_is_closed (SeedTransfer *self)
{
  return self->sender == NULL;
}

static void
seed_transfer_dispose (GObject *object)
{
  SeedTransfer *self = SEED_TRANSFER (object);

  drop_sender (self);

  G_OBJECT_CLASS (seed_transfer_parent_class)->dispose (object);
}

static void
seed_transfer_finalize (GObject *object)
{
  SeedTransfer *self = SEED_TRANSFER (object);

  g_free (self->peer);
  g_free (self->address);
  g_free (self->agent);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (seed_transfer_parent_class)->finalize (object);
}

static void
seed_transfer_class_init (SeedTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = seed_transfer_dispose;
  object_class->finalize = seed_transfer_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
seed_transfer_init (SeedTransfer *self)
{
  self->agent = g_strdup ("");
  self->colour = -1;
  self->state = SEED_RECEIVER_WAITING;
}
