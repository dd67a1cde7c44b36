// SPDX-License-Identifier: MIT
#pragma once

/* The list of files in a share, as the owner states it and the receiver learns it, page by page.
 * Grows at its end only. Belongs to one thread. */

#include "seed-message.h"

G_BEGIN_DECLS

typedef struct
{
  char *path;   /* relative, UTF-8, parts separated by '/'; as the sender names it */
  gint64 size;  /* bytes */
  gint64 piece; /* bytes in a piece */
  char *type;   /* MIME type, "" where unknown */
  gint64 time;  /* last modification, seconds since 1970, 0 where unknown */
} SeedFile;

typedef struct _SeedManifest SeedManifest;

/** (transfer full): an empty manifest, for an owner to fill. */
SeedManifest *seed_manifest_new (void);

/** (transfer full): one that expects what @message, a "manifest", announces. */
SeedManifest *seed_manifest_new_from_message (const SeedMessage *message);

void seed_manifest_free (SeedManifest *self);

/** Appends a file; the piece size follows from @size. @path and @type are cut to their bounds. */
void seed_manifest_add (SeedManifest *self, const char *path, gint64 size, const char *type,
                        gint64 time);

/** Files known so far, and in all. */
guint seed_manifest_get_known (const SeedManifest *self);
guint seed_manifest_get_length (const SeedManifest *self);

/** Bytes of all files. */
gint64 seed_manifest_get_bytes (const SeedManifest *self);

/** The file at @index, which must be below seed_manifest_get_known(). */
const SeedFile *seed_manifest_get (const SeedManifest *self, guint index);

/** (transfer full): the "manifest" message. */
SeedMessage *seed_manifest_to_message (const SeedManifest *self);

/** (transfer full): the "files" message that begins at @from, as many as fit one message; or %NULL
 * when there is no such file. */
SeedMessage *seed_manifest_get_page (const SeedManifest *self, guint from);

/**
 * seed_manifest_add_page:
 *
 * Takes a "files" message. One that does not continue the list, goes beyond what was announced or
 * breaks the rules of pieces is %SEED_CODE_BAD_MESSAGE.
 */
gboolean seed_manifest_add_page (SeedManifest *self, const SeedMessage *message,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedManifest, seed_manifest_free)

G_END_DECLS
