// SPDX-License-Identifier: MIT
#pragma once

/* One receiver of a share as the owner sees it: what a row in the window or the terminal shows. Belongs
 * to its SeedShare and lives on that one's main context.
 *
 * Signals:
 *   changed (gboolean state)   something that a row shows is different; the state, or only numbers
 */

#include "seed-sender.h"

G_BEGIN_DECLS

#define SEED_TYPE_TRANSFER (seed_transfer_get_type ())
G_DECLARE_FINAL_TYPE (SeedTransfer, seed_transfer, SEED, TRANSFER, GObject)

/** Whether a receiver in state @from may come into state @to. */
gboolean seed_receiver_state_can_become (SeedReceiverState from, SeedReceiverState to);

/** The name of @state as the protocol declares it. */
const char *seed_receiver_state_name (SeedReceiverState state);

/** The name of @path as the protocol declares it: "lan", "direct", "relayed", "unknown". */
const char *seed_path_name (SeedPath path);

/** @number: of the row, from 1 on. */
SeedTransfer *seed_transfer_new (const char *peer, guint number);

const char *seed_transfer_get_peer (SeedTransfer *self);
guint seed_transfer_get_number (SeedTransfer *self);
SeedReceiverState seed_transfer_get_state (SeedTransfer *self);

/** (nullable): the IP address, once there is a connection. */
const char *seed_transfer_get_address (SeedTransfer *self);

/** The colour of the row, an index from 0 on: the same for everyone behind one address; -1 before there is
 * one. What colours there are is the business of who draws. */
int seed_transfer_get_colour (SeedTransfer *self);
void seed_transfer_set_colour (SeedTransfer *self, int colour);

/** What the receiver says it is, such as "Firefox 153 on Linux"; "" at first. As it came: not to be shown
 * in a terminal unescaped. */
const char *seed_transfer_get_agent (SeedTransfer *self);
SeedPath seed_transfer_get_path (SeedTransfer *self);

/** Bytes verified and written at the other end. */
gint64 seed_transfer_get_bytes (SeedTransfer *self);

/** Bytes of the whole share, 0 while that is not known. */
gint64 seed_transfer_get_size (SeedTransfer *self);

/** Bytes a second, and seconds left or -1. */
double seed_transfer_get_rate (SeedTransfer *self);
gint64 seed_transfer_get_seconds_left (SeedTransfer *self);

/** (nullable): why it failed, was stopped or left early. */
const GError *seed_transfer_get_error (SeedTransfer *self);

/** Whether it is connected or about to be. */
gboolean seed_transfer_is_live (SeedTransfer *self);

/** The receiver is being connected, for the first time or again. */
void seed_transfer_set_connecting (SeedTransfer *self);

/** The connection failed before it carried anything, or can't be had. */
void seed_transfer_fail (SeedTransfer *self, const GError *error);

/** The receiver went away before or without a connection; @error says why, where that is known. */
void seed_transfer_leave (SeedTransfer *self, const GError *error);

/**
 * seed_transfer_attach:
 * @channel: (transfer full): newly opened
 * @collection: (nullable): what to send, or %NULL while that is being made
 */
void seed_transfer_attach (SeedTransfer *self, SeedChannel *channel, SeedCollection *collection);

/** Hands out @collection to a receiver that waits for it. */
void seed_transfer_set_collection (SeedTransfer *self, SeedCollection *collection);

/** The server lost the receiver's socket. */
void seed_transfer_suspect (SeedTransfer *self);

/** Cuts the receiver off, whatever its state; the row shows "stopped" at once. */
void seed_transfer_stop (SeedTransfer *self, SeedCode code);

/** Whether nothing of it is left to be closed. */
gboolean seed_transfer_is_closed (SeedTransfer *self);

G_END_DECLS
