// SPDX-License-Identifier: MIT
#pragma once

/* A SeedChannel made of memory: a pair of ends on one main context, for tests. What one end sends the
 * other end gets in a later turn of the main context, in the order in which it was sent; nothing is
 * ever emitted from inside a call. Each end belongs to who drives it.
 *
 * It can hold up, alter and lose what is sent, and tells what was queued. It can't show what only a
 * network has: real time, a path that overruns its sockets, loss that is repaired, and the
 * two channels overtaking each other by themselves (see memory_channel_hold_control()). */

#include "seed-channel.h"

G_BEGIN_DECLS

#define MEMORY_TYPE_CHANNEL (memory_channel_get_type ())
G_DECLARE_FINAL_TYPE (MemoryChannel, memory_channel, MEMORY, CHANNEL, GObject)

/**
 * MemoryHook:
 * @message: (inout): what is about to arrive; may be replaced
 *
 * Returns: how often it arrives: 0 loses it, 2 doubles it
 */
typedef guint (*MemoryHook) (gboolean is_bulk, GBytes **message, gpointer user_data);

/** Makes two ends that hear each other. (out) (transfer full) for both. */
void memory_channel_new_pair (MemoryChannel **owner, MemoryChannel **receiver);

/** Lets at most @bytes of the bulk channel leave this end in one turn; 0 holds them all. */
void memory_channel_set_drain (MemoryChannel *self, gsize bytes);

/** Holds what this end sends by the control channel until called with FALSE; bulk goes on. */
void memory_channel_hold_control (MemoryChannel *self, gboolean hold);

/** Has @hook decide on each message that this end sends, at the moment when it would arrive. */
void memory_channel_set_hook (MemoryChannel *self, MemoryHook hook, gpointer user_data);

/** The network dies: nothing arrives any more at either end, and neither is told. */
void memory_channel_cut (MemoryChannel *self);

/** The connection is lost in a way that both ends notice: "closed" with @code. */
void memory_channel_break (MemoryChannel *self, SeedCode code);

/** The most bulk bytes that were ever queued at this end. */
gsize memory_channel_get_most_buffered (MemoryChannel *self);

/** Whether this end was closed by its user. */
gboolean memory_channel_is_closed (MemoryChannel *self);

G_END_DECLS
