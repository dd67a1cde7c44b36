// SPDX-License-Identifier: MIT
#include "seed-writer-worker.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <signal.h>

#include "seed-pieces.h"

typedef struct
{
  guint index;
  gint64 size;
  gint64 piece;
  guint n_pieces;
  guint n_verified;
  SeedStoreFile *stored;
  gint64 written;        /* bytes hashed so far */
  gnutls_hash_hd_t hash; /* of the piece that is being written; NULL between pieces */
  GHashTable *computed;  /* piece => GBytes, hashed and waiting for its digest */
  GHashTable *stated;    /* piece => GBytes, a digest waiting for its piece */
} OpenFile;

struct _SeedWriterWorker
{
  /* Set before the thread starts, and safe for both sides. */
  GAsyncQueue *jobs;
  GMainContext *context;
  GWeakRef owner;
  SeedWriterHear hear;

  /* The thread's. */
  SeedStore *store;
  GHashTable *files; /* index => OpenFile */
  GQueue order;      /* of indices, as they were begun */
};

/* An event on its way to the main context. */
typedef struct
{
  SeedWriterWorker *worker;
  SeedWriterEvent event;
} Delivery;

static void
job_free (gpointer data)
{
  SeedWriterJob *job = data;

  g_free (job->file.path);
  g_free (job->file.type);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_free (job);
}

static void
worker_clear (gpointer data)
{
  SeedWriterWorker *self = data;

  g_async_queue_unref (self->jobs);
  g_main_context_unref (self->context);
  g_weak_ref_clear (&self->owner);
}

void
seed_writer_worker_unref (SeedWriterWorker *self)
{
  g_atomic_rc_box_release_full (self, worker_clear);
}

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  seed_writer_worker_unref (delivery->worker);
  g_free (delivery->event.path);
  g_clear_error (&delivery->event.error);
  g_free (delivery);
}

static gboolean
deliver_cb (gpointer user_data)
{
  Delivery *delivery = user_data;
  g_autoptr (GObject) owner = g_weak_ref_get (&delivery->worker->owner);

  if (owner != NULL)
    delivery->worker->hear (owner, &delivery->event);

  return G_SOURCE_REMOVE;
}

static void
deliver (SeedWriterWorker *self, SeedWriterEvent event)
{
  Delivery *delivery = g_new0 (Delivery, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  delivery->worker = g_atomic_rc_box_acquire (self);
  delivery->event = event;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver_cb, delivery, delivery_free);
  g_source_attach (source, self->context);
}

static void
open_file_free (gpointer data)
{
  OpenFile *file = data;

  if (file->hash != NULL)
    gnutls_hash_deinit (file->hash, NULL);
  if (file->stored != NULL)
    seed_store_abandon (file->stored);

  g_hash_table_unref (file->computed);
  g_hash_table_unref (file->stated);
  g_free (file);
}

static OpenFile *
find_file (SeedWriterWorker *self, guint index)
{
  return g_hash_table_lookup (self->files, GUINT_TO_POINTER (index));
}

static void
remove_file (SeedWriterWorker *self, guint index)
{
  g_queue_remove (&self->order, GUINT_TO_POINTER (index));
  g_hash_table_remove (self->files, GUINT_TO_POINTER (index));
}

static void
fail_file (SeedWriterWorker *self, OpenFile *file, GError *error)
{
  deliver (self, (SeedWriterEvent){
                     .kind = SEED_WRITER_EVENT_FAILED, .index = file->index, .error = error });
  remove_file (self, file->index);
}

static void
finish_file (SeedWriterWorker *self, OpenFile *file)
{
  char *path = NULL;
  GError *error = NULL;

  if (!seed_store_finish (g_steal_pointer (&file->stored), &path, &error))
    {
      fail_file (self, file, error);
      return;
    }

  deliver (self, (SeedWriterEvent){
                     .kind = SEED_WRITER_EVENT_FINISHED, .index = file->index, .path = path });
  remove_file (self, file->index);
}

/* Compares what the next piece is with what it should be, and has it stored. */
static gboolean
verify_piece (SeedWriterWorker *self, OpenFile *file, GBytes *computed, GBytes *stated,
              GError **error)
{
  gint64 length = seed_piece_length (file->size, file->piece, file->n_verified);

  if (!g_bytes_equal (computed, stated))
    {
      g_propagate_error (error, seed_error_new_code (SEED_CODE_WRONG_DIGEST));
      return FALSE;
    }
  if (!seed_store_commit (file->stored, length, error))
    return FALSE;

  g_hash_table_remove (file->computed, GUINT_TO_POINTER (file->n_verified));
  g_hash_table_remove (file->stated, GUINT_TO_POINTER (file->n_verified));
  file->n_verified++;
  deliver (self, (SeedWriterEvent){
                     .kind = SEED_WRITER_EVENT_VERIFIED, .index = file->index, .bytes = length });

  return TRUE;
}

/* Verifies in order, as far as both sides of the comparison are there. Returns whether the file came to
 * its end by that. */
static gboolean
settle_file (SeedWriterWorker *self, OpenFile *file)
{
  while (file->n_verified < file->n_pieces)
    {
      gpointer piece = GUINT_TO_POINTER (file->n_verified);
      GBytes *computed = g_hash_table_lookup (file->computed, piece);
      GBytes *stated = g_hash_table_lookup (file->stated, piece);
      GError *error = NULL;

      if (computed == NULL || stated == NULL)
        return FALSE;

      if (!verify_piece (self, file, computed, stated, &error))
        {
          fail_file (self, file, error);
          return TRUE;
        }
    }

  finish_file (self, file);
  return TRUE;
}

/* What can be done once there is news of file @index. In a stream nothing of a file may come out before
 * those ahead of it have ended, in whatever way. */
static void
settle (SeedWriterWorker *self, guint index)
{
  if (!self->store->kind->in_order)
    {
      OpenFile *file = find_file (self, index);

      if (file != NULL)
        settle_file (self, file);
      return;
    }

  while (!g_queue_is_empty (&self->order) &&
         settle_file (self, find_file (self, GPOINTER_TO_UINT (g_queue_peek_head (&self->order)))))
    ;
}

static void
do_begin (SeedWriterWorker *self, const SeedWriterJob *job)
{
  OpenFile *file = g_new0 (OpenFile, 1);
  GError *error = NULL;

  file->index = job->index;
  file->size = job->file.size;
  file->piece = job->file.piece;
  file->n_pieces = seed_piece_count (file->size, file->piece);
  file->computed = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  file->stated = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  file->stored = seed_store_begin (self->store, &job->file, &error);
  g_hash_table_insert (self->files, GUINT_TO_POINTER (job->index), file);
  g_queue_push_tail (&self->order, GUINT_TO_POINTER (job->index));

  if (file->stored == NULL)
    fail_file (self, file, error);
}

static void
hash_bytes (OpenFile *file, GBytes *bytes)
{
  guint piece = (guint) (file->written / file->piece);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (file->hash == NULL && gnutls_hash_init (&file->hash, GNUTLS_DIG_SHA256) != 0)
    g_error ("GnuTLS has no SHA-256");

  gnutls_hash (file->hash, data, length);
  file->written += (gint64) length;

  if (file->written % file->piece != 0 && file->written != file->size)
    return;

  guint8 *digest = g_malloc (SEED_DIGEST_SIZE);

  gnutls_hash_deinit (g_steal_pointer (&file->hash), digest);
  g_hash_table_insert (file->computed, GUINT_TO_POINTER (piece),
                       g_bytes_new_take (digest, SEED_DIGEST_SIZE));
}

static void
do_write (SeedWriterWorker *self, const SeedWriterJob *job)
{
  OpenFile *file = find_file (self, job->index);
  gint64 length = (gint64) g_bytes_get_size (job->bytes);
  GError *error = NULL;

  if (file != NULL && seed_store_write (file->stored, job->bytes, &error))
    hash_bytes (file, job->bytes);
  else if (file != NULL)
    fail_file (self, file, error);

  deliver (self, (SeedWriterEvent){ .kind = SEED_WRITER_EVENT_CONSUMED, .bytes = length });
}

static void
do_digest (SeedWriterWorker *self, const SeedWriterJob *job)
{
  OpenFile *file = find_file (self, job->index);

  if (file != NULL)
    g_hash_table_insert (file->stated, GUINT_TO_POINTER (job->piece), g_bytes_ref (job->bytes));
}

static void
do_close (SeedWriterWorker *self)
{
  g_queue_clear (&self->order);
  g_clear_pointer (&self->files, g_hash_table_unref);
  g_clear_pointer (&self->store, seed_store_free);
  deliver (self, (SeedWriterEvent){ .kind = SEED_WRITER_EVENT_CLOSED });
}

/* Returns whether more is to come. */
static gboolean
do_job (SeedWriterWorker *self, const SeedWriterJob *job)
{
  switch (job->kind)
    {
    case SEED_WRITER_JOB_BEGIN:
      do_begin (self, job);
      break;
    case SEED_WRITER_JOB_WRITE:
      do_write (self, job);
      break;
    case SEED_WRITER_JOB_DIGEST:
      do_digest (self, job);
      break;
    case SEED_WRITER_JOB_ABANDON:
      remove_file (self, job->index);
      break;
    case SEED_WRITER_JOB_CLOSE:
      do_close (self);
      return FALSE;
    }

  settle (self, job->index);
  return TRUE;
}

static gpointer
worker_thread (gpointer data)
{
  SeedWriterWorker *self = data;
  gboolean is_open = TRUE;
  sigset_t broken_pipe;

  /* That nobody reads any more is an error to tell, and not the end of the program. */
  sigemptyset (&broken_pipe);
  sigaddset (&broken_pipe, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &broken_pipe, NULL);

  while (is_open)
    {
      SeedWriterJob *job = g_async_queue_pop (self->jobs);

      is_open = do_job (self, job);
      job_free (job);
    }

  seed_writer_worker_unref (self);
  return NULL;
}

SeedWriterWorker *
seed_writer_worker_start (SeedStore *store, GObject *owner, SeedWriterHear hear)
{
  SeedWriterWorker *self = g_atomic_rc_box_new0 (SeedWriterWorker);

  self->jobs = g_async_queue_new_full (job_free);
  self->context = g_main_context_ref_thread_default ();
  self->hear = hear;
  self->store = store;
  self->files = g_hash_table_new_full (NULL, NULL, NULL, open_file_free);
  g_queue_init (&self->order);
  g_weak_ref_init (&self->owner, owner);

  g_thread_unref (g_thread_new ("seed-writer", worker_thread, g_atomic_rc_box_acquire (self)));

  return self;
}

void
seed_writer_worker_push (SeedWriterWorker *self, SeedWriterJob *job)
{
  g_async_queue_push (self->jobs, job);
}
