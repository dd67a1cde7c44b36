// SPDX-License-Identifier: MIT
#pragma once

/* What the two halves of SeedSignalling share: seed-signalling.c keeps the socket and speaks,
 * seed-signalling-hear.c understands what the server says. */

#include "seed-signalling-socket.h"
#include "seed-signalling.h"

G_BEGIN_DECLS

typedef enum
{
  STATE_IDLE,       /* not started */
  STATE_CONNECTING, /* waits for the socket */
  STATE_GREETING,   /* said who we are, waits for the answer */
  STATE_STANDING,   /* the server knows us */
  STATE_PAUSING,    /* waits before the next attempt */
  STATE_CLOSING,    /* said goodbye, waits for the socket to end */
  STATE_DONE,
} SeedSignallingState;

#define STATE_BIT(state) (1u << STATE_##state)

struct _SeedSignalling
{
  GObject parent_instance;

  /* owned */
  char *server;
  char *share;
  char *peer;  /* NULL for an owner */
  char *token; /* of an owner whose share was once there */
  SoupSession *session;
  SeedSignallingSocket *socket;
  GSource *timer; /* the deadline of an attempt, a pause, or the limit of closing */
  GQueue kept;    /* of char *: what to send once the server knows us */
  GTask *closing;
  GSource *closing_cancelled;

  SeedSignallingState state;
  gboolean stood; /* the server knew us once, so we try for ever */
  gboolean left;  /* said "leave" already */
  guint attempts; /* since the last that stood for long */
  gint64 changed; /* when it began to stand, or ceased to; monotonic, microseconds */
};

/** Whether nothing may be emitted any more. */
gboolean seed_signalling_is_muted (SeedSignalling *self);

/** The server knows us, for the first time or again. Emits "connected". */
void seed_signalling_stand (SeedSignalling *self);

/** The socket is lost: pauses and tries again, or fails. Takes @error, which may be NULL. */
void seed_signalling_lose (SeedSignalling *self, GError *error);

/** It is of no use to try again. Takes @error. Emits "failed". */
void seed_signalling_fail (SeedSignalling *self, GError *error);

/** Lets go of socket and timer for good. */
void seed_signalling_become_done (SeedSignalling *self);

/** Acts upon @text, a message as it came. */
void seed_signalling_hear (SeedSignalling *self, GBytes *text);

G_END_DECLS
