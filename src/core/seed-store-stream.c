// SPDX-License-Identifier: MIT
#include "seed-store.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <unistd.h>

typedef struct
{
  SeedStore store;
  int fd;
} StreamStore;

typedef struct
{
  SeedStoreFile file;
  int fd;
  GQueue held; /* of GBytes that are not verified: a window and some pieces at the most */
} StreamFile;

static void
stream_store_free (SeedStore *store)
{
  g_free (store);
}

static SeedStoreFile *
stream_begin (SeedStore *store, const SeedFile *file, GError **error)
{
  StreamFile *self = g_new0 (StreamFile, 1);

  self->file.kind = store->kind;
  self->fd = ((StreamStore *) store)->fd;
  g_queue_init (&self->held);

  return &self->file;
}

static gboolean
stream_write (SeedStoreFile *file, GBytes *bytes, GError **error)
{
  g_queue_push_tail (&((StreamFile *) file)->held, g_bytes_ref (bytes));
  return TRUE;
}

static gboolean
write_out (int fd, const guint8 *data, gsize length, GError **error)
{
  while (length > 0)
    {
      ssize_t n = write (fd, data, length);
      int reason = errno;

      if (n < 0 && reason == EAGAIN)
        (void) poll (&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
      else if (n < 0 && reason != EINTR)
        {
          seed_store_set_error (error, _ ("standard output"), reason);
          return FALSE;
        }
      else if (n > 0)
        {
          data += n;
          length -= (gsize) n;
        }
    }

  return TRUE;
}

static gboolean
stream_commit (SeedStoreFile *file, gint64 length, GError **error)
{
  StreamFile *self = (StreamFile *) file;

  while (length > 0)
    {
      g_autoptr (GBytes) bytes = g_queue_pop_head (&self->held);
      gsize size = g_bytes_get_size (bytes);
      gsize part = (gsize) MIN ((gint64) size, length);

      if (part < size)
        g_queue_push_head (&self->held, g_bytes_new_from_bytes (bytes, part, size - part));
      if (!write_out (self->fd, g_bytes_get_data (bytes, NULL), part, error))
        return FALSE;

      length -= (gint64) part;
    }

  return TRUE;
}

static void
stream_abandon (SeedStoreFile *file)
{
  StreamFile *self = (StreamFile *) file;

  g_queue_clear_full (&self->held, (GDestroyNotify) g_bytes_unref);
  g_free (self);
}

static gboolean
stream_finish (SeedStoreFile *file, char **path, GError **error)
{
  *path = g_strdup ("");
  stream_abandon (file);
  return TRUE;
}

static const SeedStoreKind stream_kind = {
  .in_order = TRUE,
  .free = stream_store_free,
  .begin = stream_begin,
  .write = stream_write,
  .commit = stream_commit,
  .finish = stream_finish,
  .abandon = stream_abandon,
};

SeedStore *
seed_store_new_stream (int fd)
{
  StreamStore *self = g_new0 (StreamStore, 1);

  self->store.kind = &stream_kind;
  self->fd = fd;

  return &self->store;
}
