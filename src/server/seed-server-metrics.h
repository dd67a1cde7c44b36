// SPDX-License-Identifier: MIT
#pragma once

/* What the server counts, and its text for Prometheus. Nothing in it tells of any one person.
 * A plain struct that belongs to the server; lives on its main context. */

#include "seed-error.h"

G_BEGIN_DECLS

typedef struct
{
  /* Now. */
  guint connections;
  guint sockets;
  guint shares;
  guint receivers;

  /* Since the start. */
  guint64 accepted;
  guint64 turned_away; /* before any HTTP was spoken */
  guint64 requests;
  guint64 created;
  guint64 resumed;
  guint64 joined;
  guint64 relayed;
  guint64 refused[SEED_CODE_LAST];
} SeedServerMetrics;

/** (transfer full): in the text format of Prometheus, version 0.0.4. */
char *seed_server_metrics_to_text (const SeedServerMetrics *self);

G_END_DECLS
