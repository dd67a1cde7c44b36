// SPDX-License-Identifier: MIT
#pragma once

/* What the two halves of SeedReceiver share: seed-receiver.c keeps its time, its writer and its end,
 * seed-receiver-hear.c understands what the owner says. */

#include "seed-asker.h"
#include "seed-message.h"
#include "seed-receiver.h"

G_BEGIN_DECLS

struct _SeedReceiver
{
  GObject parent;

  SeedChannel *channel;
  SeedWriter *writer;
  char *agent;

  SeedManifest *manifest;
  SeedAsker *asker; /* made with the manifest */
  GQueue early;     /* of GBytes: frames that came before their file was known */
  gsize early_bytes;

  GHashTable *ended; /* indices of files that are whole, or will not come */
  gint64 verified;
  gint64 reported;
  gint64 reported_at;
  GError *file_error; /* the first of a file that ended */

  guint haste;
  guint tick_source;
  gint64 last_heard;
  gint64 last_data;    /* or when we last asked for some */
  gint64 completed_at; /* 0: not yet */
  gint64 left_at;      /* 0: not yet */
  gboolean is_noted;
  GTask *closing; /* seed_receiver_close_async() */
  gboolean has_ended;
};

/** Sends @message by the control channel. */
void seed_receiver_send (SeedReceiver *self, SeedMessage *message);

/** Asks for as much as may be asked for now. */
void seed_receiver_ask (SeedReceiver *self);

/** Says so, where everything came to its end, well or not. */
void seed_receiver_check_complete (SeedReceiver *self);

/** Gives up for a reason of our own, which the owner is told first. */
void seed_receiver_give_up (SeedReceiver *self, const GError *error);

/** Takes what came by the control channel. */
void seed_receiver_hear_control (SeedReceiver *self, const char *text, gsize length);

/** Takes what came by the bulk channel. */
void seed_receiver_hear_bulk (SeedReceiver *self, GBytes *bytes);

G_END_DECLS
