// SPDX-License-Identifier: MIT
#pragma once

/* Turns what a person chose, files and folders, into the files of a share. */

#include "seed-manifest.h"
#include "seed-source.h"

G_BEGIN_DECLS

/** What a share consists of; the sources stand in the order of the manifest. Reference counted, and
 * not changed any more once collected. */
typedef struct
{
  SeedManifest *manifest;
  GPtrArray *sources; /* (element-type SeedSource) */
} SeedCollection;

/**
 * seed_collect_async:
 * @paths: (array zero-terminated=1): in the file name encoding
 *
 * Walks @paths on a worker thread, in sorted order. A folder keeps its tree under its own name; links
 * inside it are followed to files and not to folders, and what is neither file nor folder inside it is
 * left out. Fails with %SEED_CODE_FILE_UNREADABLE, %SEED_CODE_FILE_SPECIAL, or
 * %SEED_CODE_TOO_MANY_FILES above %SEED_FILES_MAX.
 */
void seed_collect_async (const char *const *paths, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);

/** (transfer full) */
SeedCollection *seed_collect_finish (GAsyncResult *result, GError **error);

/**
 * seed_collect_check:
 *
 * What can be told of @paths at once, before a link is given out: that there are any, that each one
 * exists and is a file or folder which can be read.
 */
gboolean seed_collect_check (const char *const *paths, GError **error) G_GNUC_WARN_UNUSED_RESULT;

SeedCollection *seed_collection_ref (SeedCollection *self);
void seed_collection_unref (SeedCollection *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedCollection, seed_collection_unref)

G_END_DECLS
