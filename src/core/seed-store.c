// SPDX-License-Identifier: MIT
#include "seed-store.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "seed-safe-path.h"

void
seed_store_free (SeedStore *self)
{
  self->kind->free (self);
}

SeedStoreFile *
seed_store_begin (SeedStore *self, const SeedFile *file, GError **error)
{
  return self->kind->begin (self, file, error);
}

gboolean
seed_store_write (SeedStoreFile *file, GBytes *bytes, GError **error)
{
  return file->kind->write (file, bytes, error);
}

gboolean
seed_store_commit (SeedStoreFile *file, gint64 length, GError **error)
{
  return file->kind->commit (file, length, error);
}

gboolean
seed_store_finish (SeedStoreFile *file, char **path, GError **error)
{
  return file->kind->finish (file, path, error);
}

void
seed_store_abandon (SeedStoreFile *file)
{
  file->kind->abandon (file);
}

void
seed_store_set_error (GError **error, const char *name, int errnum)
{
  g_autofree char *printable = seed_printable_name (name);
  gboolean is_full = errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG;

  /* Translators: the name of a file, and what is wrong with it. */
  g_set_error (error, SEED_ERROR, is_full ? SEED_CODE_DISK_FULL : SEED_CODE_FILE_UNWRITABLE,
               _ ("“%s”: %s"), printable, g_strerror (errnum));
}
