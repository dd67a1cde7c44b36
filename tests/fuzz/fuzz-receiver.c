// SPDX-License-Identifier: MIT
/* What an owner may say to a receiver: messages of both channels in any order, each a byte that names
 * the channel, two bytes of length (big-endian) and the message. */
#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "memory-channel.h"
#include "records.h"
#include "seed-receiver.h"

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  gboolean *closed = user_data;

  *closed = seed_receiver_close_finish (SEED_RECEIVER (object), result, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  MemoryChannel *channel;
  MemoryChannel *far;
  int fd = open ("/dev/null", O_WRONLY | O_CLOEXEC);
  gboolean closed = FALSE;

  memory_channel_new_pair (&far, &channel);
  g_autoptr (SeedReceiver) receiver = seed_receiver_new (
      SEED_CHANNEL (g_object_ref (channel)), seed_writer_new (seed_store_new_stream (fd)), "Fuzz");

  seed_receiver_start (receiver);
  records_emit (data, size, channel);

  seed_receiver_close_async (receiver, NULL, closed_cb, &closed);
  seed_channel_close (SEED_CHANNEL (far));
  while (!closed)
    g_main_context_iteration (NULL, TRUE);

  g_object_unref (channel);
  g_object_unref (far);
  close (fd);

  return 0;
}
