// SPDX-License-Identifier: MIT
#include "receiver-fixture.h"

#include <string.h>

#define MIB (1 << 20)

static void
receives (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);

  wait_until (far_end_find (self->far, "*'agent':'Test'*") != NULL);
  far_end_say (self->far, "{'type':'preparing'}");
  receiver_test_offer (self, 2, 5);
  wait_until (far_end_find (self->far, "*'file':1,*'want'*") != NULL);
  g_assert_null (far_end_find (self->far, "*'file':0,*'want'*"));

  for (guint i = 0; i < 2; i++)
    {
      far_end_send_data (self->far, i, 0, bytes);
      far_end_send_digest (self->far, i, 0, bytes);
    }

  wait_until (far_end_find (self->far, "*'bytes':10*'complete'*") != NULL);
  far_end_say (self->far, "{'type':'noted'}");
  far_end_say (self->far, "{'type':'noted'}");
  receiver_test_assert_log (self,
                            "preparing; manifest; finished 0 f; finished 1 f (2); complete; ");
  g_assert_cmpint (seed_receiver_get_bytes (self->receiver), ==, 10);

  seed_receiver_leave (self->receiver);
  wait_until (far_end_find (self->far, "{'type':'bye'}") != NULL);
  seed_channel_close (SEED_CHANNEL (self->far->channel));
  wait_until (self->has_ended);
  g_assert_true (g_str_has_suffix (self->log->str, "ended well; "));
}

static void
only_empty_files (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();

  receiver_test_offer (self, 3, 0);
  wait_until (far_end_find (self->far, "*'bytes':0*'complete'*") != NULL);
  g_assert_cmpstr (self->log->str, ==,
                   "manifest; finished 0 f; finished 1 f (2); finished 2 f (3); ");
  g_assert_null (far_end_find (self->far, "*'want'*"));
}

/* Nothing orders the two channels: the first bytes may be there before the list is. */
static void
first_bytes_overtake (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = scratch_bytes (100, 1);

  memory_channel_hold_control (self->far->channel, TRUE);
  receiver_test_offer (self, 1, 100);
  far_end_send_data (self->far, 0, 0, bytes);
  far_end_send_digest (self->far, 0, 0, bytes);
  run_ready ();
  g_assert_cmpuint (self->log->len, ==, 0);
  memory_channel_hold_control (self->far->channel, FALSE);
  receiver_test_assert_log (self, "manifest; finished 0 f; ");
}

static void
too_much_overtakes (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = scratch_bytes (SEED_FRAME_DATA_MAX, 1);

  for (guint i = 0; i < 30; i++)
    far_end_send_data (self->far, 0, i * SEED_FRAME_DATA_MAX, bytes);
  receiver_test_assert_ends (self, "bad-message");
}

static void
asks_for_pages (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();

  far_end_say (self->far, "{'type':'manifest','files':3,'bytes':0}");
  for (guint i = 0; i < 3; i++)
    {
      far_end_say (self->far,
                   "{'type':'files','from':%u,'entries':[{'path':'f','size':0,'piece':1048576,"
                   "'type':'','time':0}]}",
                   i);
      if (i < 2)
        {
          g_autofree char *list = g_strdup_printf ("*'from':%u*'list'*", i + 1);

          wait_until (far_end_find (self->far, list) != NULL);
        }
    }

  wait_until (far_end_find (self->far, "*'complete'*") != NULL);
}

static void
answers_pings (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();

  far_end_say (self->far, "{'type':'ping','n':4294967295}");
  wait_until (far_end_find (self->far, "*'n':4294967295*'pong'*") != NULL);
}

static void
wrong_digest (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) good = g_bytes_new_static ("good!", 5);
  g_autoptr (GBytes) evil = g_bytes_new_static ("evil!", 5);

  receiver_test_offer (self, 2, 5);
  far_end_send_data (self->far, 0, 0, good);
  far_end_send_digest (self->far, 0, 0, good);
  wait_until (far_end_find (self->far, "*'want'*") != NULL);
  far_end_send_data (self->far, 1, 0, evil);
  far_end_send_digest (self->far, 1, 0, good);
  receiver_test_assert_ends (self, "wrong-digest");
  receiver_test_close (self);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 1);
}

static void
one_file_fails (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);

  receiver_test_offer (self, 3, 5);
  far_end_send_data (self->far, 0, 0, bytes);
  wait_until (far_end_find (self->far, "*'file':2,*'want'*") != NULL);
  far_end_say (self->far, "{'type':'file-error','file':0,'code':'file-changed'}");
  far_end_say (self->far, "{'type':'file-error','file':0,'code':'file-changed'}");
  for (guint i = 1; i < 3; i++)
    {
      far_end_send_data (self->far, i, 0, bytes);
      far_end_send_digest (self->far, i, 0, bytes);
    }

  receiver_test_assert_ends (self, "file-changed");
  g_assert_cmpstr (self->log->str, ==,
                   "manifest; finished 1 f; finished 2 f (2); ended file-changed; ");
  receiver_test_close (self);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 2);
}

/* The next file's bytes may be there before it is said that the one before it will not come. */
static void
file_error_is_overtaken (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);

  receiver_test_offer (self, 2, 5);
  wait_until (far_end_find (self->far, "*'file':1,*'want'*") != NULL);
  memory_channel_hold_control (self->far->channel, TRUE);
  far_end_say (self->far, "{'type':'file-error','file':0,'code':'file-gone'}");
  far_end_send_data (self->far, 1, 0, bytes);
  far_end_send_digest (self->far, 1, 0, bytes);
  receiver_test_assert_log (self, "manifest; finished 1 f; ");
  memory_channel_hold_control (self->far->channel, FALSE);
  receiver_test_assert_ends (self, "file-gone");
}

/* What is whole stays whole, and does not stand in for another. */
static void
file_error_of_a_whole_file (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);

  receiver_test_offer (self, 2, 5);
  far_end_send_data (self->far, 0, 0, bytes);
  far_end_send_digest (self->far, 0, 0, bytes);
  receiver_test_assert_log (self, "manifest; finished 0 f; ");
  far_end_say (self->far, "{'type':'file-error','file':0,'code':'file-changed'}");
  wait_until (far_end_find (self->far, "*'want'*") != NULL);
  far_end_send_data (self->far, 1, 0, bytes);
  far_end_send_digest (self->far, 1, 0, bytes);
  wait_until (far_end_find (self->far, "*'bytes':10*'complete'*") != NULL);

  /* Nor once all is said and done. */
  far_end_say (self->far, "{'type':'file-error','file':1,'code':'file-changed'}");
  far_end_say (self->far, "{'type':'noted'}");
  receiver_test_assert_log (self, "manifest; finished 0 f; finished 1 f (2); complete; ");
}

static void
every_file_fails (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();

  receiver_test_offer (self, 2, 5);
  far_end_say (self->far, "{'type':'file-error','file':1,'code':'file-gone'}");
  far_end_say (self->far, "{'type':'file-error','file':0,'code':'file-unreadable'}");
  receiver_test_assert_ends (self, "file-gone");
}

static void
owner_stops (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = scratch_bytes (100, 1);

  receiver_test_offer (self, 1, 1000);
  far_end_send_data (self->far, 0, 0, bytes);
  far_end_say (self->far, "{'type':'stop','code':'share-closed'}");
  far_end_say (self->far, "{'type':'stop','code':'refused'}");
  receiver_test_assert_ends (self, "share-closed");
  receiver_test_close (self);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 0);
}

static void
owner_closes (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();

  seed_channel_close (SEED_CHANNEL (self->far->channel));
  receiver_test_assert_log (self, "ended share-lost; ");
}

static void
connection_breaks (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();

  memory_channel_break (self->channel, SEED_CODE_PEER_LOST);
  receiver_test_assert_log (self, "ended peer-lost; ");
}

static void
owner_is_cut_off (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new_unstarted ();

  seed_receiver_set_haste (self->receiver, 20);
  seed_receiver_start (self->receiver);
  receiver_test_offer (self, 1, MIB);
  wait_until (self->log->len > 0);
  memory_channel_cut (self->channel);
  receiver_test_assert_log (self, "manifest; ended peer-lost; ");
}

/* Pings go on, but nothing comes of what it is the owner's turn to send: after @how steps of its part. */
static ReceiverTest *
new_stalled (guint how)
{
  ReceiverTest *self = receiver_test_new_unstarted ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);

  seed_receiver_set_haste (self->receiver, 20);
  seed_receiver_start (self->receiver);

  if (how == 0)
    far_end_say (self->far, "{'type':'preparing'}");
  else if (how == 1)
    far_end_say (self->far, "{'type':'manifest','files':1,'bytes':0}");
  else
    receiver_test_offer (self, 1, 5);
  if (how >= 3)
    far_end_send_data (self->far, 0, 0, bytes);
  if (how == 4)
    far_end_send_digest (self->far, 0, 0, bytes);

  return self;
}

static gboolean
ping_cb (gpointer user_data)
{
  ReceiverTest **stalled = user_data;

  for (guint i = 0; stalled[i] != NULL; i++)
    far_end_say (stalled[i]->far, "{'type':'ping','n':1}");
  return G_SOURCE_CONTINUE;
}

static void
owner_stalls (void)
{
  ReceiverTest *stalled[6] = { NULL };
  guint pings = g_timeout_add (20, ping_cb, stalled);

  for (guint i = 0; i < 5; i++)
    stalled[i] = new_stalled (i);

  for (guint i = 1; i < 5; i++)
    {
      wait_until (stalled[i]->has_ended);
      g_assert_true (g_str_has_suffix (stalled[i]->log->str, "ended timeout-data; "));
    }

  /* Before there is anything to send, the owner may take its time. */
  g_assert_cmpstr (stalled[0]->log->str, ==, "preparing; ");

  g_source_remove (pings);
  for (guint i = 0; i < 5; i++)
    receiver_test_free (stalled[i]);
}

static void
hostile_text (gconstpointer data)
{
  const char *const *script = data;
  g_autoptr (ReceiverTest) self = receiver_test_new ();

  far_end_say (self->far, "%s", script[0]);
  if (script[1] != NULL)
    far_end_say (self->far, "%s", script[1]);
  receiver_test_assert_ends (self, script[2]);

  /* Whatever it still says is of no interest. */
  receiver_test_close (self);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 0);
}

static void
hostile_frame (gconstpointer data)
{
  guint how = GPOINTER_TO_UINT (data);
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  g_autoptr (GBytes) junk = scratch_bytes (how == 0 ? 5 : 100, how);

  receiver_test_offer (self, 1, 2 * MIB);
  wait_until (self->log->len > 0);

  switch (how)
    {
    case 0:
    case 1:
      seed_channel_send_bulk (SEED_CHANNEL (self->far->channel), junk);
      break;
    case 2:
      far_end_send_data (self->far, 1, 0, bytes);
      break;
    case 3:
      far_end_send_data (self->far, 0, 1, bytes);
      break;
    case 4:
      far_end_send_data (self->far, 0, SEED_SIZE_MAX, bytes);
      break;
    case 5:
      far_end_send_digest (self->far, 0, MIB, bytes);
      break;
    case 6:
      far_end_send_digest (self->far, 0, 7, bytes);
      break;
    case 7:
      far_end_send_digest (self->far, 0, SEED_SIZE_MAX, bytes);
      break;
    case 8:
      far_end_send_digest (self->far, 99999, 0, bytes);
      break;
    default:
      far_end_send_digest (self->far, 0, 0, bytes);
      far_end_send_digest (self->far, 0, 0, bytes);
      break;
    }

  receiver_test_assert_ends (self, "bad-message");
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  gboolean *closed = user_data;

  g_assert_true (seed_receiver_close_finish (SEED_RECEIVER (object), result, NULL));
  *closed = TRUE;
}

static void
close_before_start (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new_unstarted ();

  receiver_test_close (self);
  g_assert_null (far_end_find (self->far, "*'bye'*"));
}

static void
close_in_the_middle (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = scratch_bytes (100, 1);

  receiver_test_offer (self, 1, 1000);
  far_end_send_data (self->far, 0, 0, bytes);
  wait_until (self->log->len > 0);
  receiver_test_close (self);
  g_assert_cmpuint (scratch_count (self->scratch->path), ==, 0);
}

/* The owner does not answer the good-bye. */
static void
close_alone (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new_unstarted ();
  gboolean closed = FALSE;

  seed_receiver_set_haste (self->receiver, 20);
  seed_receiver_start (self->receiver);
  receiver_test_offer (self, 1, 1000);
  wait_until (self->log->len > 0);
  seed_receiver_close_async (self->receiver, NULL, closed_cb, &closed);

  /* No signal is emitted from here on, whatever is said. */
  receiver_test_offer (self, 1, 0);
  far_end_say (self->far, "{'type':'preparing'}");
  far_end_say (self->far, "nonsense");
  wait_until (closed);
  g_assert_cmpstr (self->log->str, ==, "manifest; ");
  g_assert_nonnull (far_end_find (self->far, "{'type':'bye'}"));
  g_assert_finalize_object (g_steal_pointer (&self->receiver));
}

static void
close_after_the_end (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();

  seed_channel_close (SEED_CHANNEL (self->far->channel));
  wait_until (self->has_ended);
  receiver_test_close (self);
}

static void
close_while_leaving (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();

  far_end_say (self->far, "nonsense");
  wait_until (far_end_find (self->far, "*'bye'*") != NULL);
  g_assert_false (self->has_ended);
  receiver_test_close (self);
}

static void
dispose_in_the_middle (void)
{
  g_autoptr (ReceiverTest) self = receiver_test_new ();
  g_autoptr (GBytes) bytes = scratch_bytes (100, 1);

  receiver_test_offer (self, 1, 1000);
  far_end_send_data (self->far, 0, 0, bytes);
  wait_until (self->log->len > 0);
  g_assert_finalize_object (g_steal_pointer (&self->receiver));
  far_end_send_data (self->far, 0, 100, bytes);
  run_ready ();
}

#define MANIFEST(files, bytes) "{'type':'manifest','files':" files ",'bytes':" bytes "}"
#define FILES(from, size, piece)                                                                   \
  "{'type':'files','from':" from ",'entries':[{'path':'f','size':" size ",'piece':" piece          \
  ",'type':'','time':0}]}"

static const char *const scripts[][3] = {
  { "", NULL, "bad-message" },
  { "nonsense", NULL, "bad-message" },
  { "[]", NULL, "bad-message" },
  { "{'type':'nonsense'}", NULL, "unknown-type" },
  { "{'type':'want','file':0,'offset':0,'length':1}", NULL, "unknown-type" },
  { MANIFEST ("1", "5"), MANIFEST ("1", "5"), "bad-message" },
  { MANIFEST ("0", "0"), NULL, "bad-message" },
  { MANIFEST ("100001", "0"), NULL, "bad-message" },
  { MANIFEST ("1", "9007199254740992"), NULL, "bad-message" },
  { FILES ("0", "5", "1048576"), NULL, "bad-message" },
  { MANIFEST ("1", "5"), FILES ("1", "5", "1048576"), "bad-message" },
  { MANIFEST ("1", "5"), FILES ("0", "6", "1048576"), "bad-message" },
  { MANIFEST ("1", "5"), FILES ("0", "4", "1048576"), "bad-message" },
  { MANIFEST ("1", "5"), FILES ("0", "5", "1048577"), "bad-message" },
  { MANIFEST ("1", "5"), FILES ("0", "5", "0"), "bad-message" },
  { MANIFEST ("1", "5"), "{'type':'files','from':0,'entries':[]}", "bad-message" },
  { "{'type':'file-error','file':0,'code':'file-gone'}", NULL, "bad-message" },
  { MANIFEST ("1", "5"), "{'type':'file-error','file':0,'code':'file-gone'}", "bad-message" },
  { "{'type':'stop','code':'no-such-code'}", NULL, "bad-message" },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/receiver/receives", receives);
  g_test_add_func ("/receiver/only-empty-files", only_empty_files);
  g_test_add_func ("/receiver/asks-for-pages", asks_for_pages);
  g_test_add_func ("/receiver/answers-pings", answers_pings);
  g_test_add_func ("/receiver/early/first-bytes-overtake", first_bytes_overtake);
  g_test_add_func ("/receiver/early/too-much", too_much_overtakes);
  g_test_add_func ("/receiver/wrong-digest", wrong_digest);
  g_test_add_func ("/receiver/file-error/one", one_file_fails);
  g_test_add_func ("/receiver/file-error/every-one", every_file_fails);
  g_test_add_func ("/receiver/file-error/is-overtaken", file_error_is_overtaken);
  g_test_add_func ("/receiver/file-error/of-a-whole-file", file_error_of_a_whole_file);
  g_test_add_func ("/receiver/owner/stops", owner_stops);
  g_test_add_func ("/receiver/owner/closes", owner_closes);
  g_test_add_func ("/receiver/owner/breaks", connection_breaks);
  g_test_add_func ("/receiver/owner/is-cut-off", owner_is_cut_off);
  g_test_add_func ("/receiver/owner/stalls", owner_stalls);
  g_test_add_func ("/receiver/close/before-start", close_before_start);
  g_test_add_func ("/receiver/close/in-the-middle", close_in_the_middle);
  g_test_add_func ("/receiver/close/alone", close_alone);
  g_test_add_func ("/receiver/close/after-the-end", close_after_the_end);
  g_test_add_func ("/receiver/close/while-leaving", close_while_leaving);
  g_test_add_func ("/receiver/dispose/in-the-middle", dispose_in_the_middle);

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/receiver/hostile/text/%u", i);

      g_test_add_data_func (path, scripts[i], hostile_text);
    }
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *path = g_strdup_printf ("/receiver/hostile/frame/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), hostile_frame);
    }

  return g_test_run ();
}
