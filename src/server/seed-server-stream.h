// SPDX-License-Identifier: MIT
#pragma once

/* One accepted connection, as the stream that libsoup is handed. It counts every byte, reads no
 * faster than it may, and stops reading where a client sends more than it should. Owned by libsoup
 * and whoever else keeps a reference; lives on the server's main context.
 *
 * Signals:
 *   overflow (guint status)  there is more than is allowed, and nothing further is read: of a message,
 *                            or of a request, which is to be answered with @status
 *   closed ()                the file descriptor is closed */

#include <gio/gio.h>

#include "seed-server-config.h"
#include "seed-server-limits.h"
#include "seed-server-loop.h"

G_BEGIN_DECLS

#define SEED_TYPE_SERVER_STREAM (seed_server_stream_get_type ())
G_DECLARE_FINAL_TYPE (SeedServerStream, seed_server_stream, SEED, SERVER_STREAM, GIOStream)

/**
 * seed_server_stream_new:
 * @fd: (transfer full): a connected socket that does not block
 * @config: (transfer none): has to outlive the stream
 *
 * Returns: (transfer full) (nullable): the stream; %NULL, with @fd closed, when the system has no
 *   room for it
 */
SeedServerStream *seed_server_stream_new (SeedServerLoop *loop, int fd,
                                          const SeedServerConfig *config);

/** The shard to be entered around everything that may make sources for this stream. */
SeedServerShard *seed_server_stream_get_shard (SeedServerStream *self);

/** (nullable): whom the stream counts for; set once, and counted out when the stream closes. */
SeedServerOrigin *seed_server_stream_get_origin (SeedServerStream *self);
void seed_server_stream_set_origin (SeedServerStream *self, SeedServerOrigin *origin);

/** Whether it is one more than there should be, let in only to be told so. */
gboolean seed_server_stream_is_crowded (SeedServerStream *self);
void seed_server_stream_set_crowded (SeedServerStream *self);

/** Whether the client has sent a request and nothing behind it, as it must before an upgrade. */
gboolean seed_server_stream_awaits_answer (SeedServerStream *self);

/** From here on the bytes are those of a WebSocket, and no deadline holds for the request. */
void seed_server_stream_upgrade (SeedServerStream *self);

/** Bytes the client took so far, and bytes of pongs that it called for. */
guint64 seed_server_stream_get_written (SeedServerStream *self);
guint64 seed_server_stream_get_echo (SeedServerStream *self);

/** When the last byte came in, as g_get_monotonic_time() has it; not in the past while the stream
 * itself delays reading. */
gint64 seed_server_stream_get_heard (SeedServerStream *self, gint64 now);

/** Answers the request with the whole response @text in place of libsoup, drops whatever
 * else the client sends, and closes once it has read the answer. */
void seed_server_stream_answer (SeedServerStream *self, const char *text);

/** Ends the connection; libsoup sees that and closes the stream. */
void seed_server_stream_abort (SeedServerStream *self);

/** Aborts the stream when it takes too long, at @now; called about once a second. */
void seed_server_stream_check (SeedServerStream *self, gint64 now);

G_END_DECLS
