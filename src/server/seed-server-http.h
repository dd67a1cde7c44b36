// SPDX-License-Identifier: MIT
#pragma once

/* What the server says in HTTP, but for the WebSocket: the page, /healthz, /metrics, and the headers
 * that every answer has. Pure functions on the server's main context. */

#include <libsoup/soup.h>

#include "seed-server-metrics.h"
#include "seed-server-pages.h"

G_BEGIN_DECLS

/** Puts the headers into @message that every answer has, also those of libsoup's own. */
void seed_server_http_prepare (SoupServerMessage *message);

/** Answers with @status and @text as plain text. */
void seed_server_http_say (SoupServerMessage *message, guint status, const char *text);

/** Answers a request for @path; with the page for "/" and for every link. */
void seed_server_http_answer (SoupServerMessage *message, const char *path, SeedServerPages *pages,
                              const SeedServerMetrics *metrics);

/** (transfer full): a whole answer of @status, for where libsoup can't give one. */
char *seed_server_http_raw (guint status);

G_END_DECLS
