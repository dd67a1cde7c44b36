// SPDX-License-Identifier: MIT
#include "seed-manifest.h"

#include <string.h>

#include "seed-pieces.h"

#define TYPE_MAX 127
#define TIME_MAX G_GINT64_CONSTANT (253402300799)

/* What a page may hold, with room for JSON around it; escaping makes a name up to six times as long. */
#define PAGE_BYTES_MAX (SEED_CONTROL_MESSAGE_MAX - 1024)
#define ENTRY_OVERHEAD 128

struct _SeedManifest
{
  GArray *files; /* of SeedFile */
  guint length;  /* announced, or files->len for an owner */
  gint64 bytes;  /* announced, or the sum for an owner */
  gint64 summed; /* over the files known */
};

static void
file_clear (gpointer data)
{
  SeedFile *file = data;

  g_free (file->path);
  g_free (file->type);
}

SeedManifest *
seed_manifest_new (void)
{
  SeedManifest *self = g_new0 (SeedManifest, 1);

  self->files = g_array_new (FALSE, FALSE, sizeof (SeedFile));
  g_array_set_clear_func (self->files, file_clear);

  return self;
}

SeedManifest *
seed_manifest_new_from_message (const SeedMessage *message)
{
  SeedManifest *self = seed_manifest_new ();

  self->length = (guint) seed_message_get_uint (message, SEED_FIELD_FILES);
  self->bytes = seed_message_get_uint (message, SEED_FIELD_BYTES);

  return self;
}

void
seed_manifest_free (SeedManifest *self)
{
  g_array_unref (self->files);
  g_free (self);
}

/* @text cut to @limit bytes at a character, valid UTF-8. */
static char *
bounded_text (const char *text, gsize limit)
{
  char *valid = g_utf8_make_valid (text, -1);

  if (strlen (valid) > limit)
    *g_utf8_find_prev_char (valid, valid + limit + 1) = '\0';

  return valid;
}

void
seed_manifest_add (SeedManifest *self, const char *path, gint64 size, const char *type, gint64 time)
{
  SeedFile file = {
    .path = bounded_text (path, SEED_PATH_MAX),
    .size = size,
    .piece = seed_piece_size_for (size),
    .type = bounded_text (type, TYPE_MAX),
    .time = CLAMP (time, 0, TIME_MAX),
  };

  g_array_append_val (self->files, file);
  self->summed += size;
  self->bytes = self->summed;
  self->length = self->files->len;
}

guint
seed_manifest_get_known (const SeedManifest *self)
{
  return self->files->len;
}

guint
seed_manifest_get_length (const SeedManifest *self)
{
  return self->length;
}

gint64
seed_manifest_get_bytes (const SeedManifest *self)
{
  return self->bytes;
}

const SeedFile *
seed_manifest_get (const SeedManifest *self, guint index)
{
  g_assert (index < self->files->len);
  return &g_array_index (self->files, SeedFile, index);
}

SeedMessage *
seed_manifest_to_message (const SeedManifest *self)
{
  SeedMessage *message = seed_message_new (SEED_MESSAGE_MANIFEST);

  seed_message_set_uint (message, SEED_FIELD_FILES, self->length);
  seed_message_set_uint (message, SEED_FIELD_BYTES, self->bytes);

  return message;
}

/* An upper bound of the file's share of a message. */
static gsize
entry_bytes (const SeedFile *file)
{
  gsize bytes = ENTRY_OVERHEAD + strlen (file->type) * 6;

  for (const char *p = file->path; *p != '\0'; p++)
    bytes += (guchar) *p < 0x20 || *p == 0x7f ? 6 : *p == '"' || *p == '\\' || *p == '/' ? 2 : 1;

  return bytes;
}

static void
add_entry (SeedMessage *message, const SeedFile *file)
{
  const char *list = SEED_FIELD_ENTRIES;

  seed_message_add_item (message, list);
  seed_message_set_item_string (message, list, SEED_FIELD_PATH, file->path);
  seed_message_set_item_uint (message, list, SEED_FIELD_SIZE, file->size);
  seed_message_set_item_uint (message, list, SEED_FIELD_PIECE, file->piece);
  seed_message_set_item_string (message, list, SEED_FIELD_TYPE, file->type);
  seed_message_set_item_uint (message, list, SEED_FIELD_TIME, file->time);
}

SeedMessage *
seed_manifest_get_page (const SeedManifest *self, guint from)
{
  guint end = MIN (self->files->len, from + SEED_FILES_PAGE_MAX);
  gsize bytes = 0;

  if (from >= self->files->len)
    return NULL;

  SeedMessage *message = seed_message_new (SEED_MESSAGE_FILES);

  seed_message_set_uint (message, SEED_FIELD_FROM, from);
  seed_message_set_list (message, SEED_FIELD_ENTRIES);

  for (guint i = from; i < end; i++)
    {
      const SeedFile *file = seed_manifest_get (self, i);

      bytes += entry_bytes (file);
      if (i > from && bytes > PAGE_BYTES_MAX)
        break;

      add_entry (message, file);
    }

  return message;
}

static gboolean
bad_page (GError **error, const char *problem)
{
  g_set_error (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE, "The list of files %s", problem);
  return FALSE;
}

static gboolean
add_remote (SeedManifest *self, const SeedMessage *message, guint index, GError **error)
{
  const char *list = SEED_FIELD_ENTRIES;
  gint64 size = seed_message_get_item_uint (message, list, index, SEED_FIELD_SIZE);
  gint64 piece = seed_message_get_item_uint (message, list, index, SEED_FIELD_PIECE);

  if (!seed_piece_size_is_valid (size, piece))
    return bad_page (error, "cuts a file into wrong pieces");
  if (size > self->bytes - self->summed)
    return bad_page (error, "holds more bytes than announced");

  SeedFile file = {
    .path = g_strdup (seed_message_get_item_string (message, list, index, SEED_FIELD_PATH)),
    .size = size,
    .piece = piece,
    .type = g_strdup (seed_message_get_item_string (message, list, index, SEED_FIELD_TYPE)),
    .time = seed_message_get_item_uint (message, list, index, SEED_FIELD_TIME),
  };

  g_array_append_val (self->files, file);
  self->summed += size;

  return TRUE;
}

gboolean
seed_manifest_add_page (SeedManifest *self, const SeedMessage *message, GError **error)
{
  guint length = seed_message_get_list_length (message, SEED_FIELD_ENTRIES);

  if (seed_message_get_uint (message, SEED_FIELD_FROM) != self->files->len)
    return bad_page (error, "does not go on where it ended");
  if (length > self->length - self->files->len)
    return bad_page (error, "is longer than announced");

  for (guint i = 0; i < length; i++)
    {
      if (!add_remote (self, message, i, error))
        return FALSE;
    }

  if (self->files->len == self->length && self->summed != self->bytes)
    return bad_page (error, "holds fewer bytes than announced");

  return TRUE;
}
