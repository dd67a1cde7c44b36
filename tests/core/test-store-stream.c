// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "seed-store.h"

typedef struct
{
  int out;
  int in;
  SeedStore *store;
} Pipe;

static Pipe *
pipe_new (void)
{
  Pipe *self = g_new0 (Pipe, 1);
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  self->out = ends[0];
  g_assert_cmpint (fcntl (self->out, F_SETFL, O_NONBLOCK), ==, 0);
  self->in = ends[1];
  self->store = seed_store_new_stream (self->in);

  return self;
}

static void
pipe_free (Pipe *self)
{
  if (self->out >= 0)
    close (self->out);
  close (self->in);
  seed_store_free (self->store);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pipe, pipe_free)

static SeedStoreFile *
begin (Pipe *self)
{
  SeedFile file = { .path = (char *) "f", .size = 10, .piece = 1 << 20, .type = (char *) "" };
  g_autoptr (GError) error = NULL;
  SeedStoreFile *stored = seed_store_begin (self->store, &file, &error);

  g_assert_no_error (error);
  return stored;
}

static void
write_text (SeedStoreFile *file, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_assert_true (seed_store_write (file, bytes, &error));
  g_assert_no_error (error);
}

static void
commit (SeedStoreFile *file, gint64 length)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (seed_store_commit (file, length, &error));
  g_assert_no_error (error);
}

/* Exactly @text is in the pipe. */
static void
assert_came (Pipe *self, const char *text)
{
  char buffer[64] = { 0 };
  ssize_t n = read (self->out, buffer, sizeof buffer - 1);

  g_assert_cmpstr (n > 0 ? buffer : "", ==, text);
}

static void
only_what_is_verified (void)
{
  g_autoptr (Pipe) pipe = pipe_new ();
  SeedStoreFile *file = begin (pipe);
  g_autofree char *path = NULL;

  write_text (file, "abc");
  write_text (file, "defg");
  assert_came (pipe, "");
  commit (file, 2);
  assert_came (pipe, "ab");
  commit (file, 3);
  assert_came (pipe, "cde");
  commit (file, 2);
  assert_came (pipe, "fg");
  g_assert_true (seed_store_finish (file, &path, NULL));
  g_assert_cmpstr (path, ==, "");
}

static void
abandoned (void)
{
  g_autoptr (Pipe) pipe = pipe_new ();
  SeedStoreFile *file = begin (pipe);

  write_text (file, "abc");
  commit (file, 1);
  seed_store_abandon (file);
  assert_came (pipe, "a");
  assert_came (pipe, "");
}

static gpointer
drain_thread (gpointer data)
{
  Pipe *self = data;
  gsize total = 0;
  char buffer[65536];

  while (total < 1 << 20)
    {
      g_assert_cmpint (poll (&(struct pollfd){ .fd = self->out, .events = POLLIN }, 1, -1), ==, 1);
      ssize_t n = read (self->out, buffer, sizeof buffer);

      g_assert_cmpint (n, >, 0);
      total += (gsize) n;
    }

  return GSIZE_TO_POINTER (total);
}

/* One that does not block where a pipe is full, as a terminal's may be. */
static void
not_blocking (void)
{
  int ends[2];
  g_autoptr (GBytes) bytes = scratch_bytes (1 << 20, 1);
  g_autoptr (GError) error = NULL;
  Pipe pipe = { 0 };
  SeedFile file = { .path = (char *) "f", .size = 1 << 20, .piece = 1 << 20, .type = (char *) "" };

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC | O_NONBLOCK), ==, 0);
  pipe.out = ends[0];

  g_autoptr (SeedStore) store = seed_store_new_stream (ends[1]);
  SeedStoreFile *stored = seed_store_begin (store, &file, &error);
  GThread *thread = g_thread_new ("drain", drain_thread, &pipe);

  g_assert_true (seed_store_write (stored, bytes, &error));
  g_assert_true (seed_store_commit (stored, 1 << 20, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (GPOINTER_TO_SIZE (g_thread_join (thread)), ==, 1 << 20);
  seed_store_abandon (stored);
  close (ends[0]);
  close (ends[1]);
}

static void
nobody_reads (void)
{
  g_autoptr (Pipe) pipe = pipe_new ();
  SeedStoreFile *file = begin (pipe);
  g_autoptr (GError) error = NULL;

  (void) signal (SIGPIPE, SIG_IGN);
  write_text (file, "abc");
  close (pipe->out);
  pipe->out = -1;
  g_assert_false (seed_store_commit (file, 3, &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_FILE_UNWRITABLE);
  seed_store_abandon (file);
}

static void
device_is_full (void)
{
  int fd = open ("/dev/full", O_WRONLY | O_CLOEXEC);
  g_autoptr (SeedStore) store = seed_store_new_stream (fd);
  SeedFile file = { .path = (char *) "f", .size = 3, .piece = 1 << 20, .type = (char *) "" };
  g_autoptr (GError) error = NULL;
  SeedStoreFile *stored = seed_store_begin (store, &file, &error);

  write_text (stored, "abc");
  g_assert_false (seed_store_commit (stored, 3, &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_DISK_FULL);
  seed_store_abandon (stored);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store-stream/only-what-is-verified", only_what_is_verified);
  g_test_add_func ("/store-stream/abandoned", abandoned);
  g_test_add_func ("/store-stream/not-blocking", not_blocking);
  g_test_add_func ("/store-stream/nobody-reads", nobody_reads);
  g_test_add_func ("/store-stream/device-is-full", device_is_full);

  return g_test_run ();
}
