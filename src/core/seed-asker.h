// SPDX-License-Identifier: MIT
#pragma once

/* Decides what a receiver asks for next: walks the files in order, keeps as much asked for as the window
 * allows, and checks that what arrives is what was asked for. A plain struct of its SeedReceiver. */

#include "seed-manifest.h"
#include "seed-window.h"

G_BEGIN_DECLS

typedef struct
{
  guint file;
  gint64 offset;
  gint64 end;
  gint64 asked_at; /* monotonic, microseconds; 0 where it comes unasked */
} SeedRange;

/** A file comes next; it may be one of no bytes. */
typedef void (*SeedAskerBegin) (guint file, gpointer user_data);
/** A range is to be asked for. */
typedef void (*SeedAskerWant) (const SeedRange *range, gpointer user_data);

typedef struct _SeedAsker SeedAsker;

/** @manifest: (transfer none): outlives the asker, and may grow. */
SeedAsker *seed_asker_new (const SeedManifest *manifest, SeedAskerBegin begin, SeedAskerWant want,
                           gpointer user_data);
void seed_asker_free (SeedAsker *self);

/** Counts the first bytes of file 0 as asked for: the owner sends them unasked. */
void seed_asker_begin (SeedAsker *self);

/** Asks for as much as the window allows. */
void seed_asker_ask (SeedAsker *self, gint64 now);

/** Notes bytes of @file that came; %SEED_CODE_BAD_MESSAGE where they are not the next of it that were
 * asked for. */
gboolean seed_asker_arrived (SeedAsker *self, guint file, gint64 offset, gint64 length, gint64 now,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Notes the digest of the piece of @file, a known one, that begins at @offset; %SEED_CODE_BAD_MESSAGE where none is due. */
gboolean seed_asker_take_digest (SeedAsker *self, guint file, gint64 offset,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Notes that @bytes which arrived no longer take up memory. */
void seed_asker_consumed (SeedAsker *self, gint64 bytes);

/** Notes that a piece of @file, of @bytes, is verified and written. */
void seed_asker_verified (SeedAsker *self, guint file, gint64 bytes);

/** Takes back everything that was asked for of @file, and never asks for it again. */
void seed_asker_drop_file (SeedAsker *self, guint file);
gboolean seed_asker_is_dropped (const SeedAsker *self, guint file);

/** Whether the owner still has bytes or digests to send that were asked for. */
gboolean seed_asker_is_waiting (const SeedAsker *self);

G_END_DECLS
