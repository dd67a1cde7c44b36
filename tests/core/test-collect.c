// SPDX-License-Identifier: MIT
#include "seed-collect.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "seed-protocol.h"

typedef struct
{
  SeedCollection *collection;
  GError *error;
  gboolean done;
} Answer;

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->collection = seed_collect_finish (result, &answer->error);
  answer->done = TRUE;
}

static void
assert_fails (const char *path, GCancellable *cancellable, GQuark domain, int code)
{
  const char *paths[] = { path, NULL };
  Answer answer = { 0 };

  seed_collect_async (paths, cancellable, answered_cb, &answer);
  wait_until (answer.done);
  g_assert_null (answer.collection);
  g_assert_error (answer.error, domain, code);
  g_clear_error (&answer.error);
}

/* The names in @collection, one after another with ", " between them. */
static char *
names (const SeedCollection *collection)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < seed_manifest_get_known (collection->manifest); i++)
    g_string_append_printf (all, "%s%s", i == 0 ? "" : ", ",
                            seed_manifest_get (collection->manifest, i)->path);

  g_assert_cmpuint (collection->sources->len, ==, seed_manifest_get_known (collection->manifest));
  return g_string_free (g_steal_pointer (&all), FALSE);
}

static void
assert_collects (const char *path, const char *other, const char *expected)
{
  g_autoptr (SeedCollection) collection = scratch_collect (path, other);
  g_autofree char *found = names (collection);

  g_assert_cmpstr (found, ==, expected);
}

static void
one_file (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "photo.png", 77, 1);
  g_autoptr (SeedCollection) collection = scratch_collect (path, NULL);
  const SeedFile *file = seed_manifest_get (collection->manifest, 0);

  g_assert_cmpstr (file->path, ==, "photo.png");
  g_assert_cmpint (file->size, ==, 77);
  g_assert_cmpstr (file->type, ==, "image/png");
  g_assert_cmpint (file->time, >, 0);
  g_assert_cmpint (seed_manifest_get_bytes (collection->manifest), ==, 77);
}

static void
folder (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_folder (scratch, "top");

  g_free (scratch_file (scratch, "top/b", 1, 1));
  g_free (scratch_file (scratch, "top/a/z", 1, 1));
  g_free (scratch_file (scratch, "top/a/.hidden", 0, 1));
  g_free (scratch_folder (scratch, "top/empty"));
  g_free (scratch_file (scratch, "top/line\nbreak", 1, 1));
  assert_collects (path, NULL, "top/a/.hidden, top/a/z, top/b, top/line\nbreak");
}

static void
links (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *top = scratch_folder (scratch, "top");
  g_autofree char *file = scratch_file (scratch, "outside/file", 5, 1);
  g_autofree char *outside = scratch_path (scratch, "outside");
  g_autofree char *to_file = scratch_path (scratch, "top/to-file");
  g_autofree char *to_folder = scratch_path (scratch, "top/to-folder");
  g_autofree char *to_itself = scratch_path (scratch, "top/to-itself");
  g_autofree char *to_top = scratch_path (scratch, "top/to-top");
  g_autofree char *chosen = scratch_path (scratch, "chosen");

  g_assert_cmpint (symlink (file, to_file), ==, 0);
  g_assert_cmpint (symlink (outside, to_folder), ==, 0);
  g_assert_cmpint (symlink (to_itself, to_itself), ==, 0);
  g_assert_cmpint (symlink (top, to_top), ==, 0);
  g_assert_cmpint (symlink (top, chosen), ==, 0);
  assert_collects (top, NULL, "top/to-file");

  /* A link that a person chose is what it leads to. */
  assert_collects (chosen, NULL, "chosen/to-file");
}

static void
special_files (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *top = scratch_folder (scratch, "top");
  g_autofree char *fifo = scratch_path (scratch, "top/fifo");

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_free (scratch_file (scratch, "top/file", 5, 1));
  assert_collects (top, NULL, "top/file");
  assert_fails (fifo, NULL, SEED_ERROR, SEED_CODE_FILE_SPECIAL);
  assert_fails ("/dev/null", NULL, SEED_ERROR, SEED_CODE_FILE_SPECIAL);
}

static void
nothing_in_there (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *empty = scratch_folder (scratch, "empty/also");
  g_autofree char *missing = scratch_path (scratch, "missing");

  assert_fails (scratch->path, NULL, SEED_ERROR, SEED_CODE_FILE_UNREADABLE);
  assert_fails (missing, NULL, SEED_ERROR, SEED_CODE_FILE_UNREADABLE);
}

static void
deep_folder (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *top = scratch_folder (scratch, "top");
  g_autoptr (GString) path = g_string_new ("top");

  g_free (scratch_file (scratch, "top/file", 1, 1));
  for (guint i = 0; i < 200; i++)
    g_string_append (path, "/d");
  g_string_append (path, "/file");
  g_free (scratch_file (scratch, path->str, 1, 1));
  assert_collects (top, NULL, "top/file");
}

static void
names_not_utf8 (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *top = scratch_folder (scratch, "top");

  g_free (scratch_file (scratch, "top/\xff", 1, 1));
  g_free (scratch_file (scratch, "top/\xfe", 2, 1));

  g_autoptr (SeedCollection) collection = scratch_collect (top, NULL);

  /* They may look alike; each is still a file of its own. */
  g_assert_cmpuint (collection->sources->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (g_utf8_validate (seed_manifest_get (collection->manifest, i)->path, -1, NULL));
      g_assert_cmpint (seed_source_get_size (collection->sources->pdata[i]), ==, 2 - i);
    }
}

static void
same_name_twice (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *a = scratch_file (scratch, "a/same", 1, 1);
  g_autofree char *b = scratch_file (scratch, "b/same", 2, 1);

  assert_collects (a, b, "same, same");
  assert_collects (a, a, "same, same");
}

static void
is_cancelled (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_free (scratch_file (scratch, "a", 1, 1));
  g_cancellable_cancel (cancellable);
  assert_fails (scratch->path, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Sparse files cost nothing, but what they claim has to fit a message. */
static void
too_large (void)
{
  g_autoptr (Scratch) scratch = scratch_new_in ("/dev/shm");
  g_autofree char *path = scratch == NULL ? NULL : scratch_file (scratch, "sparse", 0, 1);

  if (path == NULL || truncate (path, SEED_SIZE_MAX) != 0)
    {
      g_test_skip ("no file system here knows such a size");
      return;
    }

  g_free (scratch_file (scratch, "tiny", 1, 1));
  assert_collects (path, NULL, "sparse");
  assert_fails (scratch->path, NULL, SEED_ERROR, SEED_CODE_FILE_UNREADABLE);
  g_assert_cmpint (truncate (path, G_MAXINT64), ==, 0);
  assert_fails (path, NULL, SEED_ERROR, SEED_CODE_FILE_UNREADABLE);
}

static void
assert_check (const char *path, int code)
{
  const char *paths[] = { path, NULL };
  g_autoptr (GError) error = NULL;
  gboolean sound = seed_collect_check (paths, &error);

  g_assert_true (sound == (code < 0));
  if (code >= 0)
    g_assert_error (error, SEED_ERROR, code);
}

static void
check (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *file = scratch_file (scratch, "file", 1, 1);
  g_autofree char *missing = scratch_path (scratch, "missing");

  assert_check (NULL, SEED_CODE_USAGE);
  assert_check (file, -1);
  assert_check (scratch->path, -1);
  assert_check (missing, SEED_CODE_FILE_UNREADABLE);
  assert_check ("", SEED_CODE_FILE_UNREADABLE);
  assert_check ("/dev/null", SEED_CODE_FILE_SPECIAL);
}

static void
unreadable_folder (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *top = scratch_folder (scratch, "top");
  g_autofree char *closed = scratch_folder (scratch, "top/closed");

  g_assert_cmpint (chmod (top, 0755), ==, 0);
  g_assert_cmpint (chmod (closed, 0), ==, 0);
  scratch_be_nobody (scratch, TRUE);
  assert_fails (top, NULL, SEED_ERROR, SEED_CODE_FILE_UNREADABLE);
  assert_check (closed, SEED_CODE_FILE_UNREADABLE);
  scratch_be_nobody (scratch, FALSE);
  g_assert_cmpint (chmod (closed, 0700), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/collect/one-file", one_file);
  g_test_add_func ("/collect/folder", folder);
  g_test_add_func ("/collect/folder/deep", deep_folder);
  g_test_add_func ("/collect/folder/unreadable", unreadable_folder);
  g_test_add_func ("/collect/links", links);
  g_test_add_func ("/collect/special-files", special_files);
  g_test_add_func ("/collect/nothing-in-there", nothing_in_there);
  g_test_add_func ("/collect/names/not-utf8", names_not_utf8);
  g_test_add_func ("/collect/names/same-twice", same_name_twice);
  g_test_add_func ("/collect/is-cancelled", is_cancelled);
  g_test_add_func ("/collect/too-large", too_large);
  g_test_add_func ("/collect/check", check);

  return g_test_run ();
}
