// SPDX-License-Identifier: MIT
#include "seed-share.h"

#include "far-end.h"
#include "scratch.h"

static void
count_cb (SeedShare *share, gpointer a, gpointer b)
{
  guint *count = b;

  *count += 1;
}

static void
ready_cb (SeedShare *share, guint *count)
{
  *count += 1;
}

static void
admits (void)
{
  g_autoptr (SeedShare) share = seed_share_new ();
  guint added = 0;

  g_signal_connect (share, "transfer-added", G_CALLBACK (count_cb), &added);
  SeedTransfer *a = seed_share_admit (share, "a");
  SeedTransfer *b = seed_share_admit (share, "b");

  g_assert_true (seed_share_admit (share, "a") == a);
  g_assert_true (seed_share_find (share, "b") == b);
  g_assert_null (seed_share_find (share, "c"));
  g_assert_cmpuint (added, ==, 2);
  g_assert_cmpuint (seed_transfer_get_number (b), ==, 2);
  g_assert_cmpuint (seed_share_get_transfers (share)->len, ==, 2);
  g_assert_true (seed_share_is_closed (share));
}

static FarEnd *
attach (SeedShare *share, const char *peer)
{
  MemoryChannel *channel;
  MemoryChannel *other;
  SeedTransfer *transfer = seed_share_admit (share, peer);

  memory_channel_new_pair (&channel, &other);
  seed_transfer_set_connecting (transfer);
  seed_share_attach (share, transfer, SEED_CHANNEL (channel));

  return far_end_new (other);
}

/* Whoever came before the files were known is served as soon as they are. */
static void
becomes_ready (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *path = scratch_file (scratch, "f", 10, 1);
  g_autoptr (SeedCollection) collection = scratch_collect (path, NULL);
  g_autoptr (SeedShare) share = seed_share_new ();
  guint ready = 0;

  g_signal_connect (share, "ready", G_CALLBACK (ready_cb), &ready);
  g_autoptr (FarEnd) early = attach (share, "early");

  seed_share_admit (share, "waiting");
  wait_until (far_end_find (early, "*'preparing'*") != NULL);
  seed_share_set_collection (share, collection);
  g_assert_cmpuint (ready, ==, 1);
  g_autoptr (FarEnd) late = attach (share, "waiting");

  wait_until (early->data_bytes == 10 && late->data_bytes == 10);
  g_assert_null (far_end_find (late, "*'preparing'*"));
  g_assert_cmpint (seed_transfer_get_size (seed_share_find (share, "early")), ==, 10);
}

static void
address_has_a_colour (void)
{
  g_autoptr (SeedShare) share = seed_share_new ();
  g_autoptr (FarEnd) a = attach (share, "a");
  g_autoptr (FarEnd) b = attach (share, "b");

  g_assert_cmpint (seed_transfer_get_colour (seed_share_find (share, "a")), ==, 0);
  g_assert_cmpint (seed_transfer_get_colour (seed_share_find (share, "b")), ==, 0);
}

static void
stops (void)
{
  g_autoptr (SeedShare) share = seed_share_new ();
  g_autoptr (FarEnd) a = attach (share, "a");
  g_autoptr (FarEnd) b = attach (share, "b");

  g_assert_false (seed_share_is_closed (share));
  seed_share_stop (share, SEED_CODE_SHARE_CLOSED);
  wait_until (far_end_find (a, "*'stop'*") != NULL && far_end_find (b, "*'stop'*") != NULL);
  far_end_say (a, "{'type':'bye'}");
  wait_until (a->has_ended);
  g_assert_false (seed_share_is_closed (share));

  /* The other one says nothing, and is waited for only so long. */
  wait_until (seed_share_is_closed (share));
}

static void
forgets_the_oldest (void)
{
  g_autoptr (SeedShare) share = seed_share_new ();
  g_autoptr (FarEnd) live = attach (share, "live");

  for (guint i = 0; i < SEED_SHARE_HISTORY_MAX + 10; i++)
    {
      g_autofree char *peer = g_strdup_printf ("%u", i);

      seed_transfer_leave (seed_share_admit (share, peer), NULL);
    }

  g_assert_cmpuint (seed_share_get_transfers (share)->len, ==, SEED_SHARE_HISTORY_MAX);
  g_assert_nonnull (seed_share_find (share, "live"));
  g_assert_null (seed_share_find (share, "0"));
  g_assert_cmpuint (seed_transfer_get_number (seed_share_find (share, "1009")), ==,
                    SEED_SHARE_HISTORY_MAX + 11);
}

static void
is_let_go (void)
{
  SeedShare *share = seed_share_new ();
  g_autoptr (FarEnd) far = attach (share, "a");

  g_assert_finalize_object (share);
  wait_until (far->has_ended);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/share/admits", admits);
  g_test_add_func ("/share/becomes-ready", becomes_ready);
  g_test_add_func ("/share/address-has-a-colour", address_has_a_colour);
  g_test_add_func ("/share/stops", stops);
  g_test_add_func ("/share/forgets-the-oldest", forgets_the_oldest);
  g_test_add_func ("/share/is-let-go", is_let_go);

  return g_test_run ();
}
