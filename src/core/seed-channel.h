// SPDX-License-Identifier: MIT
#pragma once

/* The pair of data channels between an owner and one receiver, whoever carries them: WebRTC,
 * or memory in tests. Belongs to the transfer above it and lives on that one's main context;
 * every signal is emitted there, never from inside a call of one of these functions.
 *
 * Signals:
 *   opened ()                     both channels are open; before that, nothing may be sent
 *   control (char *text, gulong length)  a message by the control channel, as it came
 *   bulk (GBytes *frame)          a message by the bulk channel, as it came
 *   writable ()                   buffered bytes of the bulk channel fell below the low mark
 *   closed (GError *error)        the end; error is NULL where the other side closed in order
 */

#include <gio/gio.h>

#include "seed-protocol.h"

G_BEGIN_DECLS

#define SEED_TYPE_CHANNEL (seed_channel_get_type ())
G_DECLARE_INTERFACE (SeedChannel, seed_channel, SEED, CHANNEL, GObject)

struct _SeedChannelInterface
{
  GTypeInterface parent;

  void (*send_control) (SeedChannel *self, const char *text);
  void (*send_bulk) (SeedChannel *self, GBytes *frame);
  gsize (*get_buffered) (SeedChannel *self);
  char *(*dup_address) (SeedChannel *self);
  SeedPath (*get_path) (SeedChannel *self);
  void (*close) (SeedChannel *self);
};

/** Bulk bytes queued above which a sender waits for "writable". */
#define SEED_CHANNEL_HIGH_MARK (256 * 1024)
/** Bulk bytes queued at which "writable" is emitted. */
#define SEED_CHANNEL_LOW_MARK (64 * 1024)

/** Control bytes queued above which the channel is closed: the other end asks, and does not listen. */
#define SEED_CHANNEL_CONTROL_MAX (2 * 1024 * 1024)

/** Queues @text, valid UTF-8. Ignored once closed. */
void seed_channel_send_control (SeedChannel *self, const char *text);

/** Queues @frame, at most header and %SEED_FRAME_DATA_MAX bytes. Ignored once closed. */
void seed_channel_send_bulk (SeedChannel *self, GBytes *frame);

/** Bytes of the bulk channel that are queued and not yet with the transport. */
gsize seed_channel_get_buffered (SeedChannel *self);

/** (transfer full) (nullable): the other end's IP address, once it is known. */
char *seed_channel_dup_address (SeedChannel *self);

/** How the bytes travel, once that is known. */
SeedPath seed_channel_get_path (SeedChannel *self);

/** Ends both channels at once, dropping what is queued. "closed" is not emitted for it. */
void seed_channel_close (SeedChannel *self);

/* For those who implement the interface. */
void seed_channel_emit_opened (SeedChannel *self);
void seed_channel_emit_control (SeedChannel *self, const char *text, gsize length);
void seed_channel_emit_bulk (SeedChannel *self, GBytes *frame);
void seed_channel_emit_writable (SeedChannel *self);
void seed_channel_emit_closed (SeedChannel *self, const GError *error);

G_END_DECLS
