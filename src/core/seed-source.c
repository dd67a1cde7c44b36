// SPDX-License-Identifier: MIT
#include "seed-source.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seed-pieces.h"
#include "seed-safe-path.h"

struct _SeedSource
{
  gatomicrefcount references;

  /* What worker threads see; never changes. */
  char *path;
  struct stat identity;
  gint64 piece;

  /* The main context's. */
  GError *error;
  GHashTable *digests; /* piece => GBytes */
  GHashTable *asked;   /* piece => GPtrArray of GTask, while it is being computed */
};

typedef struct
{
  SeedSource *source;
  gint64 offset;
  gint64 length;
} Range;

static void
range_free (gpointer data)
{
  Range *range = data;

  seed_source_unref (range->source);
  g_free (range);
}

static Range *
range_new (SeedSource *source, gint64 offset, gint64 length)
{
  Range *range = g_new0 (Range, 1);

  range->source = seed_source_ref (source);
  range->offset = offset;
  range->length = length;

  return range;
}

static void
set_file_error (GError **error, const char *path, SeedCode code, const char *reason)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = seed_printable_name (base);

  /* Translators: the name of a file, and what is wrong with it. */
  g_set_error (error, SEED_ERROR, (int) code, _ ("“%s”: %s"), name, reason);
}

static int
open_shared (const char *path, GError **error)
{
  /* O_NONBLOCK: opening a pipe must not wait for someone to write to it. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    set_file_error (error, path, SEED_CODE_FILE_UNREADABLE, g_strerror (errno));

  return fd;
}

/* Not made canonical: ".." behind a link is not where it is in the text. */
static char *
absolute_path (const char *path)
{
  g_autofree char *folder = g_get_current_dir ();

  return g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (folder, path, NULL);
}

SeedSource *
seed_source_new (const char *path, GError **error)
{
  struct stat identity;

  /* Looked at before it is opened: opening some devices does something. */
  if (stat (path, &identity) != 0)
    {
      set_file_error (error, path, SEED_CODE_FILE_UNREADABLE, g_strerror (errno));
      return NULL;
    }
  if (!S_ISREG (identity.st_mode))
    {
      set_file_error (error, path, SEED_CODE_FILE_SPECIAL, _ ("It is not an ordinary file."));
      return NULL;
    }

  int fd = open_shared (path, error);

  if (fd < 0)
    return NULL;

  close (fd);

  SeedSource *self = g_new0 (SeedSource, 1);

  g_atomic_ref_count_init (&self->references);
  self->path = absolute_path (path);
  self->identity = identity;
  self->piece = seed_piece_size_for (identity.st_size);

  return self;
}

SeedSource *
seed_source_ref (SeedSource *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
seed_source_unref (SeedSource *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  g_clear_pointer (&self->digests, g_hash_table_unref);
  g_clear_pointer (&self->asked, g_hash_table_unref);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self);
}

gint64
seed_source_get_size (const SeedSource *self)
{
  return self->identity.st_size;
}

gint64
seed_source_get_time (const SeedSource *self)
{
  return self->identity.st_mtim.tv_sec;
}

const GError *
seed_source_get_error (const SeedSource *self)
{
  return self->error;
}

static gboolean
is_same_file (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void
set_changed (const SeedSource *self, GError **error)
{
  set_file_error (error, self->path, SEED_CODE_FILE_CHANGED,
                  seed_code_says (SEED_CODE_FILE_CHANGED));
}

static gboolean
check_identity (const SeedSource *self, int fd, GError **error)
{
  struct stat now;

  if (fstat (fd, &now) == 0 && is_same_file (&now, &self->identity))
    return TRUE;

  set_changed (self, error);
  return FALSE;
}

/* Opens the file for a read on a worker thread. */
static int
open_unchanged (const SeedSource *self, GError **error)
{
  int fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  int reason = errno;

  if (fd < 0 && (reason == ENOENT || reason == ENOTDIR))
    set_file_error (error, self->path, SEED_CODE_FILE_GONE, seed_code_says (SEED_CODE_FILE_GONE));
  else if (fd < 0 && (reason == ENXIO || reason == ELOOP))
    set_changed (self, error); /* a socket, or a link to itself, is there now */
  else if (fd < 0)
    set_file_error (error, self->path, SEED_CODE_FILE_UNREADABLE, g_strerror (reason));
  else if (!check_identity (self, fd, error))
    {
      close (fd);
      return -1;
    }

  return fd;
}

static gboolean
read_fully (const SeedSource *self, int fd, guint8 *into, gsize length, gint64 offset,
            GError **error)
{
  while (length > 0)
    {
      ssize_t n = pread (fd, into, length, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_file_error (error, self->path, SEED_CODE_FILE_UNREADABLE, g_strerror (errno));
          return FALSE;
        }
      if (n == 0)
        {
          set_changed (self, error);
          return FALSE;
        }

      into += n;
      offset += n;
      length -= (gsize) n;
    }

  return TRUE;
}

static void
read_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Range *range = task_data;
  const SeedSource *self = range->source;
  GError *error = NULL;
  int fd = open_unchanged (self, &error);

  if (fd < 0)
    {
      g_task_return_error (task, error);
      return;
    }

  gsize length = (gsize) range->length;
  g_autofree guint8 *data = g_malloc (length);

  /* Checked again behind the read, so that nothing of a change that it met is handed on. */
  if (read_fully (self, fd, data, length, range->offset, &error) &&
      check_identity (self, fd, &error))
    g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&data), length),
                           (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);

  close (fd);
}

void
seed_source_read_async (SeedSource *self, gint64 offset, gsize length, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_assert (length > 0 && length <= SEED_SOURCE_READ_MAX);
  g_assert (offset >= 0 && offset <= self->identity.st_size - (gint64) length);

  g_task_set_source_tag (task, seed_source_read_async);
  g_task_set_task_data (task, range_new (self, offset, (gint64) length), range_free);

  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_run_in_thread (task, read_in_thread);
}

static void
remember_error (SeedSource *self, const GError *error)
{
  if (self->error == NULL && error != NULL && error->domain == SEED_ERROR)
    self->error = g_error_copy (error);
}

GBytes *
seed_source_read_finish (SeedSource *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) problem = NULL;
  GBytes *bytes = g_task_propagate_pointer (G_TASK (result), &problem);

  if (bytes == NULL)
    {
      remember_error (self, problem);
      g_propagate_error (error, g_steal_pointer (&problem));
    }

  return bytes;
}

static GBytes *
digest_range (const SeedSource *self, int fd, const Range *range, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (SEED_SOURCE_READ_MAX);
  guint8 digest[SEED_DIGEST_SIZE];
  gnutls_hash_hd_t hash;
  gboolean complete = TRUE;

  if (gnutls_hash_init (&hash, GNUTLS_DIG_SHA256) != 0)
    g_error ("GnuTLS has no SHA-256");

  for (gint64 done = 0; complete && done < range->length;)
    {
      gsize length = (gsize) MIN (range->length - done, SEED_SOURCE_READ_MAX);

      complete = read_fully (self, fd, buffer, length, range->offset + done, error);
      if (complete)
        gnutls_hash (hash, buffer, length);

      done += (gint64) length;
    }

  gnutls_hash_deinit (hash, digest);

  if (!complete || !check_identity (self, fd, error))
    return NULL;

  return g_bytes_new (digest, sizeof digest);
}

static void
digest_in_thread (GTask *task, gpointer source_object, gpointer task_data,
                  GCancellable *cancellable)
{
  Range *range = task_data;
  GError *error = NULL;
  int fd = open_unchanged (range->source, &error);
  GBytes *digest = fd < 0 ? NULL : digest_range (range->source, fd, range, &error);

  if (fd >= 0)
    close (fd);

  if (digest != NULL)
    g_task_return_pointer (task, digest, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
digest_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedSource) self = user_data;
  Range *range = g_task_get_task_data (G_TASK (result));
  gpointer piece = GUINT_TO_POINTER ((guint) (range->offset / self->piece));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) digest = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GPtrArray) waiting = NULL;

  g_hash_table_steal_extended (self->asked, piece, NULL, (gpointer *) &waiting);
  remember_error (self, error);

  if (digest != NULL)
    g_hash_table_insert (self->digests, piece, g_bytes_ref (digest));

  for (guint i = 0; i < waiting->len; i++)
    {
      if (digest != NULL)
        g_task_return_pointer (waiting->pdata[i], g_bytes_ref (digest),
                               (GDestroyNotify) g_bytes_unref);
      else
        g_task_return_error (waiting->pdata[i], g_error_copy (error));
    }
}

static void
compute_digest (SeedSource *self, guint piece, GTask *first)
{
  gint64 size = self->identity.st_size;
  GPtrArray *waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, digest_cb, seed_source_ref (self));

  g_ptr_array_add (waiting, g_object_ref (first));
  g_hash_table_insert (self->asked, GUINT_TO_POINTER (piece), waiting);

  g_task_set_task_data (
      task, range_new (self, piece * self->piece, seed_piece_length (size, self->piece, piece)),
      range_free);
  g_task_run_in_thread (task, digest_in_thread);
}

void
seed_source_digest_async (SeedSource *self, guint piece, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_assert (piece < seed_piece_count (self->identity.st_size, self->piece));
  g_task_set_source_tag (task, seed_source_digest_async);

  if (self->digests == NULL)
    {
      self->digests = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
      self->asked = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
    }

  GBytes *known = g_hash_table_lookup (self->digests, GUINT_TO_POINTER (piece));
  GPtrArray *waiting = g_hash_table_lookup (self->asked, GUINT_TO_POINTER (piece));

  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else if (known != NULL)
    g_task_return_pointer (task, g_bytes_ref (known), (GDestroyNotify) g_bytes_unref);
  else if (waiting != NULL)
    g_ptr_array_add (waiting, g_steal_pointer (&task));
  else
    compute_digest (self, piece, task);
}

GBytes *
seed_source_digest_finish (SeedSource *self, GAsyncResult *result, GError **error)
{
  return seed_source_read_finish (self, result, error);
}
