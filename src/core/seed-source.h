// SPDX-License-Identifier: MIT
#pragma once

/* A file that is shared, read by all receivers alike. It keeps no descriptor: each read opens the
 * path again and checks that there still stands the very file that was shared, unchanged; so a
 * file that was replaced, changed, cut or removed is noticed at the next byte, and thousands of
 * files cost nothing. What was found wrong once stays wrong.
 *
 * Reads and digests run on worker threads, which see only what never changes; the object itself
 * belongs to one main context. Reference counted. */

#include <gio/gio.h>

#include "seed-error.h"

G_BEGIN_DECLS

typedef struct _SeedSource SeedSource;

/** The most that one read returns, in bytes. */
#define SEED_SOURCE_READ_MAX (256 * 1024)

/**
 * seed_source_new:
 * @path: in the file name encoding
 *
 * Looks at the file, without reading it; blocks for as long as that takes.
 *
 * Returns: (transfer full): the source, or %NULL with @error %SEED_CODE_FILE_UNREADABLE or
 *   %SEED_CODE_FILE_SPECIAL, naming the file
 */
SeedSource *seed_source_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

SeedSource *seed_source_ref (SeedSource *self);
void seed_source_unref (SeedSource *self);

gint64 seed_source_get_size (const SeedSource *self);

/** Last modification in seconds since 1970. */
gint64 seed_source_get_time (const SeedSource *self);

/** (nullable): what was found wrong, owned by the source. */
const GError *seed_source_get_error (const SeedSource *self);

/**
 * seed_source_read_async:
 * @length: at least 1, at most %SEED_SOURCE_READ_MAX; the range lies within the file
 *
 * Reads bytes of the file. Fails with %SEED_CODE_FILE_CHANGED, %SEED_CODE_FILE_GONE or
 * %SEED_CODE_FILE_UNREADABLE.
 */
void seed_source_read_async (SeedSource *self, gint64 offset, gsize length,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);

/** (transfer full): exactly the bytes asked for. */
GBytes *seed_source_read_finish (SeedSource *self, GAsyncResult *result, GError **error);

/**
 * seed_source_digest_async:
 * @piece: index of the piece
 *
 * The SHA-256 of a piece, computed once for all receivers.
 */
void seed_source_digest_async (SeedSource *self, guint piece, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);

/** (transfer full): %SEED_DIGEST_SIZE bytes. */
GBytes *seed_source_digest_finish (SeedSource *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedSource, seed_source_unref)

G_END_DECLS
