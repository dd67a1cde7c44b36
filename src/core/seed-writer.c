// SPDX-License-Identifier: MIT
#include "seed-writer.h"

#include "seed-writer-worker.h"

struct _SeedWriter
{
  GObject parent;

  SeedWriterWorker *worker;
  GTask *closing; /* seed_writer_close_async() */
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
close_done (SeedWriter *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->closing);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
worker_hear (GObject *owner, const SeedWriterEvent *event)
{
  SeedWriter *self = SEED_WRITER (owner);

  if (event->kind == SEED_WRITER_EVENT_CLOSED)
    close_done (self);
  if (self->is_closed)
    return;

  switch (event->kind)
    {
    case SEED_WRITER_EVENT_CONSUMED:
      g_signal_emit (self, signals[CONSUMED], 0, event->bytes);
      break;
    case SEED_WRITER_EVENT_VERIFIED:
      g_signal_emit (self, signals[VERIFIED], 0, event->index, event->bytes);
      break;
    case SEED_WRITER_EVENT_FINISHED:
      g_signal_emit (self, signals[FINISHED], 0, event->index, event->path);
      break;
    case SEED_WRITER_EVENT_FAILED:
      g_signal_emit (self, signals[FAILED], 0, event->index, event->error);
      break;
    case SEED_WRITER_EVENT_CLOSED:
      break;
    }
}

SeedWriter *
seed_writer_new (SeedStore *store)
{
  SeedWriter *self = g_object_new (SEED_TYPE_WRITER, NULL);

  self->worker = seed_writer_worker_start (store, G_OBJECT (self), worker_hear);

  return self;
}

static SeedWriterJob *
new_job (SeedWriterJobKind kind, guint index)
{
  SeedWriterJob *job = g_new0 (SeedWriterJob, 1);

  job->kind = kind;
  job->index = index;

  return job;
}

void
seed_writer_begin (SeedWriter *self, guint index, const SeedFile *file)
{
  SeedWriterJob *job = new_job (SEED_WRITER_JOB_BEGIN, index);

  job->file = *file;
  job->file.path = g_strdup (file->path);
  job->file.type = g_strdup (file->type);
  seed_writer_worker_push (self->worker, job);
}

void
seed_writer_write (SeedWriter *self, guint index, GBytes *bytes)
{
  SeedWriterJob *job = new_job (SEED_WRITER_JOB_WRITE, index);

  job->bytes = g_bytes_ref (bytes);
  seed_writer_worker_push (self->worker, job);
}

void
seed_writer_set_digest (SeedWriter *self, guint index, guint piece, GBytes *digest)
{
  SeedWriterJob *job = new_job (SEED_WRITER_JOB_DIGEST, index);

  job->piece = piece;
  job->bytes = g_bytes_ref (digest);
  seed_writer_worker_push (self->worker, job);
}

void
seed_writer_abandon (SeedWriter *self, guint index)
{
  seed_writer_worker_push (self->worker, new_job (SEED_WRITER_JOB_ABANDON, index));
}

void
seed_writer_close_async (SeedWriter *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_assert (!self->is_closed);
  self->is_closed = TRUE;

  self->closing = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->closing, seed_writer_close_async);
  seed_writer_worker_push (self->worker, new_job (SEED_WRITER_JOB_CLOSE, 0));
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
    seed_writer_worker_push (self->worker, new_job (SEED_WRITER_JOB_CLOSE, 0));

  self->is_closed = TRUE;

  G_OBJECT_CLASS (seed_writer_parent_class)->dispose (object);
}

static void
seed_writer_finalize (GObject *object)
{
  SeedWriter *self = SEED_WRITER (object);

  seed_writer_worker_unref (self->worker);

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
