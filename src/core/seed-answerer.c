// SPDX-License-Identifier: MIT
#include "seed-answerer.h"

#include "seed-frame.h"

/* A range that was asked for; `offset` moves towards `end` as it is answered. */
typedef struct
{
  guint file;
  gint64 offset;
  gint64 end;
} Want;

/* A digest on its way from the source. */
typedef struct
{
  SeedAnswerer *answerer;
  guint file;
  gint64 offset;
} DigestRequest;

struct _SeedAnswerer
{
  SeedChannel *channel; /* NULL once stopped */
  SeedCollection *collection;
  GCancellable *cancellable;
  SeedAnswererFail fail;
  gpointer user_data;

  GQueue wants; /* of Want, in the order in which they came */
  gboolean is_reading;

  /* The block last read. */
  GBytes *block;
  guint block_file;
  gint64 block_offset;
};

SeedAnswerer *
seed_answerer_new (SeedChannel *channel, SeedCollection *collection, SeedAnswererFail fail,
                   gpointer user_data)
{
  SeedAnswerer *self = g_rc_box_new0 (SeedAnswerer);

  self->channel = channel;
  self->collection = seed_collection_ref (collection);
  self->cancellable = g_cancellable_new ();
  self->fail = fail;
  self->user_data = user_data;
  g_queue_init (&self->wants);

  return self;
}

static void
answerer_clear (gpointer data)
{
  SeedAnswerer *self = data;

  g_queue_clear_full (&self->wants, g_free);
  g_clear_pointer (&self->block, g_bytes_unref);
  seed_collection_unref (self->collection);
  g_object_unref (self->cancellable);
}

void
seed_answerer_unref (SeedAnswerer *self)
{
  g_rc_box_release_full (self, answerer_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedAnswerer, seed_answerer_unref)

void
seed_answerer_stop (SeedAnswerer *self)
{
  self->channel = NULL;
  g_cancellable_cancel (self->cancellable);
  g_queue_clear_full (&self->wants, g_free);
}

static void
drop_wants (SeedAnswerer *self, guint file)
{
  for (GList *link = self->wants.head; link != NULL;)
    {
      GList *next = link->next;
      Want *want = link->data;

      if (want->file == file)
        {
          g_free (want);
          g_queue_delete_link (&self->wants, link);
        }

      link = next;
    }
}

static void
fail_file (SeedAnswerer *self, guint file, const GError *error)
{
  drop_wants (self, file);
  self->fail (file, error, self->user_data);
}

static void
send_frame (SeedAnswerer *self, SeedFrameKind kind, guint file, gint64 offset, const guint8 *data,
            gsize length)
{
  SeedFrame frame = {
    .kind = kind,
    .file = file,
    .offset = (guint64) offset,
    .data = data,
    .length = length,
  };
  g_autoptr (GBytes) bytes = seed_frame_to_bytes (&frame);

  seed_channel_send_bulk (self->channel, bytes);
}

static void
digest_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  DigestRequest *request = user_data;
  g_autoptr (SeedAnswerer) self = request->answerer;
  g_autoptr (GError) error = NULL;
  SeedSource *source = self->collection->sources->pdata[request->file];
  g_autoptr (GBytes) digest = seed_source_digest_finish (source, result, &error);

  if (self->channel == NULL)
    ;
  else if (digest != NULL)
    send_frame (self, SEED_FRAME_DIGEST, request->file, request->offset,
                g_bytes_get_data (digest, NULL), SEED_DIGEST_SIZE);
  else
    fail_file (self, request->file, error);

  g_free (request);
}

static void
request_digest (SeedAnswerer *self, guint file, gint64 offset)
{
  const SeedFile *entry = seed_manifest_get (self->collection->manifest, file);
  DigestRequest *request = g_new0 (DigestRequest, 1);

  request->answerer = g_rc_box_acquire (self);
  request->file = file;
  request->offset = offset;

  seed_source_digest_async (self->collection->sources->pdata[file], (guint) (offset / entry->piece),
                            self->cancellable, digest_cb, request);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedAnswerer) self = user_data;
  SeedSource *source = self->collection->sources->pdata[self->block_file];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) block = seed_source_read_finish (source, result, &error);

  self->is_reading = FALSE;

  if (self->channel == NULL)
    return;

  if (block != NULL)
    self->block = g_steal_pointer (&block);
  else
    fail_file (self, self->block_file, error);

  seed_answerer_pump (self);
}

/* Reads on behind what is wanted now: the next ranges most often lie there. */
static void
read_block (SeedAnswerer *self, const Want *want)
{
  SeedSource *source = self->collection->sources->pdata[want->file];
  gint64 length = MIN (seed_source_get_size (source) - want->offset, SEED_SOURCE_READ_MAX);

  g_clear_pointer (&self->block, g_bytes_unref);
  self->block_file = want->file;
  self->block_offset = want->offset;
  self->is_reading = TRUE;
  seed_source_read_async (source, want->offset, (gsize) length, self->cancellable, read_cb,
                          g_rc_box_acquire (self));
}

static gboolean
block_holds (const SeedAnswerer *self, const Want *want)
{
  return self->block != NULL && self->block_file == want->file &&
         want->offset >= self->block_offset &&
         want->offset < self->block_offset + (gint64) g_bytes_get_size (self->block);
}

/* Sends one frame of @want, out of the block. */
static void
answer (SeedAnswerer *self, Want *want)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (self->block, &size);
  gint64 skip = want->offset - self->block_offset;
  gint64 length = MIN (want->end - want->offset, (gint64) size - skip);

  length = MIN (length, SEED_FRAME_DATA_MAX);
  send_frame (self, SEED_FRAME_DATA, want->file, want->offset, data + skip, (gsize) length);
  want->offset += length;
}

void
seed_answerer_pump (SeedAnswerer *self)
{
  while (self->channel != NULL && !self->is_reading && !g_queue_is_empty (&self->wants) &&
         seed_channel_get_buffered (self->channel) < SEED_CHANNEL_HIGH_MARK)
    {
      Want *want = g_queue_peek_head (&self->wants);

      if (!block_holds (self, want))
        {
          read_block (self, want);
          return;
        }

      answer (self, want);

      if (want->offset == want->end)
        g_free (g_queue_pop_head (&self->wants));
    }
}

static gboolean
want_is_sound (const SeedAnswerer *self, gint64 file, gint64 offset, gint64 length)
{
  if (file >= seed_manifest_get_known (self->collection->manifest))
    return FALSE;

  const SeedFile *entry = seed_manifest_get (self->collection->manifest, (guint) file);

  return offset <= entry->size - length && offset % entry->piece + length <= entry->piece &&
         self->wants.length < SEED_WANTS_MAX;
}

static void
add_want (SeedAnswerer *self, guint file, gint64 offset, gint64 length)
{
  const SeedFile *entry = seed_manifest_get (self->collection->manifest, file);
  Want *want = g_new0 (Want, 1);

  want->file = file;
  want->offset = offset;
  want->end = offset + length;
  g_queue_push_tail (&self->wants, want);

  if (offset % entry->piece == 0)
    request_digest (self, file, offset);
}

gboolean
seed_answerer_want (SeedAnswerer *self, gint64 file, gint64 offset, gint64 length)
{
  if (!want_is_sound (self, file, offset, length))
    return FALSE;

  const SeedSource *source = self->collection->sources->pdata[file];

  if (seed_source_get_error (source) != NULL)
    fail_file (self, (guint) file, seed_source_get_error (source));
  else
    add_want (self, (guint) file, offset, length);

  seed_answerer_pump (self);
  return TRUE;
}
