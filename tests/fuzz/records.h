// SPDX-License-Identifier: MIT
#pragma once

/* Several messages in the input of one fuzz target. Pure; any thread. */

#include <string.h>

#include "memory-channel.h"

/** Has @channel emit what @data holds, one record after another: a byte, odd for the bulk channel, two of
 * length, and the message. What is left at the end counts as well. */
static inline void
records_emit (const guint8 *data, size_t size, MemoryChannel *channel)
{
  while (size >= 3)
    {
      gboolean is_bulk = (data[0] & 1) != 0;
      gsize length = MIN ((gsize) data[1] << 8 | data[2], size - 3);
      g_autofree char *text = g_malloc0 (length + 1);
      g_autoptr (GBytes) bytes = g_bytes_new (data + 3, length);

      memcpy (text, data + 3, length);
      if (!memory_channel_is_closed (channel) && is_bulk)
        seed_channel_emit_bulk (SEED_CHANNEL (channel), bytes);
      else if (!memory_channel_is_closed (channel))
        seed_channel_emit_control (SEED_CHANNEL (channel), text, length);

      while (g_main_context_iteration (NULL, FALSE))
        ;

      data += 3 + length;
      size -= 3 + length;
    }
}
