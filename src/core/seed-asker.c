// SPDX-License-Identifier: MIT
#include "seed-asker.h"

#include "seed-pieces.h"

/* Whole frames, so that none is cut short. */
#define RANGE_UNIT SEED_FRAME_DATA_MAX
/* In place of when a range was asked for: the first bytes follow the list of files at once, so when they
 * come says nothing of a round trip. */
#define UNASKED 0
/* With nothing asked for, a time without bytes says nothing of the path. */
#define PAUSE_US 20000
/* Of many small files; far below what the owner takes. */
#define RANGES_MAX 128
/* Begun and not verified; the writer holds descriptors for each. */
#define FILES_MAX 128

/* A file of which something was asked for and not all is verified. */
typedef struct
{
  gint64 asked;
  gint64 verified;
  GHashTable *digests; /* indices of pieces whose digest is due */
} OpenFile;

struct _SeedAsker
{
  const SeedManifest *manifest;
  SeedAskerBegin begin;
  SeedAskerWant want;
  gpointer user_data;

  SeedWindow window;
  GQueue ranges;       /* of SeedRange, in the order in which they were asked for */
  GHashTable *open;    /* index => OpenFile */
  GHashTable *dropped; /* indices of files that the owner can't deliver */
  gint64 awaited;      /* bytes asked for and not arrived */
  gint64 unconsumed;   /* bytes arrived and not consumed */
  gint64 unverified;   /* bytes asked for and not verified */
  guint n_digests;     /* that are due */
  gint64 last_arrival; /* monotonic microseconds */

  guint file; /* where the next range begins */
  gint64 offset;
  gboolean has_begun; /* `file` */
};

static void
open_file_free (gpointer data)
{
  OpenFile *file = data;

  g_hash_table_unref (file->digests);
  g_free (file);
}

SeedAsker *
seed_asker_new (const SeedManifest *manifest, SeedAskerBegin begin, SeedAskerWant want,
                gpointer user_data)
{
  SeedAsker *self = g_new0 (SeedAsker, 1);

  self->manifest = manifest;
  self->begin = begin;
  self->want = want;
  self->user_data = user_data;
  self->open = g_hash_table_new_full (NULL, NULL, NULL, open_file_free);
  self->dropped = g_hash_table_new (NULL, NULL);
  seed_window_init (&self->window);
  g_queue_init (&self->ranges);

  return self;
}

void
seed_asker_free (SeedAsker *self)
{
  g_queue_clear_full (&self->ranges, g_free);
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->dropped);
  g_free (self);
}

static OpenFile *
find_open (const SeedAsker *self, guint file)
{
  return g_hash_table_lookup (self->open, GUINT_TO_POINTER (file));
}

static OpenFile *
ensure_open (SeedAsker *self, guint index)
{
  OpenFile *file = find_open (self, index);

  if (file == NULL)
    {
      file = g_new0 (OpenFile, 1);
      file->digests = g_hash_table_new (NULL, NULL);
      g_hash_table_insert (self->open, GUINT_TO_POINTER (index), file);
    }

  return file;
}

static void
close_file (SeedAsker *self, guint index)
{
  OpenFile *file = find_open (self, index);

  if (file == NULL)
    return;

  self->unverified -= file->asked - file->verified;
  self->n_digests -= g_hash_table_size (file->digests);
  g_hash_table_remove (self->open, GUINT_TO_POINTER (index));
}

/* Whether the owner may be asked for something new: one that keeps digests back, or a writer that lags,
 * must not make files and unverified bytes pile up here. */
static gboolean
may_begin (const SeedAsker *self)
{
  const SeedFile *file = seed_manifest_get (self->manifest, self->file);

  return g_hash_table_size (self->open) < FILES_MAX &&
         self->unverified < seed_window_get (&self->window) + 2 * file->piece;
}

/* Whether there is a file to ask for, which is then begun; passes over those of no bytes. */
static gboolean
find_file (SeedAsker *self)
{
  while (self->file < seed_manifest_get_known (self->manifest))
    {
      gboolean is_dropped = seed_asker_is_dropped (self, self->file);

      if (!self->has_begun && !is_dropped)
        {
          if (!may_begin (self))
            return FALSE;
          self->begin (self->file, self->user_data);
        }

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
  OpenFile *open = ensure_open (self, self->file);
  SeedRange *range = g_new0 (SeedRange, 1);

  if (self->awaited == 0 && self->unconsumed == 0 && now - self->last_arrival > PAUSE_US)
    seed_window_restart (&self->window);

  range->file = self->file;
  range->offset = self->offset;
  range->end = self->offset + length;
  range->asked_at = now;
  g_queue_push_tail (&self->ranges, range);

  if (self->offset % file->piece == 0)
    {
      g_hash_table_add (open->digests, GUINT_TO_POINTER ((guint) (self->offset / file->piece)));
      self->n_digests++;
    }

  open->asked += length;
  self->offset += length;
  self->awaited += length;
  self->unverified += length;

  return range;
}

void
seed_asker_begin (SeedAsker *self)
{
  if (find_file (self) && self->file == 0)
    add_range (self, MIN (seed_manifest_get (self->manifest, 0)->size, SEED_FIRST_BYTES), UNASKED);
}

/* The range that comes next: long enough to be worth a message, short enough to keep several on their
 * way, and within its piece. */
static gint64
next_length (const SeedAsker *self)
{
  const SeedFile *file = seed_manifest_get (self->manifest, self->file);
  gint64 piece_end = (self->offset / file->piece + 1) * file->piece;
  gint64 part = seed_window_get (&self->window) / 4 / RANGE_UNIT * RANGE_UNIT;
  gint64 length = CLAMP (part, RANGE_UNIT, SEED_WANT_LENGTH_MAX);

  return MIN (length, MIN (piece_end, file->size) - self->offset);
}

void
seed_asker_ask (SeedAsker *self, gint64 now)
{
  while (self->ranges.length < RANGES_MAX && find_file (self))
    {
      gint64 length = next_length (self);
      gint64 piece = seed_manifest_get (self->manifest, self->file)->piece;

      if (self->awaited + self->unconsumed + length > seed_window_get (&self->window) ||
          (self->offset > 0 && self->offset % piece == 0 && !may_begin (self)))
        return;

      self->want (add_range (self, length, now), self->user_data);
    }
}

/* The first range of @file. The owner answers in the order of our questions, except that it passes over
 * those for a file that it has given up; what it says of that may come later, by the other channel. */
static GList *
find_range (SeedAsker *self, guint file)
{
  GList *link = self->ranges.head;

  while (link != NULL && ((SeedRange *) link->data)->file != file)
    link = link->next;

  return link;
}

gboolean
seed_asker_arrived (SeedAsker *self, guint file, gint64 offset, gint64 length, gint64 now,
                    GError **error)
{
  GList *link = find_range (self, file);
  SeedRange *range = link == NULL ? NULL : link->data;

  if (range == NULL || range->offset != offset || length > range->end - range->offset)
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE,
                           "Bytes came that were not asked for");
      return FALSE;
    }

  range->offset += length;
  self->last_arrival = now;
  self->awaited -= length;
  self->unconsumed += length;
  seed_window_delivered (&self->window, length, now);

  if (range->offset == range->end)
    {
      if (range->asked_at != UNASKED)
        seed_window_round_trip (&self->window, now - range->asked_at);
      g_queue_delete_link (&self->ranges, link);
      g_free (range);
    }

  return TRUE;
}

gboolean
seed_asker_take_digest (SeedAsker *self, guint index, gint64 offset, GError **error)
{
  const SeedFile *file = seed_manifest_get (self->manifest, index);
  OpenFile *open = find_open (self, index);

  if (open != NULL && offset % file->piece == 0 && offset < file->size &&
      g_hash_table_remove (open->digests, GUINT_TO_POINTER ((guint) (offset / file->piece))))
    {
      self->n_digests--;
      return TRUE;
    }

  g_set_error_literal (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE,
                       "A digest came that was not asked for");
  return FALSE;
}

void
seed_asker_verified (SeedAsker *self, guint index, gint64 bytes)
{
  OpenFile *file = find_open (self, index);

  if (file == NULL)
    return;

  file->verified += bytes;
  self->unverified -= bytes;
  if (file->verified == seed_manifest_get (self->manifest, index)->size)
    close_file (self, index);
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

  close_file (self, file);
  g_hash_table_add (self->dropped, GUINT_TO_POINTER (file));
}

gboolean
seed_asker_is_dropped (const SeedAsker *self, guint file)
{
  return g_hash_table_contains (self->dropped, GUINT_TO_POINTER (file));
}

gboolean
seed_asker_is_waiting (const SeedAsker *self)
{
  return self->awaited > 0 || self->n_digests > 0;
}
