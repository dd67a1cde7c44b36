// SPDX-License-Identifier: MIT
#include "seed-asker.h"

#include "seed-pieces.h"

/* Shorter ranges would cost more in messages than they gain. */
#define RANGE_MIN (64 * 1024)
/* Of many small files; far below what the owner takes. */
#define RANGES_MAX 128

struct _SeedAsker
{
  const SeedManifest *manifest;
  SeedAskerBegin begin;
  SeedAskerWant want;
  gpointer user_data;

  SeedWindow window;
  GQueue ranges;       /* of SeedRange, in the order in which they were asked for */
  GHashTable *digests; /* "file:offset" of pieces whose digest is due */
  GHashTable *dropped; /* indices of files that the owner can't deliver */
  gint64 awaited;      /* bytes asked for and not arrived */
  gint64 unconsumed;   /* bytes arrived and not consumed */

  guint file; /* where the next range begins */
  gint64 offset;
  gboolean has_begun; /* `file` */
};

SeedAsker *
seed_asker_new (const SeedManifest *manifest, SeedAskerBegin begin, SeedAskerWant want,
                gpointer user_data)
{
  SeedAsker *self = g_new0 (SeedAsker, 1);

  self->manifest = manifest;
  self->begin = begin;
  self->want = want;
  self->user_data = user_data;
  self->digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->dropped = g_hash_table_new (NULL, NULL);
  seed_window_init (&self->window);
  g_queue_init (&self->ranges);

  return self;
}

void
seed_asker_free (SeedAsker *self)
{
  g_queue_clear_full (&self->ranges, g_free);
  g_hash_table_unref (self->digests);
  g_hash_table_unref (self->dropped);
  g_free (self);
}

static char *
piece_key (guint file, gint64 offset)
{
  return g_strdup_printf ("%u:%" G_GINT64_FORMAT, file, offset);
}

/* Whether there is a file to ask for, which is then begun; passes over those of no bytes. */
static gboolean
find_file (SeedAsker *self)
{
  while (self->file < seed_manifest_get_known (self->manifest))
    {
      gboolean is_dropped = seed_asker_is_dropped (self, self->file);

      if (!self->has_begun && !is_dropped)
        self->begin (self->file, self->user_data);

      self->has_begun = TRUE;
      if (!is_dropped && self->offset < seed_manifest_get (self->manifest, self->file)->size)
        return TRUE;

      self->file++;
      self->offset = 0;
      self->has_begun = FALSE;
    }

  return FALSE;
}

/* Notes the next @length bytes as asked for. */
static SeedRange *
add_range (SeedAsker *self, gint64 length, gint64 now)
{
  const SeedFile *file = seed_manifest_get (self->manifest, self->file);
  SeedRange *range = g_new0 (SeedRange, 1);

  range->file = self->file;
  range->offset = self->offset;
  range->end = self->offset + length;
  range->asked_at = now;
  g_queue_push_tail (&self->ranges, range);

  if (self->offset % file->piece == 0)
    g_hash_table_add (self->digests, piece_key (self->file, self->offset));

  self->offset += length;
  self->awaited += length;

  return range;
}

void
seed_asker_begin (SeedAsker *self, gint64 now)
{
  if (find_file (self) && self->file == 0)
    add_range (self, MIN (seed_manifest_get (self->manifest, 0)->size, SEED_FIRST_BYTES), now);
}

/* The range that comes next: long enough to be worth a message, short enough to keep several on their
 * way, and within its piece. */
static gint64
next_length (const SeedAsker *self)
{
  const SeedFile *file = seed_manifest_get (self->manifest, self->file);
  gint64 piece_end = (self->offset / file->piece + 1) * file->piece;
  gint64 length = CLAMP (seed_window_get (&self->window) / 4, RANGE_MIN, SEED_WANT_LENGTH_MAX);

  return MIN (length, MIN (piece_end, file->size) - self->offset);
}

void
seed_asker_ask (SeedAsker *self, gint64 now)
{
  while (self->ranges.length < RANGES_MAX && find_file (self))
    {
      gint64 length = next_length (self);

      if (self->awaited + self->unconsumed + length > seed_window_get (&self->window))
        return;

      self->want (add_range (self, length, now), self->user_data);
    }
}

gboolean
seed_asker_arrived (SeedAsker *self, guint file, gint64 offset, gint64 length, gint64 now,
                    GError **error)
{
  SeedRange *range = g_queue_peek_head (&self->ranges);

  if (range == NULL || range->file != file || range->offset != offset ||
      length > range->end - range->offset)
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE,
                           "Bytes came that were not asked for");
      return FALSE;
    }

  range->offset += length;
  self->awaited -= length;
  self->unconsumed += length;
  seed_window_delivered (&self->window, length, now);

  if (range->offset == range->end)
    {
      seed_window_round_trip (&self->window, now - range->asked_at);
      g_free (g_queue_pop_head (&self->ranges));
    }

  return TRUE;
}

gboolean
seed_asker_take_digest (SeedAsker *self, guint file, gint64 offset, GError **error)
{
  g_autofree char *key = piece_key (file, offset);

  if (g_hash_table_remove (self->digests, key))
    return TRUE;

  g_set_error_literal (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE,
                       "A digest came that was not asked for");
  return FALSE;
}

void
seed_asker_consumed (SeedAsker *self, gint64 bytes)
{
  self->unconsumed -= bytes;
}

void
seed_asker_drop_file (SeedAsker *self, guint file)
{
  for (GList *link = self->ranges.head; link != NULL;)
    {
      GList *next = link->next;
      SeedRange *range = link->data;

      if (range->file == file)
        {
          self->awaited -= range->end - range->offset;
          g_free (range);
          g_queue_delete_link (&self->ranges, link);
        }

      link = next;
    }

  g_hash_table_add (self->dropped, GUINT_TO_POINTER (file));
}

gboolean
seed_asker_is_dropped (const SeedAsker *self, guint file)
{
  return g_hash_table_contains (self->dropped, GUINT_TO_POINTER (file));
}

guint
seed_asker_get_n_dropped (const SeedAsker *self)
{
  return g_hash_table_size (self->dropped);
}

gint64
seed_asker_get_awaited (const SeedAsker *self)
{
  return self->awaited;
}
