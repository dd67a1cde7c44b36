// SPDX-License-Identifier: MIT
#include "sender-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MIB (1 << 20)
/* What may be queued beyond the high mark: the frame that passes it, and digests, which do not wait. */
#define SLACK (2 * (SEED_FRAME_HEADER + SEED_FRAME_DATA_MAX))

/* All that was heard is the beginning of what scratch_file() wrote. */
static void
assert_data (SenderTest *self, gsize size)
{
  g_autoptr (GBytes) expected = scratch_bytes (size, 1);
  g_autoptr (GBytes) data = far_end_dup_data (self->far);

  g_assert_true (g_bytes_equal (data, expected));
}

static void
first_bytes (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (5 * MIB);

  wait_until (self->far->data_bytes == SEED_FIRST_BYTES && self->far->n_digests == 1);
  g_assert_nonnull (far_end_find (self->far, "*'manifest'*"));
  g_assert_nonnull (far_end_find (self->far, "*'type':'files'*"));
  assert_data (self, SEED_FIRST_BYTES);
}

static void
first_bytes_of_little (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (1);

  wait_until (self->far->data_bytes == 1 && self->far->n_digests == 1);
  run_ready ();
  g_assert_cmpuint (self->far->frames->len, ==, 2);
}

static void
first_bytes_of_nothing (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();
  g_autofree char *empty = scratch_file (self->scratch, "empty", 0, 1);
  g_autofree char *other = scratch_file (self->scratch, "other", 10, 1);

  sender_test_offer (self, empty, other);
  seed_sender_start (self->sender);
  wait_until (far_end_find (self->far, "*'type':'files'*") != NULL);
  run_ready ();
  g_assert_cmpuint (self->far->frames->len, ==, 0);
  sender_test_want (self, 1, 0, 10);
  wait_until (self->far->data_bytes == 10);
}

static void
preparing (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();
  g_autofree char *path = scratch_file (self->scratch, "f", 100, 1);

  seed_sender_start (self->sender);
  wait_until (far_end_find (self->far, "*'preparing'*") != NULL);
  g_assert_cmpuint (self->far->texts->len, ==, 1);
  sender_test_offer (self, path, NULL);
  wait_until (self->far->data_bytes == 100);
  g_assert_false (self->has_ended);
}

static void
answers (void)
{
  const gsize size = 2 * MIB + 777;
  g_autoptr (SenderTest) self = sender_test_new_with_file (size);

  for (gsize at = SEED_FIRST_BYTES; at < size;)
    {
      gsize length = MIN (100000, MIN (size - at, MIB - at % MIB));

      sender_test_want (self, 0, (gint64) at, (gint64) length);
      at += length;
    }

  wait_until (self->far->data_bytes == (gint64) size && self->far->n_digests == 3);
  assert_data (self, size);
}

static void
every_frame_in_its_piece (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (2 * MIB);

  sender_test_want (self, 0, MIB - 5, 5);
  sender_test_want (self, 0, MIB, MIB);
  wait_until (self->far->data_bytes == SEED_FIRST_BYTES + 5 + MIB);

  for (guint i = 0; i < self->far->frames->len; i++)
    {
      SeedFrame frame;

      g_assert_true (seed_frame_parse (self->far->frames->pdata[i], &frame, NULL));
      if (frame.kind == SEED_FRAME_DATA)
        g_assert_cmpint (frame.offset / MIB, ==, (frame.offset + frame.length - 1) / MIB);
    }
}

static void
backpressure (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();
  g_autofree char *path = scratch_file (self->scratch, "f", 8 * MIB, 1);

  memory_channel_set_drain (self->channel, 0);
  sender_test_offer (self, path, NULL);
  seed_sender_start (self->sender);
  for (gint64 at = SEED_FIRST_BYTES; at < 8 * MIB; at += SEED_FIRST_BYTES)
    sender_test_want (self, 0, at, SEED_FIRST_BYTES);

  /* It fills what may be queued, and no more, however much is asked for. */
  wait_until (seed_channel_get_buffered (SEED_CHANNEL (self->channel)) >= SEED_CHANNEL_HIGH_MARK);
  run_ready ();
  g_assert_cmpint (self->far->data_bytes, ==, 0);

  /* It goes on when that has gone, by small steps as by large ones. */
  memory_channel_set_drain (self->channel, 3 * SEED_FRAME_DATA_MAX);
  wait_until (self->far->data_bytes == 8 * MIB && self->far->n_digests == 8);
  assert_data (self, 8 * MIB);
  g_assert_cmpuint (memory_channel_get_most_buffered (self->channel), <=,
                    SEED_CHANNEL_HIGH_MARK + SLACK);
}

static void
too_many_wants (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (MIB);

  memory_channel_set_drain (self->channel, 0);
  wait_until (seed_channel_get_buffered (SEED_CHANNEL (self->channel)) > 0);
  for (guint i = 0; i < 2 * SEED_WANTS_MAX; i++)
    sender_test_want (self, 0, 500000, 16384);

  sender_test_assert_ends (self, "bad-message");
  g_assert_cmpuint (memory_channel_get_most_buffered (self->channel), <=,
                    SEED_CHANNEL_HIGH_MARK + SLACK);
}

/* A receiver that never reads, and asks for the first byte of a piece again and again. */
static void
too_many_digests (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (MIB);

  memory_channel_set_drain (self->channel, 0);
  for (guint i = 0; i < 20000 && !self->has_ended; i++)
    {
      sender_test_want (self, 0, 0, 1);
      g_main_context_iteration (NULL, FALSE);
    }

  sender_test_assert_ends (self, "bad-message");
  g_assert_cmpuint (memory_channel_get_most_buffered (self->channel), <, 2 * MIB);
}

static void
pages (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();
  const guint n = 2 * SEED_FILES_PAGE_MAX + 10;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%04u", i);

      g_free (scratch_file (self->scratch, name, 1, 1));
    }

  sender_test_offer (self, self->scratch->path, NULL);
  seed_sender_start (self->sender);
  wait_until (far_end_count (self->far, "*'from':0,*'type':'files'*") == 1);
  far_end_say (self->far, "{'type':'list','from':%d}", SEED_FILES_PAGE_MAX);
  far_end_say (self->far, "{'type':'list','from':%d}", 2 * SEED_FILES_PAGE_MAX);
  wait_until (far_end_find (self->far, "*0265*") != NULL);
  g_assert_false (self->has_ended);

  far_end_say (self->far, "{'type':'list','from':%u}", n);
  sender_test_assert_ends (self, "bad-message");
}

static void
pages_only_once (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *name = g_strdup_printf ("%04u", i);

      g_free (scratch_file (self->scratch, name, 1, 1));
    }

  sender_test_offer (self, self->scratch->path, NULL);
  seed_sender_start (self->sender);
  far_end_say (self->far, "{'type':'list','from':128}");
  far_end_say (self->far, "{'type':'list','from':128}");
  sender_test_assert_ends (self, "bad-message");
}

static void
hostile (gconstpointer data)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (3 * MIB);
  const char *const *script = data;

  far_end_say (self->far, "%s", script[0]);
  sender_test_assert_ends (self, script[1]);

  /* It can't be woken again. */
  far_end_say (self->far, "{'type':'want','file':0,'offset':0,'length':1}");
  memory_channel_set_drain (self->channel, G_MAXSIZE);
  run_ready ();
}

static void
before_the_files (gconstpointer text)
{
  g_autoptr (SenderTest) self = sender_test_new ();

  seed_sender_start (self->sender);
  far_end_say (self->far, "%s", (const char *) text);
  sender_test_assert_ends (self, "bad-message");
}

static void
a_frame_is_ignored (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (MIB);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("xyz", 3);

  far_end_send_data (self->far, 0, 0, bytes);
  sender_test_want (self, 0, SEED_FIRST_BYTES, 5);
  wait_until (self->far->data_bytes == SEED_FIRST_BYTES + 5);
  g_assert_false (self->has_ended);
}

static void
reports (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (1000);

  far_end_say (self->far, "{'type':'hello','agent':'Test %%s'}");
  far_end_say (self->far, "{'type':'progress','bytes':400}");
  far_end_say (self->far, "{'type':'progress','bytes':9007199254740991}");
  far_end_say (self->far, "{'type':'complete','bytes':1000}");
  wait_until (far_end_find (self->far, "*'noted'*") != NULL);
  g_assert_cmpstr (self->log->str, ==,
                   "hello Test %s; progress 400; progress 1000; complete 1000; ");
}

static void
reports_too_early (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();

  seed_sender_start (self->sender);
  far_end_say (self->far, "{'type':'progress','bytes':400}");
  far_end_say (self->far, "{'type':'complete','bytes':400}");
  wait_until (far_end_find (self->far, "*'noted'*") != NULL);
  g_assert_cmpstr (self->log->str, ==, "progress 0; complete 0; ");
}

static void
says_bye (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (1000);

  far_end_say (self->far, "{'type':'bye'}");
  sender_test_assert_ends (self, "well");
}

static void
says_bye_with_code (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (1000);

  far_end_say (self->far, "{'type':'bye','code':'disk-full'}");
  sender_test_assert_ends (self, "disk-full");
}

static void
closes (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (1000);

  seed_channel_close (SEED_CHANNEL (self->far->channel));
  wait_until (self->has_ended);
  g_assert_cmpstr (self->log->str, ==, "ended well; ");
}

static void
breaks (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (1000);

  memory_channel_break (self->channel, SEED_CODE_PEER_LOST);
  wait_until (self->has_ended);
  g_assert_cmpstr (self->log->str, ==, "ended peer-lost; ");
}

static void
stops (void)
{
  g_autoptr (SenderTest) self = sender_test_new_with_file (8 * MIB);

  memory_channel_set_drain (self->channel, 0);
  wait_until (seed_channel_get_buffered (SEED_CHANNEL (self->channel)) > 0);
  seed_sender_stop (self->sender, SEED_CODE_SHARE_CLOSED);
  seed_sender_stop (self->sender, SEED_CODE_REFUSED);
  wait_until (far_end_find (self->far, "*'share-closed'*'stop'*") != NULL);
  g_assert_null (far_end_find (self->far, "*'refused'*"));

  /* Nothing is answered any more, sense or nonsense. */
  sender_test_want (self, 0, SEED_FIRST_BYTES, 100);
  far_end_say (self->far, "{'type':'progress','bytes':5}");
  far_end_say (self->far, "{'type':'bye'}");
  sender_test_assert_ends (self, "share-closed");
  g_assert_cmpstr (self->log->str, ==, "ended share-closed; ");
}

static void
stops_without_an_answer (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();
  g_autofree char *path = scratch_file (self->scratch, "f", 100, 1);

  seed_sender_set_haste (self->sender, 20);
  seed_sender_start (self->sender);
  seed_sender_stop (self->sender, SEED_CODE_REFUSED);
  sender_test_offer (self, path, NULL);
  sender_test_assert_ends (self, "refused");
  g_assert_null (far_end_find (self->far, "*'manifest'*"));
}

/* A network that dies tells nobody. */
static void
is_cut (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();
  g_autofree char *path = scratch_file (self->scratch, "f", 8 * MIB, 1);
  gint64 began = g_get_monotonic_time ();

  seed_sender_set_haste (self->sender, 20);
  sender_test_offer (self, path, NULL);
  seed_sender_start (self->sender);
  wait_until (self->far->data_bytes == SEED_FIRST_BYTES);
  memory_channel_cut (self->channel);
  wait_until (self->has_ended);
  g_assert_cmpstr (self->log->str, ==, "ended peer-lost; ");
  g_assert_cmpint (g_get_monotonic_time () - began, >=, SEED_PEER_TIMEOUT_MS * 1000 / 20);
}

static void
is_kept_alive (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();

  seed_sender_set_haste (self->sender, 10);
  seed_sender_start (self->sender);
  wait_until (far_end_count (self->far, "*'ping'*") >= 6);
  g_assert_false (self->has_ended);
}

static void
is_suspected (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();
  gint64 began = g_get_monotonic_time ();

  seed_sender_set_haste (self->sender, 4);
  seed_sender_start (self->sender);
  memory_channel_cut (self->channel);
  seed_sender_suspect (self->sender);

  /* A server that says so again does not put it off. */
  while (!self->has_ended)
    {
      g_main_context_iteration (NULL, TRUE);
      seed_sender_suspect (self->sender);
    }

  g_assert_cmpstr (self->log->str, ==, "ended peer-lost; ");
  g_assert_cmpint (g_get_monotonic_time () - began, <, SEED_PEER_TIMEOUT_MS * 1000 / 4);
}

static void
is_suspected_in_vain (void)
{
  g_autoptr (SenderTest) self = sender_test_new ();

  seed_sender_set_haste (self->sender, 10);
  seed_sender_start (self->sender);
  seed_sender_suspect (self->sender);
  wait_until (far_end_count (self->far, "*'ping'*") >= 6);
  g_assert_false (self->has_ended);
}

static void
file_goes_away (gconstpointer data)
{
  const char *how = data;
  g_autoptr (SenderTest) self = sender_test_new ();
  g_autofree char *path = scratch_file (self->scratch, "f", 4 * MIB, 1);
  g_autofree char *other = scratch_file (self->scratch, "other", 100, 2);
  g_autofree char *told = g_strdup_printf ("*'file':0*'%s'*'file-error'*", how);

  sender_test_offer (self, path, other);
  seed_sender_start (self->sender);
  wait_until (self->far->data_bytes == SEED_FIRST_BYTES && self->far->n_digests == 1);

  if (g_str_equal (how, "file-gone"))
    g_assert_cmpint (g_unlink (path), ==, 0);
  else
    g_assert_cmpint (truncate (path, 4 * MIB - 1), ==, 0);

  sender_test_want (self, 0, 2 * MIB, 1000);
  sender_test_want (self, 0, 3 * MIB, 1000);
  sender_test_want (self, 1, 0, 100);
  wait_until (far_end_find (self->far, told) != NULL);
  wait_until (self->far->data_bytes == SEED_FIRST_BYTES + 100);

  /* Nor later on. */
  guint before = far_end_count (self->far, told);

  sender_test_want (self, 0, MIB, 1000);
  wait_until (far_end_count (self->far, told) > before);
  g_assert_cmpint (self->far->data_bytes, ==, SEED_FIRST_BYTES + 100);
  g_assert_false (self->has_ended);
}

/* Let go of in the middle of reading, it ends there and then. */
static void
is_let_go (void)
{
  for (guint turns = 0; turns < 12; turns++)
    {
      g_autoptr (SenderTest) self = sender_test_new_with_file (4 * MIB);

      sender_test_want (self, 0, MIB, MIB);
      for (guint i = 0; i < turns; i++)
        g_main_context_iteration (NULL, FALSE);

      g_assert_finalize_object (self->sender);
      g_assert_true (memory_channel_is_closed (self->channel));
      run_ready ();
      self->sender = seed_sender_new (SEED_CHANNEL (g_object_ref (self->channel)));
    }
}

static const char *const scripts[][2] = {
  { "", "bad-message" },
  { "nonsense", "bad-message" },
  { "{}", "bad-message" },
  { "{'type':'nonsense'}", "unknown-type" },
  { "{'type':'manifest','files':1,'bytes':1}", "unknown-type" },
  { "{'type':'want','file':1,'offset':0,'length':1}", "bad-message" },
  { "{'type':'want','file':99999,'offset':0,'length':1}", "bad-message" },
  { "{'type':'want','file':0,'offset':3145728,'length':1}", "bad-message" },
  { "{'type':'want','file':0,'offset':3145727,'length':2}", "bad-message" },
  { "{'type':'want','file':0,'offset':9007199254740991,'length':1048576}", "bad-message" },
  { "{'type':'want','file':0,'offset':9007199254740992,'length':1}", "bad-message" },
  { "{'type':'want','file':0,'offset':-1,'length':1}", "bad-message" },
  { "{'type':'want','file':0,'offset':0,'length':0}", "bad-message" },
  { "{'type':'want','file':0,'offset':0,'length':1048577}", "bad-message" },
  { "{'type':'want','file':0,'offset':1,'length':1048576}", "bad-message" },
  { "{'type':'want','file':0,'offset':1048575,'length':2}", "bad-message" },
  { "{'type':'want','file':0,'offset':0.5,'length':1}", "bad-message" },
  { "{'type':'list','from':0}", "bad-message" },
  { "{'type':'list','from':1}", "bad-message" },
  { "{'type':'list','from':99999}", "bad-message" },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sender/first-bytes/come-unasked", first_bytes);
  g_test_add_func ("/sender/first-bytes/of-little", first_bytes_of_little);
  g_test_add_func ("/sender/first-bytes/of-nothing", first_bytes_of_nothing);
  g_test_add_func ("/sender/preparing", preparing);
  g_test_add_func ("/sender/answers", answers);
  g_test_add_func ("/sender/answers/frames-stay-in-their-piece", every_frame_in_its_piece);
  g_test_add_func ("/sender/backpressure/resumes", backpressure);
  g_test_add_func ("/sender/backpressure/too-many-wants", too_many_wants);
  g_test_add_func ("/sender/backpressure/too-many-digests", too_many_digests);
  g_test_add_func ("/sender/pages", pages);
  g_test_add_func ("/sender/pages/only-once", pages_only_once);
  g_test_add_func ("/sender/reports", reports);
  g_test_add_func ("/sender/reports/too-early", reports_too_early);
  g_test_add_func ("/sender/receiver/says-bye", says_bye);
  g_test_add_func ("/sender/receiver/says-bye-with-code", says_bye_with_code);
  g_test_add_func ("/sender/receiver/closes", closes);
  g_test_add_func ("/sender/receiver/breaks", breaks);
  g_test_add_func ("/sender/receiver/is-cut", is_cut);
  g_test_add_func ("/sender/receiver/is-kept-alive", is_kept_alive);
  g_test_add_func ("/sender/receiver/is-suspected", is_suspected);
  g_test_add_func ("/sender/receiver/is-suspected-in-vain", is_suspected_in_vain);
  g_test_add_func ("/sender/stop", stops);
  g_test_add_func ("/sender/stop/without-an-answer", stops_without_an_answer);
  g_test_add_data_func ("/sender/file/gone", "file-gone", file_goes_away);
  g_test_add_data_func ("/sender/file/changed", "file-changed", file_goes_away);
  g_test_add_func ("/sender/is-let-go", is_let_go);
  g_test_add_func ("/sender/hostile/a-frame-is-ignored", a_frame_is_ignored);
  g_test_add_data_func ("/sender/hostile/want-before-the-files",
                        "{'type':'want','file':0,'offset':0,'length':1}", before_the_files);
  g_test_add_data_func ("/sender/hostile/list-before-the-files", "{'type':'list','from':0}",
                        before_the_files);

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sender/hostile/%u", i);

      g_test_add_data_func (path, scripts[i], hostile);
    }

  return g_test_run ();
}
