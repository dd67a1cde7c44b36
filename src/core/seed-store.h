// SPDX-License-Identifier: MIT
#pragma once

/* Where received bytes go: a folder or a stream. Used by SeedWriter only, on its thread; every call may
 * block. Bytes of a file come in order, from its first on. */

#include "seed-manifest.h"

G_BEGIN_DECLS

typedef struct _SeedStore SeedStore;
typedef struct _SeedStoreFile SeedStoreFile;

/**
 * seed_store_new_folder:
 * @path: in the file name encoding; made where it is missing
 *
 * Files grow under a hidden name and get their own once they are whole: nothing is overwritten, a
 * number is added instead; no link inside the folder is followed.
 *
 * Returns: (transfer full): the store, or %NULL with @error %SEED_CODE_FILE_UNWRITABLE
 */
SeedStore *seed_store_new_folder (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** (transfer full): writes files one after another to @fd (borrowed), nothing before it is verified. */
SeedStore *seed_store_new_stream (int fd);

void seed_store_free (SeedStore *self);

/** (transfer full): begins @file. Fails with %SEED_CODE_FILE_UNWRITABLE or %SEED_CODE_DISK_FULL. */
SeedStoreFile *seed_store_begin (SeedStore *self, const SeedFile *file, GError **error);

/** Takes the next bytes of @file, not verified yet. */
gboolean seed_store_write (SeedStoreFile *file, GBytes *bytes, GError **error);

/** The next @length bytes are verified. */
gboolean seed_store_commit (SeedStoreFile *file, gint64 length, GError **error);

/**
 * seed_store_finish:
 * @file: (transfer full): all of it is verified
 * @path: (out): where it is now; "" in a stream
 */
gboolean seed_store_finish (SeedStoreFile *file, char **path, GError **error);

/** Drops @file (transfer full) and what was written of it. */
void seed_store_abandon (SeedStoreFile *file);

/* What the two kinds of store implement. */
typedef struct
{
  gboolean in_order; /* a file may be committed only once those begun before it have ended */

  void (*free) (SeedStore *self);
  SeedStoreFile *(*begin) (SeedStore *self, const SeedFile *file, GError **error);
  gboolean (*write) (SeedStoreFile *file, GBytes *bytes, GError **error);
  gboolean (*commit) (SeedStoreFile *file, gint64 length, GError **error);
  gboolean (*finish) (SeedStoreFile *file, char **path, GError **error);
  void (*abandon) (SeedStoreFile *file);
} SeedStoreKind;

struct _SeedStore
{
  const SeedStoreKind *kind;
};

struct _SeedStoreFile
{
  const SeedStoreKind *kind;
};

/** Sets @error from @errnum: %SEED_CODE_DISK_FULL or %SEED_CODE_FILE_UNWRITABLE, naming @name. */
void seed_store_set_error (GError **error, const char *name, int errnum);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedStore, seed_store_free)

G_END_DECLS
