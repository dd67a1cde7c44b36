// SPDX-License-Identifier: MIT
#include <string.h>

#include "seed-negotiation.h"
#include "seed-rtc-peer.h"
#include "seed-seal.h"
#include "wait.h"

/* An owner's and a receiver's negotiation with this test as the server between them. */
typedef struct
{
  SeedNegotiation *owner;
  SeedNegotiation *receiver;
  SeedChannel *owner_channel;
  SeedChannel *receiver_channel;
  SeedCode owner_code; /* of "failed"; SEED_CODE_LAST where it did not come */
  SeedCode receiver_code;
  gboolean alter_to_receiver; /* one character of what passes */
  gboolean alter_to_owner;
  gboolean mute_owner; /* what it says goes nowhere */
} Pair;

typedef struct
{
  SeedNegotiation *to;
  char *sealed;
} Letter;

static gboolean
deliver_cb (gpointer user_data)
{
  g_autofree Letter *letter = user_data;
  g_autofree char *sealed = letter->sealed;

  seed_negotiation_receive (letter->to, sealed);
  g_object_unref (letter->to);

  return G_SOURCE_REMOVE;
}

static void
post (SeedNegotiation *to, const char *sealed, gboolean alter)
{
  Letter *letter = g_new0 (Letter, 1);

  letter->to = g_object_ref (to);
  letter->sealed = g_strdup (sealed);
  if (alter)
    letter->sealed[strlen (sealed) / 2] ^= 1;

  g_idle_add (deliver_cb, letter);
}

static void
owner_send_cb (SeedNegotiation *negotiation, const char *sealed, Pair *pair)
{
  if (!pair->mute_owner)
    post (pair->receiver, sealed, pair->alter_to_receiver);
}

static void
receiver_send_cb (SeedNegotiation *negotiation, const char *sealed, Pair *pair)
{
  post (pair->owner, sealed, pair->alter_to_owner);
}

static void
opened_cb (SeedNegotiation *negotiation, SeedChannel *channel, SeedChannel **into)
{
  *into = g_object_ref (channel);
}

static void
failed_cb (SeedNegotiation *negotiation, const GError *error, SeedCode *code)
{
  *code = seed_error_code (error);
}

static Pair *
pair_new (const SeedLink *link, const SeedLink *receiver_link)
{
  const char *peer = "AAAAAAAAAAAAAAAAAAAAAA";
  g_autoptr (GPtrArray) ice = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  Pair *pair = g_new0 (Pair, 1);

  g_assert_true (seed_rtc_init (&error));
  pair->owner = seed_negotiation_new (SEED_ROLE_OWNER, link, peer, ice);
  pair->receiver = seed_negotiation_new (SEED_ROLE_RECEIVER, receiver_link, peer, ice);
  pair->owner_code = pair->receiver_code = SEED_CODE_LAST;

  g_signal_connect (pair->owner, "send", G_CALLBACK (owner_send_cb), pair);
  g_signal_connect (pair->receiver, "send", G_CALLBACK (receiver_send_cb), pair);
  g_signal_connect (pair->owner, "opened", G_CALLBACK (opened_cb), &pair->owner_channel);
  g_signal_connect (pair->receiver, "opened", G_CALLBACK (opened_cb), &pair->receiver_channel);
  g_signal_connect (pair->owner, "failed", G_CALLBACK (failed_cb), &pair->owner_code);
  g_signal_connect (pair->receiver, "failed", G_CALLBACK (failed_cb), &pair->receiver_code);

  return pair;
}

static void
pair_start (Pair *pair)
{
  seed_negotiation_start (pair->owner);
  seed_negotiation_start (pair->receiver);
}

static void
pair_free (Pair *pair)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;

  if (pair->owner_channel != NULL)
    seed_channel_close (pair->owner_channel);
  if (pair->receiver_channel != NULL)
    seed_channel_close (pair->receiver_channel);

  g_clear_object (&pair->owner_channel);
  g_clear_object (&pair->receiver_channel);
  g_object_unref (pair->owner);
  g_object_unref (pair->receiver);
  g_free (pair);
  g_assert_true (seed_rtc_drain (5000));
}

static void
test_opens (void)
{
  g_autoptr (SeedLink) link = seed_link_new ("http://192.168.77.1", "2345678abc");
  Pair *pair = pair_new (link, link);

  pair_start (pair);
  wait_for (pair->owner_channel != NULL && pair->receiver_channel != NULL);

  g_autofree char *address = seed_channel_dup_address (pair->owner_channel);

  g_assert_cmpstr (address, ==, "192.168.77.1");
  g_assert_cmpint (seed_channel_get_path (pair->owner_channel), ==, SEED_PATH_LAN);
  pair_free (pair);
}

static void
test_altered_offer (void)
{
  g_autoptr (SeedLink) link = seed_link_new ("http://192.168.77.1", "2345678abc");
  Pair *pair = pair_new (link, link);

  pair->alter_to_receiver = TRUE;
  pair_start (pair);
  wait_for (pair->receiver_code != SEED_CODE_LAST);

  g_assert_cmpint (pair->receiver_code, ==, SEED_CODE_SEAL_BROKEN);
  g_assert_null (pair->receiver_channel);
  pair_free (pair);
}

static void
test_altered_answer (void)
{
  g_autoptr (SeedLink) link = seed_link_new ("http://192.168.77.1", "2345678abc");
  Pair *pair = pair_new (link, link);

  pair->alter_to_owner = TRUE;
  pair_start (pair);
  wait_for (pair->owner_code != SEED_CODE_LAST);

  g_assert_cmpint (pair->owner_code, ==, SEED_CODE_SEAL_BROKEN);
  g_assert_null (pair->owner_channel);
  pair_free (pair);
}

static void
test_wrong_secret (void)
{
  g_autoptr (SeedLink) link = seed_link_new ("http://192.168.77.1", "2345678abc");
  g_autoptr (SeedLink) guessed = seed_link_new ("http://192.168.77.1", "2345678abc");
  Pair *pair = pair_new (link, guessed);

  pair_start (pair);
  wait_for (pair->receiver_code != SEED_CODE_LAST);

  g_assert_cmpint (pair->receiver_code, ==, SEED_CODE_SEAL_BROKEN);
  pair_free (pair);
}

/* A message that opens, and is none that this end may get. */
static void
test_garbage_inside (void)
{
  g_autoptr (SeedLink) link = seed_link_new ("http://192.168.77.1", "2345678abc");
  g_autoptr (SeedSeal) seal = seed_seal_new_owner (link, "AAAAAAAAAAAAAAAAAAAAAA");
  g_autofree char *sealed = seed_seal_close (seal, "{\"type\":\"answer\",\"sdp\":\"v=0\"}");
  Pair *pair = pair_new (link, link);

  pair->mute_owner = TRUE;
  pair_start (pair);
  seed_negotiation_receive (pair->receiver, sealed);

  g_assert_cmpint (pair->receiver_code, ==, SEED_CODE_UNKNOWN_TYPE);
  pair_free (pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/negotiation/opens", test_opens);
  g_test_add_func ("/negotiation/altered-offer", test_altered_offer);
  g_test_add_func ("/negotiation/altered-answer", test_altered_answer);
  g_test_add_func ("/negotiation/wrong-secret", test_wrong_secret);
  g_test_add_func ("/negotiation/garbage-inside", test_garbage_inside);
  return g_test_run ();
}
