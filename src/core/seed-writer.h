// SPDX-License-Identifier: MIT
#pragma once

/* Verifies and writes what arrives, on a thread of its own, so that a slow disk or pipe never holds up
 * the connection. The object belongs to one main context, where its signals are emitted.
 *
 * Signals:
 *   consumed (gint64 bytes)                bytes handed in are hashed and out of memory, or held by the
 *                                          store until their piece is verified
 *   verified (guint file, gint64 bytes)    a piece fits its digest and is written
 *   finished (guint file, char *path)      a file is whole and has its name
 *   failed (guint file, GError *error)     the file can't be received; for good
 */

#include <gio/gio.h>

#include "seed-manifest.h"
#include "seed-store.h"

G_BEGIN_DECLS

#define SEED_TYPE_WRITER (seed_writer_get_type ())
G_DECLARE_FINAL_TYPE (SeedWriter, seed_writer, SEED, WRITER, GObject)

/** @store: (transfer full) */
SeedWriter *seed_writer_new (SeedStore *store);

/** Begins file @index. One of no bytes is finished at once. */
void seed_writer_begin (SeedWriter *self, guint index, const SeedFile *file);

/** Hands in the next bytes of file @index. They must not cross the border of a piece. */
void seed_writer_write (SeedWriter *self, guint index, GBytes *bytes);

/** Hands in the digest, %SEED_DIGEST_SIZE bytes, of piece @piece of file @index; before or after its
 * bytes, once for each piece. */
void seed_writer_set_digest (SeedWriter *self, guint index, guint piece, GBytes *digest);

/** Gives up file @index and what was written of it. */
void seed_writer_abandon (SeedWriter *self, guint index);

/**
 * seed_writer_close_async:
 *
 * Gives up every file that is not whole and ends the thread. No signal is emitted from here on. A pipe
 * that nobody reads can hold the thread up for ever, so whoever waits bounds the waiting.
 */
void seed_writer_close_async (SeedWriter *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean seed_writer_close_finish (SeedWriter *self, GAsyncResult *result, GError **error);

G_END_DECLS
