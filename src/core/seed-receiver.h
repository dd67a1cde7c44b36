// SPDX-License-Identifier: MIT
#pragma once

/* The receiving end of one connection: asks for pieces, hands them to the writer and reports what is
 * verified. Owns its channel and writer; lives on their main context.
 *
 * Signals:
 *   preparing ()                       the owner is still making the files
 *   manifest ()                        number and size of the files are known
 *   progress ()                        more bytes are verified and written; often
 *   finished (guint file, char *path)  a file is whole; "" as its path in a stream
 *   complete ()                        all files are whole and the owner has been told
 *   ended (GError *error)              final; NULL after seed_receiver_leave()
 */

#include "seed-channel.h"
#include "seed-writer.h"

G_BEGIN_DECLS

#define SEED_TYPE_RECEIVER (seed_receiver_get_type ())
G_DECLARE_FINAL_TYPE (SeedReceiver, seed_receiver, SEED, RECEIVER, GObject)

/** @channel: (transfer full): one whose "opened" was just emitted
 *  @writer: (transfer full): unused so far
 *  @agent: what we are, for the owner's row */
SeedReceiver *seed_receiver_new (SeedChannel *channel, SeedWriter *writer, const char *agent);

/** Divides every time limit by @factor, before the start; for tests. */
void seed_receiver_set_haste (SeedReceiver *self, guint factor);

/** Says hello and begins to receive everything. */
void seed_receiver_start (SeedReceiver *self);

/** (nullable): the files, growing while their list arrives; %NULL before "manifest". */
const SeedManifest *seed_receiver_get_manifest (SeedReceiver *self);

/** Bytes verified and written. */
gint64 seed_receiver_get_bytes (SeedReceiver *self);

/** Says good-bye; "ended" follows when the owner has closed, or after %SEED_CLOSE_TIMEOUT_MS. */
void seed_receiver_leave (SeedReceiver *self);

/**
 * seed_receiver_close_async:
 *
 * To be called once, in any state. Leaves, unless that is done, removes what is not whole and completes when the writer's thread is gone.
 * No signal is emitted from here on.
 */
void seed_receiver_close_async (SeedReceiver *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean seed_receiver_close_finish (SeedReceiver *self, GAsyncResult *result, GError **error);

G_END_DECLS
