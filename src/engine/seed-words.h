// SPDX-License-Identifier: MIT
#pragma once

/* What the window and the terminal both say of a receiver, so that they say it alike. Any thread. */

#include "seed-transfer.h"

G_BEGIN_DECLS

/** The state of a receiver as a person reads it. */
const char *seed_words_state (SeedReceiverState state);

/** (transfer full): the state of @transfer, and why where it failed or how much it had when it left. */
char *seed_words_describe (SeedTransfer *transfer);

/** (transfer full): @rate bytes a second, such as "21.3 MB/s". */
char *seed_words_rate (double rate);

G_END_DECLS
