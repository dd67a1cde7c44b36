// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "scratch.h"
#include "seed-protocol.h"
#include "seed-source.h"

#define MIB (1 << 20)

typedef struct
{
  SeedSource *source;
  GBytes *bytes;
  GError *error;
  gboolean done;
} Answer;

static void
answer_clear (Answer *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_error (&self->error);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->bytes = seed_source_read_finish (answer->source, result, &answer->error);
  answer->done = TRUE;
}

static void
digested_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->bytes = seed_source_digest_finish (answer->source, result, &answer->error);
  answer->done = TRUE;
}

static GBytes *
read_range (SeedSource *source, gint64 offset, gsize length, GError **error)
{
  Answer answer = { .source = source };

  seed_source_read_async (source, offset, length, NULL, answered_cb, &answer);
  wait_until (answer.done);

  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.bytes;
}

static GBytes *
digest_of (SeedSource *source, guint piece, GError **error)
{
  Answer answer = { .source = source };

  seed_source_digest_async (source, piece, NULL, digested_cb, &answer);
  wait_until (answer.done);

  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.bytes;
}

static SeedSource *
open_source (const char *path)
{
  g_autoptr (GError) error = NULL;
  SeedSource *source = seed_source_new (path, &error);

  g_assert_no_error (error);
  return source;
}

/* Both a read and a digest fail with @code, and so does everything after them. */
static void
assert_fails (SeedSource *source, SeedCode code)
{
  g_autoptr (GError) read_error = NULL;
  g_autoptr (GError) digest_error = NULL;

  g_assert_null (read_range (source, 0, 10, &read_error));
  g_assert_error (read_error, SEED_ERROR, (int) code);
  g_assert_null (digest_of (source, 0, &digest_error));
  g_assert_error (digest_error, SEED_ERROR, (int) code);
  g_assert_error (seed_source_get_error (source), SEED_ERROR, (int) code);
}

static void
assert_digest (SeedSource *source, guint piece, gconstpointer data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) digest = digest_of (source, piece, &error);
  g_autoptr (GChecksum) expected = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 sum[SEED_DIGEST_SIZE];
  gsize size = sizeof sum;

  g_assert_no_error (error);
  g_checksum_update (expected, data, (gssize) length);
  g_checksum_get_digest (expected, sum, &size);
  g_assert_cmpmem (g_bytes_get_data (digest, NULL), g_bytes_get_size (digest), sum, size);
}

static void
reads (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", 2 * MIB + 77, 1);
  g_autoptr (GBytes) whole = scratch_bytes (2 * MIB + 77, 1);
  g_autoptr (SeedSource) source = open_source (path);
  g_autoptr (GError) error = NULL;
  const guint8 *data = g_bytes_get_data (whole, NULL);

  g_assert_cmpint (seed_source_get_size (source), ==, 2 * MIB + 77);
  g_autoptr (GBytes) middle = read_range (source, 1000, SEED_SOURCE_READ_MAX, &error);
  g_autoptr (GBytes) last = read_range (source, 2 * MIB + 76, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (middle, NULL), g_bytes_get_size (middle), data + 1000,
                   SEED_SOURCE_READ_MAX);
  g_assert_cmpmem (g_bytes_get_data (last, NULL), g_bytes_get_size (last), data + 2 * MIB + 76, 1);
  assert_digest (source, 0, data, MIB);
  assert_digest (source, 1, data + MIB, MIB);
  assert_digest (source, 2, data + 2 * MIB, 77);
}

/* Whoever asks while it is computed gets the same one; so does whoever asks later. */
static void
digests_once (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", MIB, 2);
  g_autoptr (SeedSource) source = open_source (path);
  Answer answers[100] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      answers[i].source = source;
      seed_source_digest_async (source, 0, NULL, digested_cb, &answers[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      wait_until (answers[i].done);
      g_assert_no_error (answers[i].error);
      g_assert_true (answers[i].bytes == answers[0].bytes);
    }

  g_autoptr (GBytes) later = digest_of (source, 0, NULL);

  g_assert_true (later == answers[0].bytes);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    answer_clear (&answers[i]);
}

static void
is_cancelled (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", MIB, 2);
  g_autoptr (SeedSource) source = open_source (path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answers[2] = { { .source = source }, { .source = source } };

  g_cancellable_cancel (cancellable);
  seed_source_read_async (source, 0, 10, cancellable, answered_cb, &answers[0]);
  seed_source_digest_async (source, 0, cancellable, digested_cb, &answers[1]);

  for (guint i = 0; i < 2; i++)
    {
      wait_until (answers[i].done);
      g_assert_error (answers[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      answer_clear (&answers[i]);
    }

  /* That one went away says nothing of the file. */
  g_assert_null (seed_source_get_error (source));
}

static void
write_at (const char *path, gint64 offset, const char *text)
{
  int fd = open (path, O_WRONLY);

  g_assert_cmpint (pwrite (fd, text, strlen (text), offset), ==, (gssize) strlen (text));
  close (fd);
}

/* The clock of a file system is coarse; a change must show in it. */
static void
make_old (const char *path)
{
  const struct timespec times[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static void
changed_in_place (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", 1000, 3);

  make_old (path);
  g_autoptr (SeedSource) source = open_source (path);
  g_autoptr (GBytes) before = read_range (source, 0, 10, NULL);

  g_assert_nonnull (before);
  write_at (path, 500, "other");
  assert_fails (source, SEED_CODE_FILE_CHANGED);
}

static void
replaced_by_rename (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", 1000, 3);
  g_autofree char *twin = scratch_file (scratch, "twin", 1000, 3);

  make_old (path);
  make_old (twin);
  g_autoptr (SeedSource) source = open_source (path);

  g_assert_cmpint (rename (twin, path), ==, 0);
  assert_fails (source, SEED_CODE_FILE_CHANGED);
}

static void
truncated (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", 1000, 3);
  g_autoptr (SeedSource) source = open_source (path);

  g_assert_cmpint (truncate (path, 5), ==, 0);
  assert_fails (source, SEED_CODE_FILE_CHANGED);
}

static void
grown (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", 1000, 3);
  g_autoptr (SeedSource) source = open_source (path);

  g_assert_cmpint (truncate (path, 1001), ==, 0);
  make_old (path);
  assert_fails (source, SEED_CODE_FILE_CHANGED);
}

static void
removed (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "folder/f", 1000, 3);
  g_autoptr (SeedSource) source = open_source (path);

  g_assert_cmpint (unlink (path), ==, 0);
  assert_fails (source, SEED_CODE_FILE_GONE);

  /* What was found wrong once stays wrong. */
  g_free (scratch_file (scratch, "folder/f", 1000, 3));
  assert_fails (source, SEED_CODE_FILE_GONE);
}

static void
replaced_by_fifo (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", 1000, 3);
  g_autoptr (SeedSource) source = open_source (path);

  g_assert_cmpint (unlink (path), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_fails (source, SEED_CODE_FILE_CHANGED);
}

static void
replaced_by_socket (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", 1000, 3);
  g_autoptr (SeedSource) source = open_source (path);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_assert_cmpint (unlink (path), ==, 0);
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  assert_fails (source, SEED_CODE_FILE_CHANGED);
  close (fd);
}

/* Elsewhere the same relative path is another file, and ".." goes up from where a link leads to. */
static void
path_means_the_same_later (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *file = scratch_file (scratch, "real/f", 100, 1);
  g_autofree char *inner = scratch_folder (scratch, "real/inner");
  g_autofree char *link = scratch_path (scratch, "link");
  g_autofree char *roundabout = scratch_path (scratch, "link/../f");
  g_autofree char *real = scratch_path (scratch, "real");
  g_autofree char *before = g_get_current_dir ();

  g_assert_cmpint (symlink (inner, link), ==, 0);
  g_autoptr (SeedSource) source = open_source (roundabout);
  g_autoptr (GBytes) bytes = read_range (source, 0, 100, NULL);

  g_assert_nonnull (bytes);

  g_assert_cmpint (chdir (real), ==, 0);
  g_autoptr (SeedSource) relative = open_source ("f");

  g_assert_cmpint (chdir (before), ==, 0);
  g_autoptr (GBytes) same = read_range (relative, 0, 100, NULL);

  g_assert_nonnull (same);
}

static void
assert_refused (const char *path, SeedCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedSource) source = seed_source_new (path, &error);
  g_autofree char *base = g_path_get_basename (path);

  g_assert_null (source);
  g_assert_error (error, SEED_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, base));
}

static void
special_files (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *fifo = scratch_path (scratch, "fifo");
  g_autofree char *socket_path = scratch_path (scratch, "socket");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);

  assert_refused (fifo, SEED_CODE_FILE_SPECIAL);
  assert_refused (socket_path, SEED_CODE_FILE_SPECIAL);
  assert_refused (scratch->path, SEED_CODE_FILE_SPECIAL);
  assert_refused ("/dev/null", SEED_CODE_FILE_SPECIAL);
  assert_refused ("/dev/tty", SEED_CODE_FILE_SPECIAL);
  close (fd);
}

static void
missing_file (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *missing = scratch_path (scratch, "missing");
  g_autofree char *dangling = scratch_path (scratch, "dangling");

  g_assert_cmpint (symlink (missing, dangling), ==, 0);
  assert_refused (missing, SEED_CODE_FILE_UNREADABLE);
  assert_refused (dangling, SEED_CODE_FILE_UNREADABLE);
}

static void
unreadable_file (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "secret", 10, 1);

  g_autofree char *later = scratch_file (scratch, "later", 10, 1);
  g_autoptr (SeedSource) source = open_source (later);

  g_assert_cmpint (chmod (path, 0), ==, 0);
  g_assert_cmpint (chmod (later, 0), ==, 0);
  scratch_be_nobody (scratch, TRUE);
  assert_refused (path, SEED_CODE_FILE_UNREADABLE);
  assert_fails (source, SEED_CODE_FILE_UNREADABLE);
  scratch_be_nobody (scratch, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/source/reads", reads);
  g_test_add_func ("/source/digests-once", digests_once);
  g_test_add_func ("/source/is-cancelled", is_cancelled);
  g_test_add_func ("/source/changed-in-place", changed_in_place);
  g_test_add_func ("/source/replaced/by-rename", replaced_by_rename);
  g_test_add_func ("/source/replaced/by-fifo", replaced_by_fifo);
  g_test_add_func ("/source/replaced/by-socket", replaced_by_socket);
  g_test_add_func ("/source/truncated", truncated);
  g_test_add_func ("/source/grown", grown);
  g_test_add_func ("/source/removed", removed);
  g_test_add_func ("/source/path-means-the-same-later", path_means_the_same_later);
  g_test_add_func ("/source/refused/special", special_files);
  g_test_add_func ("/source/refused/missing", missing_file);
  g_test_add_func ("/source/refused/unreadable", unreadable_file);

  return g_test_run ();
}
