// SPDX-License-Identifier: MIT
/* A sender and a receiver with nothing but memory between them: what is shared arrives whole, or not at
 * all, whatever happens on the way. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "memory-channel.h"
#include "scratch.h"
#include "seed-receiver.h"
#include "seed-sender.h"

#define MIB (1 << 20)

typedef struct
{
  Scratch *from;
  Scratch *to;
  MemoryChannel *owner; /* the sender's end */
  MemoryChannel *far;   /* the receiver's end */
  SeedSender *sender;   /* NULL once it has ended and was let go */
  SeedReceiver *receiver;
  gint64 reported; /* as the owner's row shows it */
  GError *sender_error;
  GError *receiver_error;
  gboolean sender_ended;
  gboolean receiver_ended;
  gboolean is_complete; /* at both ends */
  gboolean owner_knows;
  guint n_finished;
} Session;

static void
progress_cb (SeedSender *sender, gint64 bytes, Session *self)
{
  self->reported = bytes;
}

static void
owner_complete_cb (SeedSender *sender, gint64 bytes, Session *self)
{
  self->reported = bytes;
  self->owner_knows = TRUE;
}

static void
sender_ended_cb (SeedSender *sender, const GError *error, Session *self)
{
  self->sender_ended = TRUE;
  self->sender_error = error == NULL ? NULL : g_error_copy (error);
}

static void
finished_cb (SeedReceiver *receiver, guint file, const char *path, Session *self)
{
  self->n_finished++;
}

static void
complete_cb (SeedReceiver *receiver, Session *self)
{
  self->is_complete = TRUE;
}

static void
receiver_ended_cb (SeedReceiver *receiver, const GError *error, Session *self)
{
  self->receiver_ended = TRUE;
  self->receiver_error = error == NULL ? NULL : g_error_copy (error);
}

/* @store: (transfer full) (nullable): the folder `to` where there is none */
static Session *
session_new (SeedStore *store)
{
  Session *self = g_new0 (Session, 1);

  self->from = scratch_new ();
  self->to = scratch_new ();
  memory_channel_new_pair (&self->owner, &self->far);
  self->sender = seed_sender_new (SEED_CHANNEL (g_object_ref (self->owner)));
  if (store == NULL)
    store = seed_store_new_folder (self->to->path, NULL);
  self->receiver =
      seed_receiver_new (SEED_CHANNEL (g_object_ref (self->far)), seed_writer_new (store), "Test");

  g_signal_connect (self->sender, "progress", G_CALLBACK (progress_cb), self);
  g_signal_connect (self->sender, "complete", G_CALLBACK (owner_complete_cb), self);
  g_signal_connect (self->sender, "ended", G_CALLBACK (sender_ended_cb), self);
  g_signal_connect (self->receiver, "finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (self->receiver, "complete", G_CALLBACK (complete_cb), self);
  g_signal_connect (self->receiver, "ended", G_CALLBACK (receiver_ended_cb), self);

  return self;
}

static void
start (Session *self)
{
  seed_sender_start (self->sender);
  seed_receiver_start (self->receiver);
}

static void
offer (Session *self, const char *path, const char *other)
{
  g_autoptr (SeedCollection) collection = scratch_collect (path, other);

  seed_sender_set_collection (self->sender, collection);
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  gboolean *closed = user_data;

  g_assert_true (seed_receiver_close_finish (SEED_RECEIVER (object), result, NULL));
  *closed = TRUE;
}

static void
close_receiver (Session *self)
{
  gboolean closed = FALSE;

  seed_receiver_close_async (self->receiver, NULL, closed_cb, &closed);
  wait_until (closed);
  g_assert_finalize_object (g_steal_pointer (&self->receiver));
}

static void
session_free (Session *self)
{
  if (self->receiver != NULL)
    close_receiver (self);
  g_assert_finalize_object (self->sender);
  g_object_unref (self->owner);
  g_object_unref (self->far);
  scratch_free (self->from);
  scratch_free (self->to);
  g_clear_error (&self->sender_error);
  g_clear_error (&self->receiver_error);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Session, session_free)

/* Everything is there, and both ends know. */
static void
assert_complete (Session *self, gint64 bytes)
{
  wait_until (self->is_complete && self->owner_knows);
  g_assert_cmpint (self->reported, ==, bytes);
  g_assert_cmpint (seed_receiver_get_bytes (self->receiver), ==, bytes);
  g_assert_false (self->sender_ended || self->receiver_ended);

  seed_receiver_leave (self->receiver);
  wait_until (self->sender_ended && self->receiver_ended);
  g_assert_no_error (self->sender_error);
  g_assert_no_error (self->receiver_error);
}

static void
assert_both_end (Session *self, SeedCode sender_code, SeedCode receiver_code)
{
  wait_until (self->sender_ended && self->receiver_ended);
  g_assert_error (self->sender_error, SEED_ERROR, (int) sender_code);
  g_assert_error (self->receiver_error, SEED_ERROR, (int) receiver_code);
}

/* @n files stay at the receiver, and nothing besides. */
static void
assert_left (Session *self, guint n)
{
  close_receiver (self);
  g_assert_cmpuint (scratch_count (self->to->path), ==, n);
}

static void
one_file (gconstpointer data)
{
  gsize size = GPOINTER_TO_SIZE (data);
  g_autoptr (Session) self = session_new (NULL);
  g_autofree char *path = scratch_file (self->from, "a \"b\"\n.png", size, 1);
  g_autofree char *arrived = scratch_path (self->to, "a \"b\"\n.png");

  offer (self, path, NULL);
  start (self);
  assert_complete (self, (gint64) size);
  scratch_assert_same (path, arrived);
  assert_left (self, 1);
}

static void
made_while_they_wait (void)
{
  g_autoptr (Session) self = session_new (NULL);
  g_autofree char *path = scratch_file (self->from, "f", 100, 1);

  start (self);
  run_ready ();
  offer (self, path, NULL);
  assert_complete (self, 100);
}

static void
many_files (void)
{
  g_autoptr (Session) self = session_new (NULL);
  g_autofree char *top = scratch_folder (self->from, "top");
  gint64 total = 0;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *name = g_strdup_printf ("top/folder %u/file %u", i % 13, i);
      gsize size = i % 5 == 0 ? 0 : i * 37 % 5000;

      g_free (scratch_file (self->from, name, size, i));
      total += (gint64) size;
    }

  offer (self, top, NULL);
  start (self);
  assert_complete (self, total);
  g_assert_cmpuint (self->n_finished, ==, 300);

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *name = g_strdup_printf ("top/folder %u/file %u", i % 13, i);
      g_autofree char *sent = scratch_path (self->from, name);
      g_autofree char *arrived = scratch_path (self->to, name);

      scratch_assert_same (sent, arrived);
    }

  assert_left (self, 300);
}

/* By small steps, what is queued stays bounded all the way. */
static void
slow_path (void)
{
  g_autoptr (Session) self = session_new (NULL);
  g_autofree char *path = scratch_file (self->from, "f", 3 * MIB + 9, 1);
  g_autofree char *arrived = scratch_path (self->to, "f");

  memory_channel_set_drain (self->owner, 1000);
  offer (self, path, NULL);
  start (self);
  assert_complete (self, 3 * MIB + 9);
  scratch_assert_same (path, arrived);
  g_assert_cmpuint (memory_channel_get_most_buffered (self->owner), <=,
                    SEED_CHANNEL_HIGH_MARK + SEED_FRAME_HEADER + SEED_FRAME_DATA_MAX);
}

typedef struct
{
  Session *session;
  gint64 at;     /* data bytes that pass before anything happens */
  gint64 passed; /* data bytes so far */
  void (*happen) (Session *session, GBytes **message);
  guint times; /* how often that message arrives */
} Accident;

static guint
accident_hook (gboolean is_bulk, GBytes **message, gpointer user_data)
{
  Accident *self = user_data;
  gsize size = g_bytes_get_size (*message);
  gint64 before = self->passed;

  if (!is_bulk || size <= SEED_FRAME_HEADER + SEED_DIGEST_SIZE)
    return 1;

  self->passed += (gint64) (size - SEED_FRAME_HEADER);
  if (before > self->at || self->passed <= self->at)
    return 1;

  if (self->happen != NULL)
    self->happen (self->session, message);
  return self->times;
}

static void
flip_bit (Session *session, GBytes **message)
{
  gsize size;
  guint8 *data = g_bytes_unref_to_data (*message, &size);

  data[size - 1] ^= 1;
  *message = g_bytes_new_take (data, size);
}

static void
remove_file (Session *session, GBytes **message)
{
  g_autofree char *path = scratch_path (session->from, "f");

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
truncate_file (Session *session, GBytes **message)
{
  g_autofree char *path = scratch_path (session->from, "f");

  g_assert_cmpint (truncate (path, MIB), ==, 0);
}

static void
overwrite_file (Session *session, GBytes **message)
{
  g_autofree char *path = scratch_path (session->from, "f");
  int fd = open (path, O_WRONLY);

  g_assert_cmpint (pwrite (fd, "other", 5, 3 * MIB), ==, 5);
  close (fd);
}

/* As editors save. */
static void
replace_file (Session *session, GBytes **message)
{
  g_autofree char *path = scratch_path (session->from, "f");
  g_autofree char *saved = scratch_file (session->from, "saved", 4 * MIB, 99);

  g_assert_cmpint (g_rename (saved, path), ==, 0);
}

static void
stop_sending (Session *session, GBytes **message)
{
  seed_sender_stop (session->sender, SEED_CODE_SHARE_CLOSED);
}

static void
leave (Session *session, GBytes **message)
{
  seed_receiver_leave (session->receiver);
}

static void
cut (Session *session, GBytes **message)
{
  memory_channel_cut (session->owner);
}

/* A session of one file of 4 MiB called "f" and a small one behind it, to which @accident happens. */
static Session *
session_new_with_accident (Accident *accident, guint haste)
{
  Session *self = session_new (NULL);
  g_autofree char *path = scratch_file (self->from, "f", 4 * MIB, 1);
  g_autofree char *other = scratch_file (self->from, "other", 100, 2);

  accident->session = self;
  memory_channel_set_hook (self->owner, accident_hook, accident);
  seed_sender_set_haste (self->sender, haste);
  seed_receiver_set_haste (self->receiver, haste);
  offer (self, path, other);
  start (self);

  return self;
}

typedef struct
{
  const char *name;
  void (*happen) (Session *session, GBytes **message);
  SeedCode code;
} FileCase;

static const FileCase file_cases[] = {
  { "gone", remove_file, SEED_CODE_FILE_GONE },
  { "truncated", truncate_file, SEED_CODE_FILE_CHANGED },
  { "overwritten", overwrite_file, SEED_CODE_FILE_CHANGED },
  { "replaced", replace_file, SEED_CODE_FILE_CHANGED },
};

/* That file is not delivered, the one behind it is, and both ends know why. */
static void
file_changes (gconstpointer data)
{
  const FileCase *file_case = data;
  Accident accident = { .at = 1500000, .happen = file_case->happen, .times = 1 };
  g_autoptr (Session) self = session_new_with_accident (&accident, 1);
  g_autofree char *sent = scratch_path (self->from, "other");
  g_autofree char *arrived = scratch_path (self->to, "other");

  assert_both_end (self, file_case->code, file_case->code);
  g_assert_cmpuint (self->n_finished, ==, 1);
  scratch_assert_same (sent, arrived);
  assert_left (self, 1);
}

static void
altered_on_the_way (void)
{
  Accident accident = { .at = 2500000, .happen = flip_bit, .times = 1 };
  g_autoptr (Session) self = session_new_with_accident (&accident, 1);

  assert_both_end (self, SEED_CODE_WRONG_DIGEST, SEED_CODE_WRONG_DIGEST);
  g_assert_cmpint (seed_code_exit_status (seed_error_code (self->receiver_error)), ==, 5);
  assert_left (self, 0);
}

static void
lost_on_the_way (void)
{
  Accident accident = { .at = 2500000, .times = 0 };
  g_autoptr (Session) self = session_new_with_accident (&accident, 1);

  assert_both_end (self, SEED_CODE_BAD_MESSAGE, SEED_CODE_BAD_MESSAGE);
  assert_left (self, 0);
}

static void
doubled_on_the_way (void)
{
  Accident accident = { .at = 2500000, .times = 2 };
  g_autoptr (Session) self = session_new_with_accident (&accident, 1);

  assert_both_end (self, SEED_CODE_BAD_MESSAGE, SEED_CODE_BAD_MESSAGE);
  assert_left (self, 0);
}

static void
owner_stops (void)
{
  Accident accident = { .at = 1500000, .happen = stop_sending, .times = 1 };
  g_autoptr (Session) self = session_new_with_accident (&accident, 1);

  assert_both_end (self, SEED_CODE_SHARE_CLOSED, SEED_CODE_SHARE_CLOSED);
  assert_left (self, 0);
}

static void
receiver_leaves (void)
{
  Accident accident = { .at = 1500000, .happen = leave, .times = 1 };
  g_autoptr (Session) self = session_new_with_accident (&accident, 1);

  wait_until (self->sender_ended && self->receiver_ended);
  g_assert_no_error (self->sender_error);
  g_assert_no_error (self->receiver_error);
  assert_left (self, 0);
}

/* Both ends notice by themselves that nothing comes any more. */
static void
network_dies (void)
{
  Accident accident = { .at = 1500000, .happen = cut, .times = 0 };
  g_autoptr (Session) self = session_new_with_accident (&accident, 20);

  assert_both_end (self, SEED_CODE_PEER_LOST, SEED_CODE_PEER_LOST);
  g_assert_cmpint (self->reported, <, 4 * MIB);
  assert_left (self, 0);
}

static void
target_can_not_be_written (void)
{
  g_autoptr (Session) self = session_new (NULL);
  g_autofree char *path = scratch_file (self->from, "f", 100, 1);

  /* The folder went away after it was opened. */
  g_assert_cmpint (g_rmdir (self->to->path), ==, 0);
  offer (self, path, NULL);
  start (self);
  assert_both_end (self, SEED_CODE_FILE_UNWRITABLE, SEED_CODE_FILE_UNWRITABLE);
}

typedef struct
{
  int fd;
  GByteArray *bytes;
} Drain;

static gpointer
drain_thread (gpointer data)
{
  Drain *drain = data;
  guint8 buffer[65536];
  ssize_t n;

  while ((n = read (drain->fd, buffer, sizeof buffer)) > 0)
    g_byte_array_append (drain->bytes, buffer, (guint) n);

  return NULL;
}

static void
into_a_pipe (void)
{
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_autoptr (Session) self = session_new (seed_store_new_stream (ends[1]));
  g_autofree char *path = scratch_file (self->from, "f", 3 * MIB + 1, 1);
  g_autofree char *other = scratch_file (self->from, "other", 77, 2);
  g_autoptr (GBytes) first = scratch_bytes (3 * MIB + 1, 1);
  g_autoptr (GBytes) second = scratch_bytes (77, 2);
  Drain drain = { ends[0], g_byte_array_new () };
  GThread *thread = g_thread_new ("drain", drain_thread, &drain);

  offer (self, path, other);
  start (self);
  assert_complete (self, 3 * MIB + 78);
  close_receiver (self);
  close (ends[1]);
  g_thread_join (thread);

  g_assert_cmpuint (drain.bytes->len, ==, 3 * MIB + 78);
  g_assert_cmpmem (drain.bytes->data, 3 * MIB + 1, g_bytes_get_data (first, NULL), 3 * MIB + 1);
  g_assert_cmpmem (drain.bytes->data + 3 * MIB + 1, 77, g_bytes_get_data (second, NULL), 77);
  g_byte_array_unref (drain.bytes);
  close (ends[0]);
}

/* Nobody reads the pipe for a while: the owner is held back, and nothing piles up or gives up. */
static void
into_a_slow_pipe (void)
{
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_autoptr (Session) self = session_new (seed_store_new_stream (ends[1]));
  Accident accident = { .session = self, .at = G_MAXINT64, .times = 1 };
  g_autofree char *path = scratch_file (self->from, "f", 20 * MIB, 1);
  Drain drain = { ends[0], g_byte_array_new () };

  memory_channel_set_hook (self->owner, accident_hook, &accident);
  offer (self, path, NULL);
  start (self);

  run_for (1000);
  g_assert_cmpint (accident.passed, <, 6 * MIB);
  GThread *thread = g_thread_new ("drain", drain_thread, &drain);

  assert_complete (self, 20 * MIB);
  close_receiver (self);
  close (ends[1]);
  g_thread_join (thread);
  g_assert_cmpuint (drain.bytes->len, ==, 20 * MIB);
  g_byte_array_unref (drain.bytes);
  close (ends[0]);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *path;
    gsize size;
  } sizes[] = {
    { "/both-ends/size/0", 0 },
    { "/both-ends/size/1", 1 },
    { "/both-ends/size/first-bytes", SEED_FIRST_BYTES },
    { "/both-ends/size/first-bytes-and-1", SEED_FIRST_BYTES + 1 },
    { "/both-ends/size/1-mib", MIB },
    { "/both-ends/size/1-mib-and-1", MIB + 1 },
    { "/both-ends/size/5-mib", 5 * MIB },
    { "/both-ends/size/40-mib", 40 * MIB },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    g_test_add_data_func (sizes[i].path, GSIZE_TO_POINTER (sizes[i].size), one_file);
  for (guint i = 0; i < G_N_ELEMENTS (file_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/both-ends/file/", file_cases[i].name, NULL);

      g_test_add_data_func (path, &file_cases[i], file_changes);
    }

  g_test_add_func ("/both-ends/made-while-they-wait", made_while_they_wait);
  g_test_add_func ("/both-ends/many-files", many_files);
  g_test_add_func ("/both-ends/slow-path", slow_path);
  g_test_add_func ("/both-ends/on-the-way/altered", altered_on_the_way);
  g_test_add_func ("/both-ends/on-the-way/lost", lost_on_the_way);
  g_test_add_func ("/both-ends/on-the-way/doubled", doubled_on_the_way);
  g_test_add_func ("/both-ends/owner-stops", owner_stops);
  g_test_add_func ("/both-ends/receiver-leaves", receiver_leaves);
  g_test_add_func ("/both-ends/network-dies", network_dies);
  g_test_add_func ("/both-ends/target-can-not-be-written", target_can_not_be_written);
  g_test_add_func ("/both-ends/pipe", into_a_pipe);
  g_test_add_func ("/both-ends/pipe/slow", into_a_slow_pipe);

  return g_test_run ();
}
