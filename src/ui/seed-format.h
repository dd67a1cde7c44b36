// SPDX-License-Identifier: MIT
#pragma once

/* What the window says about a share and its receivers, as a person reads it. Any thread. */

#include "seed-share.h"

G_BEGIN_DECLS

/** Per cent of @bytes in @size. Never 100 before all is there; 0 while @size is not known. */
int seed_format_percent (gint64 bytes, gint64 size);

/** (transfer full): "2 minutes left"; "" for -1. */
char *seed_format_time_left (gint64 seconds);

/** (transfer full): "3 files". */
char *seed_format_files (guint n_files);

/** How the bytes travel: "LAN", "direct" or "relayed"; "" while that is not known. */
const char *seed_format_path (SeedPath path);

/** (transfer full): what stands below the bar of @transfer: state, rate, time left and path. */
char *seed_format_details (SeedTransfer *transfer);

/** (transfer full): how many are in which state, and what was sent in all, for (element-type
 * SeedTransfer) @transfers. */
char *seed_format_sums (GPtrArray *transfers);

G_END_DECLS
