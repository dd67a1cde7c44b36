// SPDX-License-Identifier: MIT
/* What a receiver may say to an owner, who shares this very program twice; the form of the input is that
 * of fuzz-receiver.c. */
#include "fuzz.h"

#include "memory-channel.h"
#include "records.h"
#include "seed-sender.h"

static void
collected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SeedCollection **collection = user_data;

  *collection = seed_collect_finish (result, NULL);
  g_assert_nonnull (*collection);
}

static SeedCollection *
collect (void)
{
  const char *const paths[] = { "/proc/self/exe", "/proc/self/exe", NULL };
  SeedCollection *collection = NULL;

  seed_collect_async (paths, NULL, collected_cb, &collection);
  while (collection == NULL)
    g_main_context_iteration (NULL, TRUE);

  return collection;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (SeedCollection) collection = collect ();
  MemoryChannel *channel;
  MemoryChannel *far;

  memory_channel_new_pair (&channel, &far);
  SeedSender *sender = seed_sender_new (SEED_CHANNEL (g_object_ref (channel)));

  seed_sender_set_collection (sender, collection);
  seed_sender_start (sender);
  records_emit (data, size, channel);
  g_object_unref (sender);

  g_object_unref (channel);
  g_object_unref (far);

  return 0;
}
