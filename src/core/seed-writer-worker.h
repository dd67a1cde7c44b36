// SPDX-License-Identifier: MIT
#pragma once

/* The half of SeedWriter that lives on a thread of its own: takes jobs, hashes, verifies and stores, and
 * tells what came of it. Jobs are pushed and events heard on the main context that started it; nothing
 * else is touched by both sides. Reference counted; the thread holds a reference until its last job. */

#include <gio/gio.h>

#include "seed-store.h"

G_BEGIN_DECLS

typedef struct _SeedWriterWorker SeedWriterWorker;

typedef enum
{
  SEED_WRITER_JOB_BEGIN,
  SEED_WRITER_JOB_WRITE,
  SEED_WRITER_JOB_DIGEST,
  SEED_WRITER_JOB_ABANDON,
  SEED_WRITER_JOB_CLOSE, /* the last one */
} SeedWriterJobKind;

typedef struct
{
  SeedWriterJobKind kind;
  guint index;
  guint piece;   /* of a digest */
  SeedFile file; /* that begins; path and type owned */
  GBytes *bytes; /* to write, or a digest */
} SeedWriterJob;

typedef enum
{
  SEED_WRITER_EVENT_CONSUMED,
  SEED_WRITER_EVENT_VERIFIED,
  SEED_WRITER_EVENT_FINISHED,
  SEED_WRITER_EVENT_FAILED,
  SEED_WRITER_EVENT_CLOSED,
} SeedWriterEventKind;

typedef struct
{
  SeedWriterEventKind kind;
  guint index;
  gint64 bytes;
  char *path;
  GError *error;
} SeedWriterEvent;

typedef void (*SeedWriterHear) (GObject *owner, const SeedWriterEvent *event);

/**
 * seed_writer_worker_start:
 * @store: (transfer full)
 * @owner: whom @hear is called for, on this main context, for as long as it lives
 *
 * Returns: (transfer full): the worker
 */
SeedWriterWorker *seed_writer_worker_start (SeedStore *store, GObject *owner, SeedWriterHear hear);

/** Takes @job (transfer full), allocated by g_new(). */
void seed_writer_worker_push (SeedWriterWorker *self, SeedWriterJob *job);

void seed_writer_worker_unref (SeedWriterWorker *self);

G_END_DECLS
