// SPDX-License-Identifier: MIT
#include "seed-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "seed-base64url.h"
#include "seed-safe-path.h"

#define TRIES_MAX 10000
/* Left free on the disk, so that receiving never fills it to the brim. */
#define SPACE_RESERVED (16 * 1024 * 1024)

typedef struct
{
  SeedStore store;
  char *path;
  int fd;
} FolderStore;

typedef struct
{
  SeedStoreFile file;
  char *folder;  /* of the file, as a person would name it */
  char *name;    /* that it shall have */
  char *partial; /* that it has until it is whole */
  int folder_fd;
  int fd;
  gint64 time;
} FolderFile;

static void
folder_store_free (SeedStore *store)
{
  FolderStore *self = (FolderStore *) store;

  close (self->fd);
  g_free (self->path);
  g_free (self);
}

static void
folder_file_free (FolderFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->folder_fd >= 0)
    close (self->folder_fd);

  g_free (self->folder);
  g_free (self->name);
  g_free (self->partial);
  g_free (self);
}

/* Opens the folder @name, making it where it is missing. A file or a link of that name is left alone: a
 * number is added, always the same one, so that a tree stays together. */
static int
enter_folder (int parent, const char *name, GString *path, GError **error)
{
  int reason = ENOTDIR;

  for (guint number = 1; (reason == ENOTDIR || reason == ELOOP) && number <= TRIES_MAX; number++)
    {
      g_autofree char *numbered = seed_numbered_name (name, number);
      int made = mkdirat (parent, numbered, 0777);
      int fd = made != 0 && errno != EEXIST
                   ? -1
                   : openat (parent, numbered, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

      reason = errno;
      if (fd >= 0)
        {
          g_string_append_printf (path, "/%s", numbered);
          return fd;
        }
    }

  seed_store_set_error (error, name, reason);
  return -1;
}

/* Opens the folder that the file is for, which @path is led to; @parts has the file's name at its end. */
static int
open_folder (const FolderStore *self, char **parts, GString *path, GError **error)
{
  int fd = fcntl (self->fd, F_DUPFD_CLOEXEC, 0);

  if (fd < 0)
    seed_store_set_error (error, self->path, errno);

  for (guint i = 0; fd >= 0 && parts[i + 1] != NULL; i++)
    {
      int next = enter_folder (fd, parts[i], path, error);

      close (fd);
      fd = next;
    }

  return fd;
}

static gboolean
has_space (int fd, gint64 size)
{
  struct statvfs space;

  return fstatvfs (fd, &space) != 0 ||
         (double) space.f_bavail * (double) space.f_frsize >= (double) size + SPACE_RESERVED;
}

static gboolean
open_partial (FolderFile *self, gint64 size, GError **error)
{
  g_autofree char *random = seed_random_base64url (9);

  if (!has_space (self->folder_fd, size))
    {
      seed_store_set_error (error, self->name, ENOSPC);
      return FALSE;
    }

  self->partial = g_strdup_printf (".seedshot-%s.part", random);
  self->fd = openat (self->folder_fd, self->partial,
                     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

  if (self->fd < 0)
    seed_store_set_error (error, self->name, errno);

  return self->fd >= 0;
}

static SeedStoreFile *
folder_begin (SeedStore *store, const SeedFile *file, GError **error)
{
  FolderStore *self = (FolderStore *) store;
  g_autofree char *path = seed_safe_path (file->path);
  g_autoptr (GString) folder = g_string_new (self->path);
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  FolderFile *result = g_new0 (FolderFile, 1);

  result->file.kind = store->kind;
  result->name = g_path_get_basename (path);
  result->time = file->time;
  result->fd = -1;
  result->folder_fd = open_folder (self, parts, folder, error);
  result->folder = g_strdup (folder->str);

  if (result->folder_fd < 0 || !open_partial (result, file->size, error))
    {
      folder_file_free (result);
      return NULL;
    }

  return &result->file;
}

static gboolean
folder_write (SeedStoreFile *file, GBytes *bytes, GError **error)
{
  FolderFile *self = (FolderFile *) file;
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  while (length > 0)
    {
      ssize_t n = write (self->fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          seed_store_set_error (error, self->name, errno);
          return FALSE;
        }

      data += n;
      length -= (gsize) n;
    }

  return TRUE;
}

static gboolean
folder_commit (SeedStoreFile *file, gint64 length, GError **error)
{
  return TRUE;
}

/* Renames unless @name exists; 0 or an errno. Where the file system can't do that in one step, an empty
 * file of our own keeps the name for us. */
static int
rename_new (const FolderFile *self, const char *name)
{
  if (renameat2 (self->folder_fd, self->partial, self->folder_fd, name, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return errno;

  int fd = openat (self->folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

  if (fd < 0)
    return errno;

  close (fd);
  if (renameat (self->folder_fd, self->partial, self->folder_fd, name) == 0)
    return 0;

  int reason = errno;

  (void) unlinkat (self->folder_fd, name, 0);
  return reason;
}

static gboolean
give_name (const FolderFile *self, char **path, GError **error)
{
  int result = EEXIST;

  for (guint number = 1; result == EEXIST && number <= TRIES_MAX; number++)
    {
      g_autofree char *name = seed_numbered_name (self->name, number);

      result = rename_new (self, name);
      if (result == 0)
        *path = g_build_filename (self->folder, name, NULL);
    }

  if (result != 0)
    seed_store_set_error (error, self->name, result);

  return result == 0;
}

static gboolean
folder_finish (SeedStoreFile *file, char **path, GError **error)
{
  FolderFile *self = (FolderFile *) file;
  const struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = self->time } };

  if (self->time > 0)
    (void) futimens (self->fd, times);

  /* Some file systems tell only here that the bytes did not reach them. */
  int closed = close (self->fd);

  self->fd = -1;

  if (closed != 0)
    seed_store_set_error (error, self->name, errno);

  gboolean done = closed == 0 && give_name (self, path, error);

  if (!done)
    (void) unlinkat (self->folder_fd, self->partial, 0);

  folder_file_free (self);
  return done;
}

static void
folder_abandon (SeedStoreFile *file)
{
  FolderFile *self = (FolderFile *) file;

  (void) unlinkat (self->folder_fd, self->partial, 0);
  folder_file_free (self);
}

static const SeedStoreKind folder_kind = {
  .free = folder_store_free,
  .begin = folder_begin,
  .write = folder_write,
  .commit = folder_commit,
  .finish = folder_finish,
  .abandon = folder_abandon,
};

SeedStore *
seed_store_new_folder (const char *path, GError **error)
{
  int made = g_mkdir_with_parents (path, 0777);
  int fd = made != 0 ? -1 : open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0 || faccessat (fd, ".", W_OK | X_OK, 0) != 0)
    {
      seed_store_set_error (error, path, errno);
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  FolderStore *self = g_new0 (FolderStore, 1);

  self->store.kind = &folder_kind;
  self->path = g_canonicalize_filename (path, NULL);
  self->fd = fd;

  return &self->store;
}
