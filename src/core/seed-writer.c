// SPDX-License-Identifier: MIT
#include "seed-writer.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "seed-pieces.h"

typedef enum
{
  JOB_BEGIN,
  JOB_WRITE,
  JOB_DIGEST,
  JOB_ABANDON,
  JOB_CLOSE,
} JobKind;

/* What the object asks of the thread. */
typedef struct
{
  JobKind kind;
  guint index;
  guint piece;
  SeedFile file; /* JOB_BEGIN; path and type owned */
  GBytes *bytes; /* JOB_WRITE, JOB_DIGEST */
  GTask *task;   /* JOB_CLOSE, where someone waits for it */
} Job;

typedef enum
{
  EVENT_CONSUMED,
  EVENT_VERIFIED,
  EVENT_FINISHED,
  EVENT_FAILED,
} EventKind;

/* What the thread tells the object. */
typedef struct
{
  EventKind kind;
  guint index;
  gint64 bytes;
  char *path;
  GError *error;
} Event;

/* A file on the thread. */
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

/* Shared by object and thread, whichever lives longer. Only the queue is touched by both. */
typedef struct
{
  GAsyncQueue *jobs;
  GMainContext *context;
  GWeakRef writer;
  SeedStore *store;  /* the thread's */
  GHashTable *files; /* the thread's: index => OpenFile */
} Worker;

struct _SeedWriter
{
  GObject parent;

  Worker *worker;
  gboolean is_closed;
};

enum
{
  CONSUMED,
  VERIFIED,
  FINISHED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedWriter, seed_writer, G_TYPE_OBJECT)

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->file.path);
  g_free (job->file.type);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_clear_object (&job->task);
  g_free (job);
}

static void
worker_clear (gpointer data)
{
  Worker *worker = data;

  g_async_queue_unref (worker->jobs);
  g_main_context_unref (worker->context);
  g_weak_ref_clear (&worker->writer);
}

static void
worker_unref (Worker *worker)
{
  g_atomic_rc_box_release_full (worker, worker_clear);
}

/* ---- On the thread ---- */

typedef struct
{
  Worker *worker;
  Event event;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  worker_unref (delivery->worker);
  g_free (delivery->event.path);
  g_clear_error (&delivery->event.error);
  g_free (delivery);
}

static gboolean
deliver_cb (gpointer user_data)
{
  Delivery *delivery = user_data;
  const Event *event = &delivery->event;
  g_autoptr (SeedWriter) self = g_weak_ref_get (&delivery->worker->writer);

  if (self == NULL || self->is_closed)
    return G_SOURCE_REMOVE;

  switch (event->kind)
    {
    case EVENT_CONSUMED:
      g_signal_emit (self, signals[CONSUMED], 0, event->bytes);
      break;
    case EVENT_VERIFIED:
      g_signal_emit (self, signals[VERIFIED], 0, event->index, event->bytes);
      break;
    case EVENT_FINISHED:
      g_signal_emit (self, signals[FINISHED], 0, event->index, event->path);
      break;
    case EVENT_FAILED:
      g_signal_emit (self, signals[FAILED], 0, event->index, event->error);
      break;
    }

  return G_SOURCE_REMOVE;
}

static void
deliver (Worker *worker, Event event)
{
  Delivery *delivery = g_new0 (Delivery, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  delivery->worker = g_atomic_rc_box_acquire (worker);
  delivery->event = event;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver_cb, delivery, delivery_free);
  g_source_attach (source, worker->context);
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

static void
fail_file (Worker *worker, OpenFile *file, GError *error)
{
  deliver (worker, (Event){ .kind = EVENT_FAILED, .index = file->index, .error = error });
  g_hash_table_remove (worker->files, GUINT_TO_POINTER (file->index));
}

static void
finish_if_whole (Worker *worker, OpenFile *file)
{
  g_autofree char *path = NULL;
  GError *error = NULL;

  if (file->n_verified < file->n_pieces)
    return;

  if (!seed_store_finish (g_steal_pointer (&file->stored), &path, &error))
    {
      fail_file (worker, file, error);
      return;
    }

  deliver (
      worker,
      (Event){ .kind = EVENT_FINISHED, .index = file->index, .path = g_steal_pointer (&path) });
  g_hash_table_remove (worker->files, GUINT_TO_POINTER (file->index));
}

/* Compares, once both are known, what piece @piece is with what it should be. */
static void
verify (Worker *worker, OpenFile *file, guint piece)
{
  GBytes *computed = g_hash_table_lookup (file->computed, GUINT_TO_POINTER (piece));
  GBytes *stated = g_hash_table_lookup (file->stated, GUINT_TO_POINTER (piece));
  gint64 length = seed_piece_length (file->size, file->piece, piece);
  GError *error = NULL;

  /* Pieces are committed in order, as a stream needs it; a later one waits in both tables. */
  if (computed == NULL || stated == NULL || piece != file->n_verified)
    return;

  if (!g_bytes_equal (computed, stated))
    {
      fail_file (worker, file, seed_error_new_code (SEED_CODE_WRONG_DIGEST));
      return;
    }
  if (!seed_store_commit (file->stored, length, &error))
    {
      fail_file (worker, file, error);
      return;
    }

  g_hash_table_remove (file->computed, GUINT_TO_POINTER (piece));
  g_hash_table_remove (file->stated, GUINT_TO_POINTER (piece));
  file->n_verified++;

  deliver (worker, (Event){ .kind = EVENT_VERIFIED, .index = file->index, .bytes = length });
}

/* Verifies from the first unverified piece on, as far as both sides of the comparison are there. */
static void
verify_onwards (Worker *worker, guint index)
{
  for (;;)
    {
      OpenFile *file = g_hash_table_lookup (worker->files, GUINT_TO_POINTER (index));
      guint before = file == NULL ? 0 : file->n_verified;

      if (file == NULL)
        return;

      verify (worker, file, before);
      file = g_hash_table_lookup (worker->files, GUINT_TO_POINTER (index));

      if (file == NULL)
        return;
      if (file->n_verified == before)
        {
          finish_if_whole (worker, file);
          return;
        }
    }
}

static void
do_begin (Worker *worker, const Job *job)
{
  OpenFile *file = g_new0 (OpenFile, 1);
  GError *error = NULL;

  file->index = job->index;
  file->size = job->file.size;
  file->piece = job->file.piece;
  file->n_pieces = seed_piece_count (file->size, file->piece);
  file->computed = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  file->stated = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  file->stored = seed_store_begin (worker->store, &job->file, &error);
  g_hash_table_insert (worker->files, GUINT_TO_POINTER (job->index), file);

  if (file->stored == NULL)
    fail_file (worker, file, error);
  else
    verify_onwards (worker, job->index);
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
do_write (Worker *worker, const Job *job)
{
  OpenFile *file = g_hash_table_lookup (worker->files, GUINT_TO_POINTER (job->index));
  gint64 length = (gint64) g_bytes_get_size (job->bytes);
  GError *error = NULL;

  if (file != NULL && seed_store_write (file->stored, job->bytes, &error))
    hash_bytes (file, job->bytes);
  else if (file != NULL)
    fail_file (worker, file, error);

  deliver (worker, (Event){ .kind = EVENT_CONSUMED, .bytes = length });
  verify_onwards (worker, job->index);
}

static void
do_digest (Worker *worker, const Job *job)
{
  OpenFile *file = g_hash_table_lookup (worker->files, GUINT_TO_POINTER (job->index));

  if (file != NULL)
    g_hash_table_insert (file->stated, GUINT_TO_POINTER (job->piece), g_bytes_ref (job->bytes));

  verify_onwards (worker, job->index);
}

static gpointer
writer_thread (gpointer data)
{
  Worker *worker = data;
  gboolean is_open = TRUE;

  while (is_open)
    {
      Job *job = g_async_queue_pop (worker->jobs);

      switch (job->kind)
        {
        case JOB_BEGIN:
          do_begin (worker, job);
          break;
        case JOB_WRITE:
          do_write (worker, job);
          break;
        case JOB_DIGEST:
          do_digest (worker, job);
          break;
        case JOB_ABANDON:
          g_hash_table_remove (worker->files, GUINT_TO_POINTER (job->index));
          break;
        case JOB_CLOSE:
          g_clear_pointer (&worker->files, g_hash_table_unref);
          g_clear_pointer (&worker->store, seed_store_free);
          if (job->task != NULL)
            g_task_return_boolean (job->task, TRUE);
          is_open = FALSE;
          break;
        }

      job_free (job);
    }

  worker_unref (worker);
  return NULL;
}

/* ---- On the main context ---- */

SeedWriter *
seed_writer_new (SeedStore *store)
{
  SeedWriter *self = g_object_new (SEED_TYPE_WRITER, NULL);
  Worker *worker = g_atomic_rc_box_new0 (Worker);

  worker->jobs = g_async_queue_new_full (job_free);
  worker->context = g_main_context_ref_thread_default ();
  worker->store = store;
  worker->files = g_hash_table_new_full (NULL, NULL, NULL, open_file_free);
  g_weak_ref_init (&worker->writer, self);
  self->worker = worker;

  g_thread_unref (g_thread_new ("seed-writer", writer_thread, g_atomic_rc_box_acquire (worker)));

  return self;
}

static Job *
new_job (JobKind kind, guint index)
{
  Job *job = g_new0 (Job, 1);

  job->kind = kind;
  job->index = index;

  return job;
}

void
seed_writer_begin (SeedWriter *self, guint index, const SeedFile *file)
{
  Job *job = new_job (JOB_BEGIN, index);

  job->file = *file;
  job->file.path = g_strdup (file->path);
  job->file.type = g_strdup (file->type);
  g_async_queue_push (self->worker->jobs, job);
}

void
seed_writer_write (SeedWriter *self, guint index, GBytes *bytes)
{
  Job *job = new_job (JOB_WRITE, index);

  job->bytes = g_bytes_ref (bytes);
  g_async_queue_push (self->worker->jobs, job);
}

void
seed_writer_set_digest (SeedWriter *self, guint index, guint piece, GBytes *digest)
{
  Job *job = new_job (JOB_DIGEST, index);

  job->piece = piece;
  job->bytes = g_bytes_ref (digest);
  g_async_queue_push (self->worker->jobs, job);
}

void
seed_writer_abandon (SeedWriter *self, guint index)
{
  g_async_queue_push (self->worker->jobs, new_job (JOB_ABANDON, index));
}

void
seed_writer_close_async (SeedWriter *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = new_job (JOB_CLOSE, 0);

  g_task_set_source_tag (task, seed_writer_close_async);
  g_assert (!self->is_closed);
  self->is_closed = TRUE;

  job->task = g_steal_pointer (&task);
  g_async_queue_push (self->worker->jobs, job);
}

gboolean
seed_writer_close_finish (SeedWriter *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
seed_writer_dispose (GObject *object)
{
  SeedWriter *self = SEED_WRITER (object);

  if (!self->is_closed)
    g_async_queue_push (self->worker->jobs, new_job (JOB_CLOSE, 0));

  self->is_closed = TRUE;

  G_OBJECT_CLASS (seed_writer_parent_class)->dispose (object);
}

static void
seed_writer_finalize (GObject *object)
{
  SeedWriter *self = SEED_WRITER (object);

  g_weak_ref_set (&self->worker->writer, NULL);
  worker_unref (self->worker);

  G_OBJECT_CLASS (seed_writer_parent_class)->finalize (object);
}

static void
seed_writer_class_init (SeedWriterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_writer_dispose;
  object_class->finalize = seed_writer_finalize;

  signals[CONSUMED] = g_signal_new ("consumed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[VERIFIED] = g_signal_new ("verified", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_INT64);
  signals[FINISHED] = g_signal_new ("finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_ERROR);
}

static void
seed_writer_init (SeedWriter *self)
{
}
