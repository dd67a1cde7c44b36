// SPDX-License-Identifier: MIT
#pragma once

/* The owner's end of one connection: answers what the receiver asks for. Owns its channel; belongs to a
 * SeedTransfer and lives on that one's main context. The bytes of the files
 * are sent by its SeedAnswerer.
 *
 * Signals:
 *   hello (char *agent)        the receiver said what it is
 *   progress (gint64 bytes)    verified and written at the other end
 *   complete (gint64 bytes)    the receiver has all it wants
 *   ended (GError *error)      final; NULL where the receiver said good-bye or closed in order
 */

#include "seed-channel.h"
#include "seed-collect.h"

G_BEGIN_DECLS

#define SEED_TYPE_SENDER (seed_sender_get_type ())
G_DECLARE_FINAL_TYPE (SeedSender, seed_sender, SEED, SENDER, GObject)

/** @channel: (transfer full): one whose "opened" was just emitted. */
SeedSender *seed_sender_new (SeedChannel *channel);

/** Divides every time limit by @factor, before the start; for tests. */
void seed_sender_set_haste (SeedSender *self, guint factor);

/** Begins: tells the receiver to wait until there is a collection. */
void seed_sender_start (SeedSender *self);

/** Hands out @collection; once only. */
void seed_sender_set_collection (SeedSender *self, SeedCollection *collection);

/** The server says that the receiver's socket is gone: it has little time left to be heard. */
void seed_sender_suspect (SeedSender *self);

/** Stops sending at once and tells the receiver why; "ended" with @code follows when it has gone, or
 * after %SEED_CLOSE_TIMEOUT_MS. */
void seed_sender_stop (SeedSender *self, SeedCode code);

G_END_DECLS
