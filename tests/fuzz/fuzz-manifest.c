// SPDX-License-Identifier: MIT
/* A manifest as a receiver learns it: messages, one a line. What was taken of it is paged out again
 * by an owner, and must then be the same. */
#include "fuzz.h"

#include <string.h>

#include "seed-manifest.h"
#include "seed-safe-path.h"

static void
take (SeedManifest **manifest, const char *line, gsize length)
{
  g_autoptr (SeedMessage) message =
      seed_message_parse (line, length, SEED_CHANNEL_CONTROL, SEED_ROLE_RECEIVER, NULL);
  gboolean taken = FALSE;

  if (message == NULL)
    return;

  if (seed_message_type (message) == SEED_MESSAGE_MANIFEST && *manifest == NULL)
    *manifest = seed_manifest_new_from_message (message);
  else if (seed_message_type (message) == SEED_MESSAGE_FILES && *manifest != NULL)
    taken = seed_manifest_add_page (*manifest, message, NULL);

  (void) taken;
}

static void
check_file (const SeedFile *file)
{
  g_autofree char *path = seed_safe_path (file->path);
  g_autofree char *printable = seed_printable_name (file->path);

  g_assert_true (*path != '\0' && *path != '/');
  g_assert_false (g_str_has_prefix (path, "../") || strstr (path, "/../") != NULL ||
                  g_str_has_suffix (path, "/..") || g_str_equal (path, ".."));
  g_assert_true (g_utf8_validate (printable, -1, NULL));
  g_assert_null (strpbrk (printable, "\n\r\x1b"));
  g_assert_cmpint (file->size, >=, 0);
  g_assert_cmpint (file->size / file->piece, <=, SEED_PIECES_MAX);
}

static void
check_manifest (const SeedManifest *manifest)
{
  g_autoptr (SeedManifest) owner = seed_manifest_new ();
  guint known = seed_manifest_get_known (manifest);

  g_assert_cmpuint (known, <=, seed_manifest_get_length (manifest));
  for (guint i = 0; i < known; i++)
    {
      const SeedFile *file = seed_manifest_get (manifest, i);

      check_file (file);
      seed_manifest_add (owner, file->path, file->size, file->type, file->time);
    }

  for (guint from = 0; from < known;)
    {
      g_autoptr (SeedMessage) page = seed_manifest_get_page (owner, from);
      g_autofree char *json = seed_message_to_json (page);

      g_assert_cmpuint (strlen (json), <=, SEED_CONTROL_MESSAGE_MAX);
      from += seed_message_get_list_length (page, SEED_FIELD_ENTRIES);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (SeedManifest) manifest = NULL;
  const char *line = (const char *) data;
  const char *end = line + size;

  while (line < end)
    {
      const char *stop = memchr (line, '\n', (gsize) (end - line));
      gsize length = (gsize) ((stop == NULL ? end : stop) - line);

      take (&manifest, line, length);
      line += length + 1;
    }

  if (manifest != NULL)
    check_manifest (manifest);

  return 0;
}
