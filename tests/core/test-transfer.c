// SPDX-License-Identifier: MIT
#include "seed-transfer.h"

#include <json-glib/json-glib.h>

#include "far-end.h"
#include "scratch.h"

#define MIB (1 << 20)

/* A transfer, and a receiver that the test plays. */
typedef struct
{
  Scratch *scratch;
  MemoryChannel *channel; /* the owner's end; the transfer has it as well */
  FarEnd *far;
  SeedTransfer *transfer;
  SeedCollection *collection;
  guint n_changes; /* of state */
} Fixture;

static void
changed_cb (SeedTransfer *transfer, gboolean state, Fixture *self)
{
  self->n_changes += state ? 1 : 0;
}

/* A connected one is attached to a channel. */
static Fixture *
fixture_new (gboolean connect)
{
  Fixture *self = g_new0 (Fixture, 1);
  MemoryChannel *other;

  memory_channel_new_pair (&self->channel, &other);
  self->scratch = scratch_new ();
  self->far = far_end_new (other);
  self->transfer = seed_transfer_new ("peer", 1);
  g_signal_connect (self->transfer, "changed", G_CALLBACK (changed_cb), self);

  g_autofree char *path = scratch_file (self->scratch, "f", 4 * MIB, 1);

  self->collection = scratch_collect (path, NULL);
  if (connect)
    {
      seed_transfer_set_connecting (self->transfer);
      seed_transfer_attach (self->transfer, SEED_CHANNEL (g_object_ref (self->channel)),
                            self->collection);
    }

  return self;
}

static void
fixture_free (Fixture *self)
{
  g_assert_finalize_object (self->transfer);
  far_end_free (self->far);
  seed_collection_unref (self->collection);
  scratch_free (self->scratch);
  g_object_unref (self->channel);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
assert_state (Fixture *self, SeedReceiverState expected)
{
  g_assert_cmpstr (seed_receiver_state_name (seed_transfer_get_state (self->transfer)), ==,
                   seed_receiver_state_name (expected));
}

static void
wait_for_state (Fixture *self, SeedReceiverState expected)
{
  wait_until (seed_transfer_get_state (self->transfer) == expected);
}

static SeedReceiverState
state_named (const char *name)
{
  for (int state = 0; state < SEED_RECEIVER_LAST; state++)
    {
      if (g_str_equal (seed_receiver_state_name (state), name))
        return state;
    }

  g_error ("no state is called %s", name);
}

/* Every pair, against what the protocol declares. */
static void
state_table (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, PROTOCOL_JSON, &error);
  g_assert_no_error (error);

  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonObject *states = json_object_get_object_member (root, "states");
  guint n_edges = 0;

  g_assert_cmpuint (json_object_get_size (states), ==, SEED_RECEIVER_LAST);
  for (int from = 0; from < SEED_RECEIVER_LAST; from++)
    {
      JsonArray *targets = json_object_get_array_member (
          states, seed_receiver_state_name ((SeedReceiverState) from));
      gboolean declared[SEED_RECEIVER_LAST] = { FALSE };

      for (guint i = 0; i < json_array_get_length (targets); i++)
        declared[state_named (json_array_get_string_element (targets, i))] = TRUE;

      for (int to = 0; to < SEED_RECEIVER_LAST; to++)
        {
          g_assert_true (seed_receiver_state_can_become (from, to) == declared[to]);
          n_edges += declared[to] ? 1 : 0;
        }
    }

  g_assert_cmpuint (n_edges, >, 10);
}

static void
takes_its_course (void)
{
  g_autoptr (Fixture) self = fixture_new (FALSE);

  assert_state (self, SEED_RECEIVER_WAITING);
  g_assert_true (seed_transfer_is_closed (self->transfer));
  g_assert_cmpint (seed_transfer_get_colour (self->transfer), ==, -1);
  seed_transfer_set_connecting (self->transfer);
  assert_state (self, SEED_RECEIVER_CONNECTING);
  seed_transfer_attach (self->transfer, SEED_CHANNEL (g_object_ref (self->channel)),
                        self->collection);
  assert_state (self, SEED_RECEIVER_DOWNLOADING);
  g_assert_cmpstr (seed_transfer_get_address (self->transfer), ==, "192.0.2.7");
  g_assert_cmpint (seed_transfer_get_size (self->transfer), ==, 4 * MIB);
  g_assert_cmpstr (seed_path_name (seed_transfer_get_path (self->transfer)), ==, "lan");

  far_end_say (self->far, "{'type':'hello','agent':'Test'}");
  far_end_say (self->far, "{'type':'progress','bytes':%d}", MIB);
  wait_until (seed_transfer_get_bytes (self->transfer) == MIB);
  g_assert_cmpstr (seed_transfer_get_agent (self->transfer), ==, "Test");

  far_end_say (self->far, "{'type':'complete','bytes':%d}", 4 * MIB);
  wait_for_state (self, SEED_RECEIVER_VIEWING);
  g_assert_cmpint (seed_transfer_get_bytes (self->transfer), ==, 4 * MIB);
  g_assert_cmpfloat (seed_transfer_get_rate (self->transfer), ==, 0);

  far_end_say (self->far, "{'type':'bye'}");
  wait_for_state (self, SEED_RECEIVER_LEFT);
  g_assert_null (seed_transfer_get_error (self->transfer));
  g_assert_true (seed_transfer_is_closed (self->transfer));
  g_assert_cmpuint (self->n_changes, ==, 4);
}

static void
comes_back_for_more (void)
{
  g_autoptr (Fixture) self = fixture_new (TRUE);

  far_end_say (self->far, "{'type':'complete','bytes':100}");
  wait_for_state (self, SEED_RECEIVER_VIEWING);
  far_end_say (self->far, "{'type':'progress','bytes':200}");
  wait_for_state (self, SEED_RECEIVER_DOWNLOADING);
  g_assert_cmpfloat (seed_transfer_get_rate (self->transfer), >=, 0);

  /* Going back is no rate. */
  far_end_say (self->far, "{'type':'progress','bytes':0}");
  wait_until (seed_transfer_get_bytes (self->transfer) == 0);
  g_assert_cmpfloat (seed_transfer_get_rate (self->transfer), ==, 0);
  g_assert_cmpint (seed_transfer_get_seconds_left (self->transfer), ==, -1);
}

static void
leaves_early (gconstpointer data)
{
  const char *const *script = data;
  g_autoptr (Fixture) self = fixture_new (TRUE);

  far_end_say (self->far, "%s", script[0]);
  wait_for_state (self, state_named (script[1]));
  wait_until (self->far->has_ended);
  if (script[2] == NULL)
    g_assert_null (seed_transfer_get_error (self->transfer));
  else
    g_assert_cmpstr (seed_code_name (seed_error_code (seed_transfer_get_error (self->transfer))),
                     ==, script[2]);
}

static void
connection_breaks (void)
{
  g_autoptr (Fixture) self = fixture_new (TRUE);

  memory_channel_break (self->channel, SEED_CODE_PEER_LOST);
  wait_for_state (self, SEED_RECEIVER_LEFT);
  g_assert_error (seed_transfer_get_error (self->transfer), SEED_ERROR, SEED_CODE_PEER_LOST);
  g_assert_false (seed_transfer_is_live (self->transfer));
}

static void
is_stopped (void)
{
  g_autoptr (Fixture) self = fixture_new (TRUE);

  seed_transfer_stop (self->transfer, SEED_CODE_REFUSED);
  assert_state (self, SEED_RECEIVER_STOPPED);
  g_assert_false (seed_transfer_is_closed (self->transfer));
  wait_until (far_end_find (self->far, "*'refused'*'stop'*") != NULL);
  far_end_say (self->far, "{'type':'complete','bytes':5}");
  far_end_say (self->far, "{'type':'bye'}");
  wait_until (seed_transfer_is_closed (self->transfer));
  assert_state (self, SEED_RECEIVER_STOPPED);
  g_assert_error (seed_transfer_get_error (self->transfer), SEED_ERROR, SEED_CODE_REFUSED);

  /* That is final. */
  seed_transfer_set_connecting (self->transfer);
  seed_transfer_stop (self->transfer, SEED_CODE_SHARE_CLOSED);
  assert_state (self, SEED_RECEIVER_STOPPED);
}

static void
is_stopped_while_connecting (void)
{
  g_autoptr (Fixture) self = fixture_new (FALSE);

  seed_transfer_set_connecting (self->transfer);
  seed_transfer_stop (self->transfer, SEED_CODE_REFUSED);
  assert_state (self, SEED_RECEIVER_STOPPED);
  g_assert_true (seed_transfer_is_closed (self->transfer));
}

static void
fails_to_connect (void)
{
  g_autoptr (Fixture) self = fixture_new (FALSE);
  g_autoptr (GError) error = seed_error_new_code (SEED_CODE_TIMEOUT_ICE);

  seed_transfer_set_connecting (self->transfer);
  seed_transfer_fail (self->transfer, error);
  assert_state (self, SEED_RECEIVER_FAILED);
  g_assert_error (seed_transfer_get_error (self->transfer), SEED_ERROR, SEED_CODE_TIMEOUT_ICE);
  seed_transfer_leave (self->transfer, error);
  assert_state (self, SEED_RECEIVER_FAILED);
  seed_transfer_set_connecting (self->transfer);
  assert_state (self, SEED_RECEIVER_CONNECTING);
  g_assert_null (seed_transfer_get_error (self->transfer));
}

/* Whoever waits for the end of the channel is told, even where it was given up before. */
static void
end_is_told (void)
{
  g_autoptr (Fixture) self = fixture_new (TRUE);
  g_autoptr (GError) error = seed_error_new_code (SEED_CODE_FAILED);

  seed_transfer_fail (self->transfer, error);
  far_end_say (self->far, "{'type':'bye'}");
  wait_until (seed_transfer_is_closed (self->transfer));
  assert_state (self, SEED_RECEIVER_FAILED);
}

/* A second connection takes the place of the first, which is gone there and then. */
static void
attaches_anew (void)
{
  g_autoptr (Fixture) self = fixture_new (TRUE);
  MemoryChannel *channel;
  MemoryChannel *other;

  far_end_say (self->far, "{'type':'want','file':0,'offset':1048576,'length':1048576}");
  wait_until (self->far->data_bytes > SEED_FIRST_BYTES);
  memory_channel_new_pair (&channel, &other);
  g_autoptr (FarEnd) second = far_end_new (other);

  seed_transfer_set_connecting (self->transfer);
  seed_transfer_attach (self->transfer, SEED_CHANNEL (channel), self->collection);
  g_assert_true (memory_channel_is_closed (self->channel));
  far_end_say (second, "{'type':'progress','bytes':7}");
  wait_until (seed_transfer_get_bytes (self->transfer) == 7);
  wait_until (self->far->has_ended);
  assert_state (self, SEED_RECEIVER_DOWNLOADING);
  wait_until (second->data_bytes == SEED_FIRST_BYTES);
}

/* Freed in the middle of a read, nothing of it goes on. */
static void
is_let_go (void)
{
  for (guint turns = 0; turns < 10; turns++)
    {
      g_autoptr (Fixture) self = fixture_new (TRUE);

      far_end_say (self->far, "{'type':'want','file':0,'offset':1048576,'length':1048576}");
      for (guint i = 0; i < turns; i++)
        g_main_context_iteration (NULL, FALSE);

      g_assert_finalize_object (g_steal_pointer (&self->transfer));
      g_assert_true (memory_channel_is_closed (self->channel));
      self->transfer = seed_transfer_new ("peer", 2);
    }
}

static const char *const endings[][3] = {
  { "{'type':'bye'}", "left", NULL },
  { "{'type':'bye','code':'disk-full'}", "failed", "disk-full" },
  { "{'type':'bye','code':'wrong-digest'}", "failed", "wrong-digest" },
  { "{'type':'bye','code':'peer-lost'}", "left", "peer-lost" },
  { "nonsense", "failed", "bad-message" },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transfer/state-table", state_table);
  g_test_add_func ("/transfer/takes-its-course", takes_its_course);
  g_test_add_func ("/transfer/comes-back-for-more", comes_back_for_more);
  g_test_add_func ("/transfer/connection-breaks", connection_breaks);
  g_test_add_func ("/transfer/stop", is_stopped);
  g_test_add_func ("/transfer/stop/while-connecting", is_stopped_while_connecting);
  g_test_add_func ("/transfer/fails-to-connect", fails_to_connect);
  g_test_add_func ("/transfer/end-is-told", end_is_told);
  g_test_add_func ("/transfer/attaches-anew", attaches_anew);
  g_test_add_func ("/transfer/is-let-go", is_let_go);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/transfer/leaves-early/%u", i);

      g_test_add_data_func (path, endings[i], leaves_early);
    }

  return g_test_run ();
}
