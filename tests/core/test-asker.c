// SPDX-License-Identifier: MIT
#include "seed-asker.h"

#include "seed-pieces.h"

#define MIB (1 << 20)
#define FRAME SEED_FRAME_DATA_MAX

/* An asker, with what it asked for and a clock of our own. */
typedef struct
{
  SeedManifest *manifest;
  SeedAsker *asker;
  GQueue wants;  /* of SeedRange, not answered yet */
  GArray *begun; /* of guint */
  gint64 now;
} Fixture;

static void
begin_cb (guint file, gpointer user_data)
{
  Fixture *self = user_data;

  g_array_append_val (self->begun, file);
}

static void
want_cb (const SeedRange *range, gpointer user_data)
{
  Fixture *self = user_data;

  g_queue_push_tail (&self->wants, g_memdup2 (range, sizeof *range));
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->manifest = seed_manifest_new ();
  self->begun = g_array_new (FALSE, FALSE, sizeof (guint));
  self->now = 1000000;
  g_queue_init (&self->wants);
  self->asker = seed_asker_new (self->manifest, begin_cb, want_cb, self);

  return self;
}

static void
fixture_free (Fixture *self)
{
  seed_asker_free (self->asker);
  seed_manifest_free (self->manifest);
  g_array_unref (self->begun);
  g_queue_clear_full (&self->wants, g_free);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
add_file (Fixture *self, gint64 size)
{
  seed_manifest_add (self->manifest, "f", size, "", 0);
}

static void
start (Fixture *self)
{
  seed_asker_begin (self->asker);
  seed_asker_ask (self->asker, self->now);
}

static void
arrive (Fixture *self, guint file, gint64 offset, gint64 length)
{
  g_autoptr (GError) error = NULL;
  gboolean wanted = seed_asker_arrived (self->asker, file, offset, length, self->now, &error);

  g_assert_no_error (error);
  g_assert_true (wanted);
}

static void
assert_unwanted (Fixture *self, guint file, gint64 offset, gint64 length)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (seed_asker_arrived (self->asker, file, offset, length, self->now, &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE);
}

static void
assert_digest (Fixture *self, guint file, gint64 offset, gboolean due)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (seed_asker_take_digest (self->asker, file, offset, &error) == due);
  if (!due)
    g_assert_error (error, SEED_ERROR, SEED_CODE_BAD_MESSAGE);
}

/* Answers the first question, as an owner does, and takes it off the writer's hands. */
static SeedRange
answer (Fixture *self)
{
  g_autofree SeedRange *want = g_queue_pop_head (&self->wants);

  g_assert_nonnull (want);
  for (gint64 at = want->offset; at < want->end;)
    {
      gint64 length = MIN (FRAME, want->end - at);

      arrive (self, want->file, at, length);
      seed_asker_consumed (self->asker, length);
      at += length;
    }

  return *want;
}

/* What comes unasked is here and out of the way. */
static void
take_first_bytes (Fixture *self)
{
  arrive (self, 0, 0, SEED_FIRST_BYTES);
  seed_asker_consumed (self->asker, SEED_FIRST_BYTES);
  seed_asker_ask (self->asker, self->now);
}

static gint64
asked (const Fixture *self)
{
  gint64 bytes = 0;

  for (const GList *link = self->wants.head; link != NULL; link = link->next)
    {
      const SeedRange *range = link->data;

      bytes += range->end - range->offset;
    }

  return bytes;
}

/* Everything, verified at once; how many bytes it was asked for in all. */
static gint64
run_all (Fixture *self)
{
  gint64 total = 0;

  for (seed_asker_ask (self->asker, self->now); !g_queue_is_empty (&self->wants);
       seed_asker_ask (self->asker, self->now))
    {
      SeedRange range = answer (self);
      const SeedFile *file = seed_manifest_get (self->manifest, range.file);

      total += range.end - range.offset;
      self->now += 1000;
      if (range.end % file->piece != 0 && range.end != file->size)
        continue;

      gint64 piece = (range.end - 1) / file->piece;

      assert_digest (self, range.file, piece * file->piece, TRUE);
      seed_asker_verified (self->asker, range.file,
                           seed_piece_length (file->size, file->piece, (guint) piece));
    }

  return total;
}

static void
asks_for_everything (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  const gint64 sizes[] = { 5 * MIB + 3, 0, 1, MIB, MIB + 1, 0 };
  gint64 total = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      add_file (self, sizes[i]);
      total += sizes[i];
    }

  start (self);
  take_first_bytes (self);
  g_assert_cmpint (run_all (self), ==, total - SEED_FIRST_BYTES);
  g_assert_cmpuint (self->begun->len, ==, G_N_ELEMENTS (sizes));
  g_assert_false (seed_asker_is_waiting (self->asker));
}

static void
first_bytes_come_unasked (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  add_file (self, 10 * MIB);
  start (self);

  g_assert_true (seed_asker_is_waiting (self->asker));
  assert_unwanted (self, 0, SEED_FIRST_BYTES, 1);
  assert_unwanted (self, 0, 0, SEED_FIRST_BYTES + 1);
  take_first_bytes (self);

  const SeedRange *next = g_queue_peek_head (&self->wants);

  g_assert_cmpint (next->offset, ==, SEED_FIRST_BYTES);
}

static void
keeps_to_the_window (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  add_file (self, 10 * MIB);
  start (self);
  g_assert_cmpint (asked (self) + SEED_FIRST_BYTES, ==, SEED_WINDOW_MIN);

  /* Bytes that came and are not written yet still take up the window. */
  arrive (self, 0, 0, SEED_FIRST_BYTES);
  seed_asker_ask (self->asker, self->now);
  g_assert_cmpint (asked (self) + SEED_FIRST_BYTES, ==, SEED_WINDOW_MIN);
  seed_asker_consumed (self->asker, SEED_FIRST_BYTES);
  seed_asker_ask (self->asker, self->now);
  g_assert_cmpint (asked (self), ==, SEED_WINDOW_MIN);
}

static void
ranges_stay_in_their_piece (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  add_file (self, 3 * MIB + 5);
  start (self);
  take_first_bytes (self);

  for (gint64 done = SEED_FIRST_BYTES; done < 3 * MIB + 5;)
    {
      SeedRange range = answer (self);

      g_assert_cmpint (range.offset, ==, done);
      g_assert_cmpint (range.offset / MIB, ==, (range.end - 1) / MIB);
      g_assert_cmpint (range.end - range.offset, <=, SEED_WANT_LENGTH_MAX);
      done = range.end;
      seed_asker_verified (self->asker, 0, range.end - range.offset);
      seed_asker_ask (self->asker, self->now);
    }
}

/* What comes unasked is there almost at once. Taken for a round trip, it would keep the window small on a
 * long path for good. */
static void
first_bytes_are_no_round_trip (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  const gint64 delay = 80000;
  gint64 most = 0;

  add_file (self, 400 * MIB);
  start (self);
  self->now += 5;
  take_first_bytes (self);
  assert_digest (self, 0, 0, TRUE);

  for (guint trip = 0; trip < 60 && !g_queue_is_empty (&self->wants); trip++)
    {
      guint in_flight = g_queue_get_length (&self->wants);

      self->now += delay;
      for (guint i = 0; i < in_flight; i++)
        {
          SeedRange range = answer (self);

          seed_asker_verified (self->asker, 0, range.end - range.offset);
        }

      seed_asker_ask (self->asker, self->now);
      most = MAX (most, asked (self));
    }

  g_assert_cmpint (most, >=, 8 * MIB);
}

static void
refuses_what_was_not_asked_for (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  add_file (self, 5 * MIB);
  add_file (self, 5);
  start (self);

  assert_unwanted (self, 1, 0, 1);
  assert_unwanted (self, 0, 1, 1);
  assert_unwanted (self, 0, 4 * MIB, 1);
  arrive (self, 0, 0, FRAME);
  assert_unwanted (self, 0, 0, FRAME);
  assert_unwanted (self, 7, 0, 1);
}

static void
digests_are_due_once (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  add_file (self, 5 * MIB);
  add_file (self, 0);
  start (self);

  assert_digest (self, 0, MIB, FALSE);
  assert_digest (self, 0, 5, FALSE);
  assert_digest (self, 0, SEED_SIZE_MAX, FALSE);
  assert_digest (self, 0, G_GINT64_CONSTANT (1) << 52, FALSE);
  assert_digest (self, 1, 0, FALSE);
  assert_digest (self, 0, 0, TRUE);
  assert_digest (self, 0, 0, FALSE);
}

/* An owner that keeps the digests back gets to fill a few pieces, and no more. */
static void
unverified_bytes_are_bounded (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  gint64 got = SEED_FIRST_BYTES;

  add_file (self, 1000 * (gint64) MIB);
  start (self);
  take_first_bytes (self);

  while (!g_queue_is_empty (&self->wants))
    {
      SeedRange range = answer (self);

      got += range.end - range.offset;
      seed_asker_ask (self->asker, self->now);
    }

  g_assert_cmpint (got, <=, SEED_WINDOW_MIN + 3 * MIB);
  g_assert_cmpint (got % MIB, ==, 0);
  g_assert_true (seed_asker_is_waiting (self->asker));

  /* With the first piece verified it goes on. */
  assert_digest (self, 0, 0, TRUE);
  seed_asker_verified (self->asker, 0, MIB);
  seed_asker_ask (self->asker, self->now);
  g_assert_cmpint (asked (self), >, 0);
}

static void
open_files_are_bounded (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  for (guint i = 0; i < 1000; i++)
    add_file (self, 1);

  start (self);
  arrive (self, 0, 0, 1);
  seed_asker_consumed (self->asker, 1);
  seed_asker_ask (self->asker, self->now);
  while (!g_queue_is_empty (&self->wants))
    {
      answer (self);
      seed_asker_ask (self->asker, self->now);
    }

  g_assert_cmpuint (self->begun->len, ==, 128);
  assert_digest (self, 0, 0, TRUE);
  seed_asker_verified (self->asker, 0, 1);
  seed_asker_ask (self->asker, self->now);
  g_assert_cmpuint (self->begun->len, ==, 129);
}

static void
questions_are_bounded (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  for (guint i = 0; i < 1000; i++)
    add_file (self, 1);

  start (self);
  g_assert_cmpuint (g_queue_get_length (&self->wants) + 1, <=, 128);
}

static void
dropped_file_is_passed_over (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  add_file (self, 5 * MIB);
  add_file (self, 10);
  add_file (self, 10);
  start (self);
  seed_asker_drop_file (self->asker, 0);
  seed_asker_drop_file (self->asker, 1);
  g_assert_true (seed_asker_is_dropped (self->asker, 0));
  g_assert_false (seed_asker_is_waiting (self->asker));
  assert_digest (self, 0, 0, FALSE);
  g_queue_clear_full (&self->wants, g_free);

  seed_asker_ask (self->asker, self->now);
  g_assert_cmpuint (g_queue_get_length (&self->wants), ==, 1);
  g_assert_cmpuint (answer (self).file, ==, 2);

  /* The writer may still tell of bytes of it. */
  seed_asker_verified (self->asker, 0, MIB);
  assert_digest (self, 2, 0, TRUE);
  seed_asker_verified (self->asker, 2, 10);
  g_assert_false (seed_asker_is_waiting (self->asker));
}

/* That a file is given up is said by the other channel, and may be overtaken by the next file's bytes. */
static void
next_file_may_come_first (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  add_file (self, 10);
  add_file (self, 10);
  start (self);
  arrive (self, 1, 0, 10);
  seed_asker_drop_file (self->asker, 0);
  assert_digest (self, 1, 0, TRUE);
  g_assert_false (seed_asker_is_waiting (self->asker));
}

static void
offsets_near_the_end (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  const gint64 top = SEED_SIZE_MAX;

  add_file (self, top);
  start (self);
  arrive (self, 0, 0, SEED_FIRST_BYTES);
  assert_unwanted (self, 0, top, FRAME);
  assert_unwanted (self, 0, top - 1, 1);
  assert_digest (self, 0, top, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/asker/asks-for-everything", asks_for_everything);
  g_test_add_func ("/asker/first-bytes/come-unasked", first_bytes_come_unasked);
  g_test_add_func ("/asker/first-bytes/are-no-round-trip", first_bytes_are_no_round_trip);
  g_test_add_func ("/asker/keeps-to-the-window", keeps_to_the_window);
  g_test_add_func ("/asker/ranges-stay-in-their-piece", ranges_stay_in_their_piece);
  g_test_add_func ("/asker/refuses-what-was-not-asked-for", refuses_what_was_not_asked_for);
  g_test_add_func ("/asker/digests-are-due-once", digests_are_due_once);
  g_test_add_func ("/asker/bounded/unverified-bytes", unverified_bytes_are_bounded);
  g_test_add_func ("/asker/bounded/open-files", open_files_are_bounded);
  g_test_add_func ("/asker/bounded/questions", questions_are_bounded);
  g_test_add_func ("/asker/dropped/is-passed-over", dropped_file_is_passed_over);
  g_test_add_func ("/asker/dropped/next-file-may-come-first", next_file_may_come_first);
  g_test_add_func ("/asker/offsets-near-the-end", offsets_near_the_end);

  return g_test_run ();
}
