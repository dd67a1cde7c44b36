// SPDX-License-Identifier: MIT
#include "seed-shelf.h"

struct _SeedShelf
{
  GObject parent;

  char *server;
  SeedEngine *engine; /* once something was shared */
  GListStore *offers;
  gboolean is_connected;
};

enum
{
  CONNECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedShelf, seed_shelf, G_TYPE_OBJECT)

static gboolean
start_engine (SeedShelf *self, GError **error)
{
  if (self->engine != NULL)
    return TRUE;

  g_autoptr (SeedEngine) engine = seed_engine_new (self->server, NULL, error);

  if (engine == NULL || !seed_engine_start (engine, error))
    return FALSE;

  self->engine = g_steal_pointer (&engine);
  return TRUE;
}

static SeedOffer *
get_offer (SeedShelf *self, guint i)
{
  g_autoptr (SeedOffer) offer = g_list_model_get_item (G_LIST_MODEL (self->offers), i);

  /* The list keeps it. */
  return offer;
}

/* They all talk to one server. */
static void
offer_changed_cb (SeedOffer *offer, SeedShelf *self)
{
  gboolean connected = TRUE;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->offers)); i++)
    {
      SeedOffer *other = get_offer (self, i);

      connected &= seed_offer_is_connected (other) || seed_offer_get_problem (other) != NULL ||
                   seed_offer_is_stopping (other);
    }

  if (connected == self->is_connected)
    return;

  self->is_connected = connected;
  g_signal_emit (self, signals[CONNECTED], 0, connected);
}

static void
offer_ended_cb (SeedOffer *offer, SeedShelf *self)
{
  guint position;

  if (g_list_store_find (self->offers, offer, &position))
    g_list_store_remove (self->offers, position);
}

gboolean
seed_shelf_share (SeedShelf *self, const char *const *paths, gboolean temporary, GError **error)
{
  if (!start_engine (self, error))
    return FALSE;

  g_autoptr (SeedOffer) offer = seed_offer_new (self->engine, paths, temporary);

  g_signal_connect_object (offer, "changed", G_CALLBACK (offer_changed_cb), self, 0);
  g_signal_connect_object (offer, "ended", G_CALLBACK (offer_ended_cb), self, 0);
  g_list_store_insert (self->offers, 0, offer);
  seed_offer_start (offer);

  return TRUE;
}

GListModel *
seed_shelf_get_offers (SeedShelf *self)
{
  return G_LIST_MODEL (self->offers);
}

guint
seed_shelf_count_open (SeedShelf *self)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->offers)); i++)
    count += seed_offer_get_link (get_offer (self, i)) != NULL ? 1 : 0;

  return count;
}

guint
seed_shelf_count_downloading (SeedShelf *self)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->offers)); i++)
    count += seed_offer_count_downloading (get_offer (self, i));

  return count;
}

void
seed_shelf_stop_all (SeedShelf *self)
{
  /* From the end on: one that has nothing to wait for goes at once. */
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->offers)); i > 0; i--)
    seed_offer_stop (get_offer (self, i - 1));
}

void
seed_shelf_close (SeedShelf *self)
{
  if (self->engine != NULL)
    seed_engine_stop (self->engine);

  g_clear_object (&self->engine);
}

SeedShelf *
seed_shelf_new (const char *server)
{
  SeedShelf *self = g_object_new (SEED_TYPE_SHELF, NULL);

  self->server = g_strdup (server);

  return self;
}

static void
seed_shelf_finalize (GObject *object)
{
  SeedShelf *self = SEED_SHELF (object);

  g_clear_object (&self->offers);
  g_clear_object (&self->engine);
  g_free (self->server);

  G_OBJECT_CLASS (seed_shelf_parent_class)->finalize (object);
}

static void
seed_shelf_class_init (SeedShelfClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = seed_shelf_finalize;

  signals[CONNECTED] = g_signal_new ("connected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
seed_shelf_init (SeedShelf *self)
{
  self->offers = g_list_store_new (SEED_TYPE_OFFER);
  self->is_connected = TRUE;
}
