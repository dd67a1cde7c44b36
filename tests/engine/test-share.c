// SPDX-License-Identifier: MIT

/* A whole share in one process: embedded server, outgoing and incoming, over real WebRTC. */

#include <glib/gstdio.h>
#include <string.h>

#include "seed-base64url.h"
#include "seed-engine.h"
#include "seed-signalling.h"
#include "wait.h"

typedef struct
{
  SeedEngine *engine;
  SeedOutgoing *outgoing;
  SeedLink *link;
  char *folder; /* holds "sent" and "received" */
  char *received;
} Fixture;

/* A receiver and what became of it. */
typedef struct
{
  SeedIncoming *incoming;
  gboolean is_complete;
  gboolean has_ended;
  gboolean is_closed;
  gboolean was_preparing;
  SeedCode code; /* of "ended"; SEED_CODE_LAST without an error */
} Getter;

static void
link_cb (SeedOutgoing *outgoing, const char *link, Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->link = seed_link_parse (link, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("seedshot-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->received = g_build_filename (fixture->folder, "received", NULL);
  fixture->engine = seed_engine_new (NULL, ":0", &error);
  g_assert_no_error (error);
  g_assert_true (seed_engine_start (fixture->engine, &error));

  fixture->outgoing = seed_engine_share (fixture->engine);
  g_signal_connect (fixture->outgoing, "link", G_CALLBACK (link_cb), fixture);
  seed_outgoing_start (fixture->outgoing);
  wait_for (fixture->link != NULL);
}

static void
stopped_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (seed_outgoing_stop_finish (SEED_OUTGOING (object), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
stop (Fixture *fixture)
{
  gboolean stopped = FALSE;

  seed_outgoing_stop_async (fixture->outgoing, NULL, stopped_cb, &stopped);
  wait_for (stopped);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *remove[] = { "rm", "-rf", fixture->folder, NULL };

  stop (fixture);
  seed_engine_stop (fixture->engine);
  g_clear_object (&fixture->outgoing);
  g_clear_object (&fixture->engine);
  seed_link_free (fixture->link);
  g_assert_true (g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_free (fixture->folder);
  g_free (fixture->received);
}

static void
collected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedCollection) collection = seed_collect_finish (result, &error);

  g_assert_no_error (error);
  seed_share_set_collection (seed_outgoing_get_share (fixture->outgoing), collection);
}

static char *
share_file (Fixture *fixture, gsize size)
{
  char *path = g_build_filename (fixture->folder, "photo.bin", NULL);
  g_autofree guint8 *data = g_malloc (size + 1);
  const char *paths[] = { path, NULL };

  seed_random_bytes (data, size);
  g_assert_true (g_file_set_contents (path, (const char *) data, (gssize) size, NULL));
  seed_collect_async (paths, NULL, collected_cb, fixture);

  return path;
}

static void
complete_cb (SeedReceiver *receiver, Getter *getter)
{
  getter->is_complete = TRUE;
}

static void
preparing_cb (SeedReceiver *receiver, Getter *getter)
{
  getter->was_preparing = TRUE;
}

static void
receiver_cb (SeedIncoming *incoming, SeedReceiver *receiver, Getter *getter)
{
  g_signal_connect (receiver, "complete", G_CALLBACK (complete_cb), getter);
  g_signal_connect (receiver, "preparing", G_CALLBACK (preparing_cb), getter);
}

static void
ended_cb (SeedIncoming *incoming, const GError *error, Getter *getter)
{
  getter->has_ended = TRUE;
  getter->code = error == NULL ? SEED_CODE_LAST : seed_error_code (error);
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (seed_incoming_close_finish (SEED_INCOMING (object), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
getter_start (Getter *getter, Fixture *fixture, const SeedLink *link)
{
  g_autoptr (GError) error = NULL;
  SeedStore *store = seed_store_new_folder (fixture->received, &error);

  g_assert_no_error (error);
  *getter = (Getter){ .code = SEED_CODE_LAST };
  getter->incoming = seed_incoming_new (link, seed_writer_new (store), "Test on Linux");
  g_signal_connect (getter->incoming, "receiver", G_CALLBACK (receiver_cb), getter);
  g_signal_connect (getter->incoming, "ended", G_CALLBACK (ended_cb), getter);
  seed_incoming_start (getter->incoming);
}

static void
getter_close (Getter *getter)
{
  seed_incoming_close_async (getter->incoming, NULL, closed_cb, &getter->is_closed);
  wait_for (getter->is_closed);
  g_clear_object (&getter->incoming);
}

static SeedTransfer *
transfer_at (Fixture *fixture, guint index)
{
  return seed_share_get_transfers (seed_outgoing_get_share (fixture->outgoing))->pdata[index];
}

static void
assert_received (Fixture *fixture, const char *sent, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->received, name, NULL);
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  gsize a_length = 0;
  gsize b_length = 0;

  g_assert_true (g_file_get_contents (sent, &a, &a_length, NULL));
  g_assert_true (g_file_get_contents (path, &b, &b_length, NULL));
  g_assert_cmpmem (a, a_length, b, b_length);
}

static void
test_receive (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = share_file (fixture, GPOINTER_TO_SIZE (data));
  Getter getter;

  getter_start (&getter, fixture, fixture->link);
  wait_for (getter.is_complete);
  wait_for (seed_transfer_get_state (transfer_at (fixture, 0)) == SEED_RECEIVER_VIEWING);
  g_assert_cmpstr (seed_transfer_get_address (transfer_at (fixture, 0)), ==, "192.168.77.1");
  g_assert_cmpstr (seed_transfer_get_agent (transfer_at (fixture, 0)), ==, "Test on Linux");

  getter_close (&getter);
  wait_for (seed_transfer_get_state (transfer_at (fixture, 0)) == SEED_RECEIVER_LEFT);
  g_assert_null (seed_transfer_get_error (transfer_at (fixture, 0)));
  assert_received (fixture, sent, "photo.bin");
}

/* The link is good before there is a file. */
static void
test_preparing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = NULL;
  Getter getter;

  getter_start (&getter, fixture, fixture->link);
  wait_for (getter.was_preparing);
  g_assert_false (getter.is_complete);

  sent = share_file (fixture, 100000);
  wait_for (getter.is_complete);
  getter_close (&getter);
  assert_received (fixture, sent, "photo.bin");
}

static void
test_two_receivers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = share_file (fixture, 5000000);
  Getter a;
  Getter b;

  getter_start (&a, fixture, fixture->link);
  getter_start (&b, fixture, fixture->link);
  wait_for (a.is_complete && b.is_complete);
  g_assert_cmpint (seed_transfer_get_colour (transfer_at (fixture, 0)), ==, 0);
  g_assert_cmpint (seed_transfer_get_colour (transfer_at (fixture, 1)), ==, 0);

  getter_close (&a);
  getter_close (&b);
  assert_received (fixture, sent, "photo.bin");
  assert_received (fixture, sent, "photo (2).bin");
}

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = share_file (fixture, 1000);
  Getter getter;

  getter_start (&getter, fixture, fixture->link);
  wait_for (getter.is_complete);
  seed_outgoing_drop (fixture->outgoing, transfer_at (fixture, 0));
  g_assert_cmpint (seed_transfer_get_state (transfer_at (fixture, 0)), ==, SEED_RECEIVER_STOPPED);

  wait_for (getter.has_ended);
  g_assert_cmpint (getter.code, ==, SEED_CODE_REFUSED);
  getter_close (&getter);
}

static void
test_stopped (Fixture *fixture, gconstpointer data)
{
  gboolean stopped = FALSE;
  Getter getter;

  getter_start (&getter, fixture, fixture->link);
  wait_for (getter.was_preparing);
  seed_outgoing_stop_async (fixture->outgoing, NULL, stopped_cb, &stopped);
  wait_for (stopped && getter.has_ended);
  g_assert_cmpint (getter.code, ==, SEED_CODE_SHARE_CLOSED);
  getter_close (&getter);

  /* And the link leads nowhere now. */
  getter_start (&getter, fixture, fixture->link);
  wait_for (getter.has_ended);
  g_assert_cmpint (getter.code, ==, SEED_CODE_SHARE_UNKNOWN);
  getter_close (&getter);

  /* tear_down stops one that is running. */
  g_clear_object (&fixture->outgoing);
  fixture->outgoing = seed_engine_share (fixture->engine);
}

static void
test_wrong_secret (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = share_file (fixture, 1000);
  g_autoptr (SeedLink) link = seed_link_copy (fixture->link);
  Getter getter;

  link->secret[0] ^= 1;
  getter_start (&getter, fixture, link);
  wait_for (getter.has_ended);
  g_assert_cmpint (getter.code, ==, SEED_CODE_SEAL_BROKEN);
  wait_for (seed_transfer_get_state (transfer_at (fixture, 0)) == SEED_RECEIVER_FAILED);
  g_assert_error ((GError *) seed_transfer_get_error (transfer_at (fixture, 0)), SEED_ERROR,
                  SEED_CODE_SEAL_BROKEN);
  getter_close (&getter);
}

/* Closed while the connection is being made: nothing may be left behind. */
static void
test_close_early (Fixture *fixture, gconstpointer data)
{
  Getter getter;

  for (int i = 0; i < 5; i++)
    {
      getter_start (&getter, fixture, fixture->link);
      for (int turn = 0; turn < i * 3; turn++)
        g_main_context_iteration (NULL, TRUE);
      getter_close (&getter);
    }
}

static guint
count_state (Fixture *fixture, SeedReceiverState state)
{
  GPtrArray *transfers = seed_share_get_transfers (seed_outgoing_get_share (fixture->outgoing));
  guint n = 0;

  for (guint i = 0; i < transfers->len; i++)
    n += seed_transfer_get_state (transfers->pdata[i]) == state;

  return n;
}

/* Those who join and never answer get a few connections begun, and no more; the rest have their turn when
 * these have gone. */
static void
test_crowd (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) joined = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *peer = seed_random_base64url (16);
      SeedSignalling *signalling =
          seed_signalling_new_receiver (fixture->link->server, fixture->link->share, peer);

      g_ptr_array_add (joined, signalling);
      seed_signalling_start (signalling);
    }

  wait_for (count_state (fixture, SEED_RECEIVER_WAITING) == 12);
  g_assert_cmpuint (count_state (fixture, SEED_RECEIVER_CONNECTING), ==, 8);

  /* Let go of, they lose their sockets. */
  g_ptr_array_remove_range (joined, 0, 10);
  wait_for (count_state (fixture, SEED_RECEIVER_LEFT) == 10);
  wait_for (count_state (fixture, SEED_RECEIVER_CONNECTING) == 8);
  g_assert_cmpuint (count_state (fixture, SEED_RECEIVER_WAITING), ==, 2);
}

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/share/receive/nothing", GSIZE_TO_POINTER (0), test_receive);
  ADD ("/share/receive/one-byte", GSIZE_TO_POINTER (1), test_receive);
  ADD ("/share/receive/pieces", GSIZE_TO_POINTER (5 * 1024 * 1024 + 1), test_receive);
  ADD ("/share/preparing", NULL, test_preparing);
  ADD ("/share/two-receivers", NULL, test_two_receivers);
  ADD ("/share/drop", NULL, test_drop);
  ADD ("/share/stopped", NULL, test_stopped);
  ADD ("/share/wrong-secret", NULL, test_wrong_secret);
  ADD ("/share/crowd", NULL, test_crowd);
  ADD ("/share/close-early", NULL, test_close_early);
  return g_test_run ();
}
