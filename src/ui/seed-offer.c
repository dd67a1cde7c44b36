// SPDX-License-Identifier: MIT
#include "seed-offer.h"

#include <glib/gstdio.h>

#include "seed-collect.h"
#include "seed-format.h"

struct _SeedOffer
{
  GObject parent;

  char **paths;
  gboolean temporary;
  char *name;
  char *link;
  char *problem;
  guint n_files;
  gint64 size;

  SeedOutgoing *outgoing;
  GCancellable *cancellable;
  gboolean is_connected;
  gboolean has_started; /* the outgoing share, which has to be stopped then */
  gboolean has_stopped;
  gboolean is_ending; /* the outgoing share is being stopped */
  gboolean is_stopping;
};

enum
{
  CHANGED,
  LINK,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedOffer, seed_offer, G_TYPE_OBJECT)

/* ---- The end ---- */

static void
remove_temporary (SeedOffer *self)
{
  for (guint i = 0; self->temporary && self->paths[i] != NULL; i++)
    (void) g_unlink (self->paths[i]);

  self->temporary = FALSE;
}

static void
stopped (SeedOffer *self)
{
  self->has_stopped = TRUE;
  remove_temporary (self);
  if (self->is_stopping)
    g_signal_emit (self, signals[ENDED], 0);
}

static void
outgoing_stop_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedOffer) self = user_data;

  (void) seed_outgoing_stop_finish (SEED_OUTGOING (object), result, NULL);
  stopped (self);
}

static void
end (SeedOffer *self)
{
  g_autoptr (SeedOffer) keep = g_object_ref (self);

  if (self->is_ending)
    return;

  g_cancellable_cancel (self->cancellable);
  self->is_ending = TRUE;
  if (self->has_started)
    seed_outgoing_stop_async (self->outgoing, NULL, outgoing_stop_cb, g_object_ref (self));
  else
    stopped (self);
}

void
seed_offer_stop (SeedOffer *self)
{
  g_autoptr (SeedOffer) keep = g_object_ref (self);

  if (self->is_stopping)
    return;

  self->is_stopping = TRUE;
  g_clear_pointer (&self->link, g_free);
  g_signal_emit (self, signals[CHANGED], 0);

  if (self->has_stopped)
    g_signal_emit (self, signals[ENDED], 0);
  else
    end (self);
}

/* @problem: (transfer full) */
static void
fail (SeedOffer *self, char *problem)
{
  g_autofree char *text = problem;

  if (self->is_stopping || self->problem != NULL)
    return;

  self->problem = g_steal_pointer (&text);
  g_clear_pointer (&self->link, g_free);
  end (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- The beginning ---- */

static void
collected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedOffer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedCollection) collection = seed_collect_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->is_ending)
    return;
  if (collection == NULL)
    {
      fail (self, seed_error_describe (error));
      return;
    }

  self->n_files = seed_manifest_get_length (collection->manifest);
  self->size = seed_manifest_get_bytes (collection->manifest);
  seed_share_set_collection (seed_offer_get_share (self), collection);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
outgoing_link_cb (SeedOutgoing *outgoing, const char *link, SeedOffer *self)
{
  self->link = g_strdup (link);
  g_signal_emit (self, signals[CHANGED], 0);
  g_signal_emit (self, signals[LINK], 0);
}

static void
outgoing_connected_cb (SeedOutgoing *outgoing, gboolean connected, SeedOffer *self)
{
  self->is_connected = connected;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
outgoing_failed_cb (SeedOutgoing *outgoing, const GError *error, SeedOffer *self)
{
  fail (self, seed_error_describe (error));
}

static void
check_thread (GTask *task, gpointer object, gpointer paths, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (seed_collect_check (paths, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SeedOffer *self = SEED_OFFER (object);
  g_autoptr (GError) error = NULL;
  gboolean good = g_task_propagate_boolean (G_TASK (result), &error);

  if (self->is_ending)
    return;
  if (!good)
    {
      fail (self, seed_error_describe (error));
      return;
    }

  self->has_started = TRUE;
  g_signal_connect_object (self->outgoing, "link", G_CALLBACK (outgoing_link_cb), self, 0);
  g_signal_connect_object (self->outgoing, "connected", G_CALLBACK (outgoing_connected_cb), self,
                           0);
  g_signal_connect_object (self->outgoing, "failed", G_CALLBACK (outgoing_failed_cb), self, 0);
  seed_outgoing_start (self->outgoing);
  seed_collect_async ((const char *const *) self->paths, self->cancellable, collected_cb,
                      g_object_ref (self));
}

/* Looking at files may take long where they lie on another machine. */
void
seed_offer_start (SeedOffer *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, checked_cb, NULL);

  g_task_set_source_tag (task, seed_offer_start);
  g_task_set_task_data (task, g_strdupv (self->paths), (GDestroyNotify) g_strfreev);
  g_task_run_in_thread (task, check_thread);
}

SeedOffer *
seed_offer_new (SeedEngine *engine, const char *const *paths, gboolean temporary)
{
  SeedOffer *self = g_object_new (SEED_TYPE_OFFER, NULL);
  guint n_paths = g_strv_length ((char **) paths);

  self->paths = g_strdupv ((char **) paths);
  self->temporary = temporary;
  self->outgoing = seed_engine_share (engine);
  self->name = n_paths == 1 ? g_filename_display_basename (paths[0]) : seed_format_files (n_paths);

  return self;
}

/* ---- What it is ---- */

const char *
seed_offer_get_name (SeedOffer *self)
{
  return self->name;
}

const char *
seed_offer_get_path (SeedOffer *self)
{
  return self->paths[1] == NULL ? self->paths[0] : NULL;
}

guint
seed_offer_get_n_files (SeedOffer *self)
{
  return self->n_files;
}

gint64
seed_offer_get_size (SeedOffer *self)
{
  return self->size;
}

const char *
seed_offer_get_link (SeedOffer *self)
{
  return self->link;
}

const char *
seed_offer_get_problem (SeedOffer *self)
{
  return self->problem;
}

gboolean
seed_offer_is_connected (SeedOffer *self)
{
  return self->is_connected;
}

gboolean
seed_offer_is_stopping (SeedOffer *self)
{
  return self->is_stopping;
}

SeedShare *
seed_offer_get_share (SeedOffer *self)
{
  return seed_outgoing_get_share (self->outgoing);
}

guint
seed_offer_count_downloading (SeedOffer *self)
{
  GPtrArray *transfers = seed_share_get_transfers (seed_offer_get_share (self));
  guint count = 0;

  for (guint i = 0; i < transfers->len; i++)
    count += seed_transfer_get_state (transfers->pdata[i]) == SEED_RECEIVER_DOWNLOADING ? 1 : 0;

  return count;
}

void
seed_offer_drop (SeedOffer *self, SeedTransfer *transfer)
{
  if (seed_transfer_is_live (transfer) && !self->is_ending)
    seed_outgoing_drop (self->outgoing, transfer);
}

static void
seed_offer_finalize (GObject *object)
{
  SeedOffer *self = SEED_OFFER (object);

  remove_temporary (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->outgoing);
  g_strfreev (self->paths);
  g_free (self->name);
  g_free (self->link);
  g_free (self->problem);

  G_OBJECT_CLASS (seed_offer_parent_class)->finalize (object);
}

static void
seed_offer_class_init (SeedOfferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->finalize = seed_offer_finalize;

  signals[CHANGED] =
      g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LINK] =
      g_signal_new ("link", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] =
      g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
seed_offer_init (SeedOffer *self)
{
  self->size = -1;
  self->is_connected = TRUE;
  self->cancellable = g_cancellable_new ();
}
