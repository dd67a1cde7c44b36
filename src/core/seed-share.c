// SPDX-License-Identifier: MIT
#include "seed-share.h"

struct _SeedShare
{
  GObject parent;

  SeedCollection *collection;
  GPtrArray *transfers;
  GHashTable *colours; /* address => colour plus one, in the order in which addresses came */
  guint n_admitted;
};

enum
{
  READY,
  TRANSFER_ADDED,
  TRANSFER_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedShare, seed_share, G_TYPE_OBJECT)

SeedShare *
seed_share_new (void)
{
  return g_object_new (SEED_TYPE_SHARE, NULL);
}

void
seed_share_set_collection (SeedShare *self, SeedCollection *collection)
{
  g_assert (self->collection == NULL);
  self->collection = seed_collection_ref (collection);

  for (guint i = 0; i < self->transfers->len; i++)
    seed_transfer_set_collection (self->transfers->pdata[i], collection);

  g_signal_emit (self, signals[READY], 0);
}

GPtrArray *
seed_share_get_transfers (SeedShare *self)
{
  return self->transfers;
}

SeedTransfer *
seed_share_find (SeedShare *self, const char *peer)
{
  for (guint i = 0; i < self->transfers->len; i++)
    {
      SeedTransfer *transfer = self->transfers->pdata[i];

      if (g_str_equal (seed_transfer_get_peer (transfer), peer))
        return transfer;
    }

  return NULL;
}

static void
transfer_changed_cb (SeedTransfer *transfer, gboolean state, SeedShare *self)
{
  g_signal_emit (self, signals[TRANSFER_CHANGED], 0, transfer, state);
}

static void
forget_oldest (SeedShare *self)
{
  for (guint i = 0; i < self->transfers->len; i++)
    {
      SeedTransfer *transfer = self->transfers->pdata[i];

      if (!seed_transfer_is_live (transfer) && seed_transfer_is_closed (transfer))
        {
          g_signal_handlers_disconnect_by_data (transfer, self);
          g_ptr_array_remove_index (self->transfers, i);
          return;
        }
    }
}

SeedTransfer *
seed_share_admit (SeedShare *self, const char *peer)
{
  SeedTransfer *transfer = seed_share_find (self, peer);

  if (transfer != NULL)
    return transfer;

  if (self->transfers->len >= SEED_SHARE_HISTORY_MAX)
    forget_oldest (self);

  transfer = seed_transfer_new (peer, ++self->n_admitted);
  g_ptr_array_add (self->transfers, transfer);
  g_signal_connect (transfer, "changed", G_CALLBACK (transfer_changed_cb), self);

  if (self->collection != NULL)
    seed_transfer_set_collection (transfer, self->collection);

  g_signal_emit (self, signals[TRANSFER_ADDED], 0, transfer);
  return transfer;
}

static int
colour_of (SeedShare *self, const char *address)
{
  gpointer known = g_hash_table_lookup (self->colours, address);

  if (known == NULL)
    {
      known = GINT_TO_POINTER ((int) g_hash_table_size (self->colours) + 1);
      g_hash_table_insert (self->colours, g_strdup (address), known);
    }

  return GPOINTER_TO_INT (known) - 1;
}

void
seed_share_attach (SeedShare *self, SeedTransfer *transfer, SeedChannel *channel)
{
  g_autofree char *address = seed_channel_dup_address (channel);

  if (address != NULL)
    seed_transfer_set_colour (transfer, colour_of (self, address));

  seed_transfer_attach (transfer, channel, self->collection);
}

void
seed_share_stop (SeedShare *self, SeedCode code)
{
  for (guint i = 0; i < self->transfers->len; i++)
    seed_transfer_stop (self->transfers->pdata[i], code);
}

gboolean
seed_share_is_closed (SeedShare *self)
{
  for (guint i = 0; i < self->transfers->len; i++)
    {
      if (!seed_transfer_is_closed (self->transfers->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

static void
seed_share_dispose (GObject *object)
{
  SeedShare *self = SEED_SHARE (object);

  for (guint i = 0; i < self->transfers->len; i++)
    g_signal_handlers_disconnect_by_data (self->transfers->pdata[i], self);

  g_ptr_array_set_size (self->transfers, 0);

  G_OBJECT_CLASS (seed_share_parent_class)->dispose (object);
}

static void
seed_share_finalize (GObject *object)
{
  SeedShare *self = SEED_SHARE (object);

  g_ptr_array_unref (self->transfers);
  g_hash_table_unref (self->colours);
  g_clear_pointer (&self->collection, seed_collection_unref);

  G_OBJECT_CLASS (seed_share_parent_class)->finalize (object);
}

static void
seed_share_class_init (SeedShareClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_share_dispose;
  object_class->finalize = seed_share_finalize;

  signals[READY] =
      g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[TRANSFER_ADDED] = g_signal_new ("transfer-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 1, SEED_TYPE_TRANSFER);
  signals[TRANSFER_CHANGED] =
      g_signal_new ("transfer-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                    2, SEED_TYPE_TRANSFER, G_TYPE_BOOLEAN);
}

static void
seed_share_init (SeedShare *self)
{
  self->transfers = g_ptr_array_new_with_free_func (g_object_unref);
  self->colours = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}
