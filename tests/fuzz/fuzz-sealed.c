// SPDX-License-Identifier: MIT
/* A sealed message: the first byte says whether it comes in as it is, or as the text inside one
 * that opens, as from another end that means harm. */
#include "fuzz.h"

#include <string.h>

#include "seed-message.h"
#include "seed-seal.h"

#define PEER "ABCDEFGHIJKLMNOPQRSTUV"

static void
open_and_parse (SeedSeal *seal, const char *sealed)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  g_autofree char *text = seed_seal_open (seal, sealed, &length, &error);
  g_autoptr (SeedMessage) message = NULL;

  if (text == NULL)
    g_assert_true (g_error_matches (error, SEED_ERROR, SEED_CODE_SEAL_BROKEN));
  else
    message = seed_message_parse (text, length, SEED_CHANNEL_SEALED, SEED_ROLE_RECEIVER, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  SeedLink link = { (char *) "https://example.org", (char *) "23456789AB", { 0 } };
  g_autoptr (SeedSeal) receiver = seed_seal_new_receiver (&link, PEER);

  if (size == 0)
    return 0;

  g_autofree char *text = g_strndup ((const char *) data + 1, size - 1);

  if (data[0] % 2 == 0)
    {
      open_and_parse (receiver, text);
      return 0;
    }

  g_autoptr (SeedSeal) owner = seed_seal_new_owner (&link, PEER);
  g_autofree char *sealed = seed_seal_close (owner, text);

  open_and_parse (receiver, sealed);
  return 0;
}
