// SPDX-License-Identifier: MIT
#pragma once

/* Answers what a receiver asks for: ranges of files, in the order in which they were asked for, as fast as
 * the channel takes them, and the digest of each piece that is begun. Holds one block of a file at a
 * time, however much is asked for. Belongs to a SeedSender and lives on its main context; reads under
 * way keep it, but after seed_answerer_stop() it does nothing more. */

#include "seed-channel.h"
#include "seed-collect.h"

G_BEGIN_DECLS

typedef struct _SeedAnswerer SeedAnswerer;

/** A file can't be delivered. It may be said more than once of the same one. */
typedef void (*SeedAnswererFail) (guint file, const GError *error, gpointer user_data);

/** @channel: (transfer none): stays until the answerer is stopped */
SeedAnswerer *seed_answerer_new (SeedChannel *channel, SeedCollection *collection,
                                 SeedAnswererFail fail, gpointer user_data);

/**
 * seed_answerer_want:
 *
 * Returns: whether such a range may be asked for: within its file and piece, and not one too many
 */
gboolean seed_answerer_want (SeedAnswerer *self, gint64 file, gint64 offset,
                             gint64 length) G_GNUC_WARN_UNUSED_RESULT;

/** Sends what the channel takes; to be called when it takes more. */
void seed_answerer_pump (SeedAnswerer *self);

/** Ends all that is under way. Repeatable. */
void seed_answerer_stop (SeedAnswerer *self);

void seed_answerer_unref (SeedAnswerer *self);

G_END_DECLS
