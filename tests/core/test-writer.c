// SPDX-License-Identifier: MIT
#include "seed-writer.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"

#define MIB (1 << 20)
#define FRAME SEED_FRAME_DATA_MAX

/* A writer and what it told. */
typedef struct
{
  Scratch *scratch;
  SeedWriter *writer;
  gint64 consumed;
  gint64 verified;
  GString *log; /* "finished 0 name; failed 1 code; " */
} Fixture;

static void
consumed_cb (SeedWriter *writer, gint64 bytes, Fixture *self)
{
  self->consumed += bytes;
}

static void
verified_cb (SeedWriter *writer, guint file, gint64 bytes, Fixture *self)
{
  self->verified += bytes;
}

static void
finished_cb (SeedWriter *writer, guint file, const char *path, Fixture *self)
{
  g_autofree char *name = g_path_get_basename (path);

  g_string_append_printf (self->log, "finished %u %s; ", file, *path == '\0' ? "-" : name);
}

static void
failed_cb (SeedWriter *writer, guint file, const GError *error, Fixture *self)
{
  g_string_append_printf (self->log, "failed %u %s; ", file,
                          seed_code_name (seed_error_code (error)));
}

/* @store: (transfer full) (nullable): a folder of its own where there is none */
static Fixture *
fixture_new (SeedStore *store)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->scratch = scratch_new ();
  self->log = g_string_new (NULL);
  self->writer =
      seed_writer_new (store != NULL ? store : seed_store_new_folder (self->scratch->path, NULL));
  g_signal_connect (self->writer, "consumed", G_CALLBACK (consumed_cb), self);
  g_signal_connect (self->writer, "verified", G_CALLBACK (verified_cb), self);
  g_signal_connect (self->writer, "finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (self->writer, "failed", G_CALLBACK (failed_cb), self);

  return self;
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  gboolean *closed = user_data;

  g_assert_true (seed_writer_close_finish (SEED_WRITER (object), result, NULL));
  *closed = TRUE;
}

static void
close_writer (Fixture *self)
{
  gboolean closed = FALSE;

  seed_writer_close_async (self->writer, NULL, closed_cb, &closed);
  wait_until (closed);
}

static void
fixture_free (Fixture *self)
{
  if (self->writer != NULL)
    {
      close_writer (self);
      g_assert_finalize_object (self->writer);
    }
  scratch_free (self->scratch);
  g_string_free (self->log, TRUE);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
begin (Fixture *self, guint index, const char *name, gint64 size)
{
  SeedFile file = { .path = (char *) name, .size = size, .piece = MIB, .type = (char *) "" };

  seed_writer_begin (self->writer, index, &file);
}

static void
write_all (Fixture *self, guint index, GBytes *bytes)
{
  gsize size = g_bytes_get_size (bytes);

  for (gsize at = 0; at < size; at += FRAME)
    {
      g_autoptr (GBytes) frame = g_bytes_new_from_bytes (bytes, at, MIN (FRAME, size - at));

      seed_writer_write (self->writer, index, frame);
    }
}

/* The digest of @piece, with its first byte changed by @change. */
static void
state_digest (Fixture *self, guint index, GBytes *bytes, guint piece, guint8 change)
{
  gsize size = g_bytes_get_size (bytes);
  gsize begin_at = (gsize) piece * MIB;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[SEED_DIGEST_SIZE];
  gsize length = sizeof digest;

  g_checksum_update (sum, (const guint8 *) g_bytes_get_data (bytes, NULL) + begin_at,
                     (gssize) MIN (MIB, size - begin_at));
  g_checksum_get_digest (sum, digest, &length);
  digest[0] ^= change;

  g_autoptr (GBytes) stated = g_bytes_new (digest, sizeof digest);

  seed_writer_set_digest (self->writer, index, piece, stated);
}

static void
assert_log (Fixture *self, const char *expected)
{
  gsize length = strlen (expected);

  wait_until (self->log->len >= length);
  g_assert_cmpstr (self->log->str, ==, expected);
}

static void
assert_content (Fixture *self, const char *name, GBytes *expected)
{
  g_autofree char *path = scratch_path (self->scratch, name);
  g_autoptr (GBytes) content = scratch_read (path);

  g_assert_true (g_bytes_equal (content, expected));
}

static void
digest_after (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) bytes = scratch_bytes (MIB + 5, 1);

  begin (self, 0, "f", MIB + 5);
  write_all (self, 0, bytes);
  wait_until (self->consumed == MIB + 5);
  g_assert_cmpint (self->verified, ==, 0);
  state_digest (self, 0, bytes, 0, 0);
  wait_until (self->verified == MIB);
  g_assert_cmpuint (self->log->len, ==, 0);
  state_digest (self, 0, bytes, 1, 0);
  assert_log (self, "finished 0 f; ");
  assert_content (self, "f", bytes);
  g_assert_cmpint (self->verified, ==, MIB + 5);
}

static void
digest_before (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) bytes = scratch_bytes (100, 1);

  begin (self, 0, "f", 100);
  state_digest (self, 0, bytes, 0, 0);
  write_all (self, 0, bytes);
  assert_log (self, "finished 0 f; ");
  assert_content (self, "f", bytes);
}

static void
digests_in_any_order (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) bytes = scratch_bytes (4 * MIB, 1);

  begin (self, 0, "f", 4 * MIB);
  state_digest (self, 0, bytes, 3, 0);
  write_all (self, 0, bytes);
  state_digest (self, 0, bytes, 1, 0);
  state_digest (self, 0, bytes, 0, 0);
  wait_until (self->verified == 2 * MIB);
  state_digest (self, 0, bytes, 2, 0);
  assert_log (self, "finished 0 f; ");
  assert_content (self, "f", bytes);
}

static void
wrong_digest (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) bytes = scratch_bytes (3 * MIB, 1);

  begin (self, 0, "f", 3 * MIB);
  state_digest (self, 0, bytes, 0, 0);
  state_digest (self, 0, bytes, 1, 1);
  state_digest (self, 0, bytes, 2, 0);
  write_all (self, 0, bytes);
  assert_log (self, "failed 0 wrong-digest; ");

  /* What still comes of it is taken and forgotten. */
  wait_until (self->consumed == 3 * MIB);
  g_assert_cmpint (self->verified, ==, MIB);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 0);
}

static void
zero_bytes (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  begin (self, 0, "a", 0);
  begin (self, 1, "a", 0);
  assert_log (self, "finished 0 a; finished 1 a (2); ");
  assert_content (self, "a", nothing);
}

static void
many_files (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) bytes = scratch_bytes (1000, 1);

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *name = g_strdup_printf ("folder %u/f", i % 7);

      begin (self, i, name, 1000);
      write_all (self, i, bytes);
      state_digest (self, i, bytes, 0, 0);
    }

  wait_until (self->verified == 500 * 1000);
  close_writer (self);
  g_clear_object (&self->writer);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 500);
}

static void
one_fails_alone (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) bytes = scratch_bytes (100, 1);

  for (guint i = 0; i < 3; i++)
    {
      begin (self, i, "f", 100);
      write_all (self, i, bytes);
      state_digest (self, i, bytes, 0, i == 1);
    }

  assert_log (self, "finished 0 f; failed 1 wrong-digest; finished 2 f (2); ");
}

static void
abandoned (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) bytes = scratch_bytes (100, 1);

  begin (self, 0, "f", 100);
  seed_writer_abandon (self->writer, 0);
  seed_writer_abandon (self->writer, 7);
  write_all (self, 0, bytes);
  state_digest (self, 0, bytes, 0, 0);
  begin (self, 1, "g", 0);
  assert_log (self, "finished 1 g; ");
  g_assert_cmpint (self->consumed, ==, 100);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 1);
}

static void
close_gives_up (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) bytes = scratch_bytes (MIB, 1);

  begin (self, 0, "f", 2 * MIB);
  state_digest (self, 0, bytes, 0, 0);
  write_all (self, 0, bytes);
  close_writer (self);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 0);
  g_assert_cmpint (self->verified, ==, 0);
  g_assert_finalize_object (g_steal_pointer (&self->writer));
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Without being closed, it still leaves nothing behind. */
static void
dispose_gives_up (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);
  g_autoptr (GBytes) bytes = scratch_bytes (MIB, 1);
  guint wake = g_timeout_add (5, wake_cb, NULL);

  begin (self, 0, "f", 2 * MIB);
  write_all (self, 0, bytes);
  wait_until (self->consumed == MIB);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 1);
  g_assert_finalize_object (g_steal_pointer (&self->writer));
  wait_until (scratch_count (self->scratch->path) == 0);
  g_source_remove (wake);
}

static char *
read_pipe (int fd, gsize length)
{
  char *text = g_malloc0 (length + 1);

  for (gsize done = 0; done < length;)
    {
      ssize_t n = read (fd, text + done, length - done);

      g_assert_cmpint (n, >, 0);
      done += (gsize) n;
    }

  return text;
}

/* Whatever is verified first, a stream gets one file after the other. */
static void
stream_in_order (void)
{
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_autoptr (Fixture) self = fixture_new (seed_store_new_stream (ends[1]));
  const char *const texts[] = { "aaa", "bb", "c", "dddd" };
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; i < 4; i++)
    {
      g_ptr_array_add (files, g_bytes_new_static (texts[i], strlen (texts[i])));
      begin (self, i, "f", (gint64) strlen (texts[i]));
      write_all (self, i, files->pdata[i]);
    }
  begin (self, 4, "empty", 0);

  state_digest (self, 3, files->pdata[3], 0, 0);
  state_digest (self, 1, files->pdata[1], 0, 0);
  state_digest (self, 2, files->pdata[2], 0, 1);
  state_digest (self, 0, files->pdata[0], 0, 0);
  assert_log (self, "finished 0 -; finished 1 -; failed 2 wrong-digest; finished 3 -; "
                    "finished 4 -; ");

  g_autofree char *text = read_pipe (ends[0], 9);

  g_assert_cmpstr (text, ==, "aaabbdddd");
  close_writer (self);
  g_clear_object (&self->writer);
  close (ends[0]);
  close (ends[1]);
}

/* A file that is given up no longer holds up those behind it. */
static void
stream_goes_on (void)
{
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_autoptr (Fixture) self = fixture_new (seed_store_new_stream (ends[1]));
  g_autoptr (GBytes) bytes = g_bytes_new_static ("xyz", 3);

  begin (self, 0, "f", 3);
  begin (self, 1, "g", 3);
  write_all (self, 1, bytes);
  state_digest (self, 1, bytes, 0, 0);
  wait_until (self->consumed == 3);
  g_assert_cmpint (self->verified, ==, 0);
  seed_writer_abandon (self->writer, 0);
  assert_log (self, "finished 1 -; ");
  close_writer (self);
  g_clear_object (&self->writer);
  close (ends[0]);
  close (ends[1]);
}

/* A pipe that nobody reads holds up the thread alone: closing waits, and can be waited out. */
static void
close_while_blocked (void)
{
  int ends[2];
  gboolean closed = FALSE;

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_autoptr (Fixture) self = fixture_new (seed_store_new_stream (ends[1]));
  g_autoptr (GBytes) bytes = scratch_bytes (MIB, 1);

  begin (self, 0, "f", MIB);
  state_digest (self, 0, bytes, 0, 0);
  write_all (self, 0, bytes);
  wait_until (self->consumed >= MIB - FRAME);
  seed_writer_close_async (self->writer, NULL, closed_cb, &closed);
  g_clear_object (&self->writer);
  run_ready ();
  g_assert_false (closed);

  close (ends[0]);
  wait_until (closed);
  close (ends[1]);
  g_assert_cmpuint (self->log->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/writer/digest/after", digest_after);
  g_test_add_func ("/writer/digest/before", digest_before);
  g_test_add_func ("/writer/digest/in-any-order", digests_in_any_order);
  g_test_add_func ("/writer/digest/wrong", wrong_digest);
  g_test_add_func ("/writer/files/zero-bytes", zero_bytes);
  g_test_add_func ("/writer/files/many", many_files);
  g_test_add_func ("/writer/files/one-fails-alone", one_fails_alone);
  g_test_add_func ("/writer/files/abandoned", abandoned);
  g_test_add_func ("/writer/stream/in-order", stream_in_order);
  g_test_add_func ("/writer/stream/goes-on", stream_goes_on);
  g_test_add_func ("/writer/close/gives-up", close_gives_up);
  g_test_add_func ("/writer/close/while-blocked", close_while_blocked);
  g_test_add_func ("/writer/dispose/gives-up", dispose_gives_up);

  return g_test_run ();
}
