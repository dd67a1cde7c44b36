// SPDX-License-Identifier: MIT
/* A message as every role may get it by every channel. What is taken is written out again, and
 * must then mean the same. */
#include "fuzz.h"

#include <string.h>

#include "seed-message.h"

static void
try_as (const char *text, size_t length, SeedMessageChannel channel, SeedRole role)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedMessage) message = seed_message_parse (text, length, channel, role, &error);

  if (message == NULL)
    {
      g_assert_true (error->domain == SEED_ERROR);
      return;
    }

  g_autofree char *json = seed_message_to_json (message);
  g_autoptr (SeedMessage) again = seed_message_parse (json, strlen (json), channel, role, NULL);
  g_autofree char *json_again = seed_message_to_json (again);

  g_assert_cmpstr (json, ==, json_again);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  for (int channel = SEED_CHANNEL_SIGNALLING; channel <= SEED_CHANNEL_CONTROL; channel++)
    {
      for (int role = SEED_ROLE_SERVER; role <= SEED_ROLE_RECEIVER; role <<= 1)
        try_as ((const char *) data, size, channel, role);
    }

  return 0;
}
