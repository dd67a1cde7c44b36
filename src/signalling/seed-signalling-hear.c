// SPDX-License-Identifier: MIT
#include "seed-signalling-private.h"

#include <glib/gi18n-lib.h>

/* A server that makes no sense is given up, or, where a share hangs on it, tried again. */
static void
protest (SeedSignalling *self)
{
  seed_signalling_lose (
      self, g_error_new (SEED_ERROR, SEED_CODE_BAD_MESSAGE,
                         _ ("The server at %s sent a message that makes no sense."), self->server));
}

static void
on_created (SeedSignalling *self, const SeedMessage *message)
{
  const char *share = seed_message_get_string (message, SEED_FIELD_SHARE);

  if (self->token != NULL && !g_str_equal (share, self->share))
    {
      protest (self);
      return;
    }

  g_autoptr (GPtrArray) ice = seed_ice_servers_from_message (message);

  g_free (self->share);
  g_free (self->token);
  self->share = g_strdup (share);
  self->token = g_strdup (seed_message_get_string (message, SEED_FIELD_TOKEN));
  seed_signalling_stand (self);

  if (!seed_signalling_is_muted (self))
    g_signal_emit_by_name (self, "created", self->share,
                           seed_message_get_string (message, SEED_FIELD_URL), ice);
}

static void
on_joined (SeedSignalling *self, const SeedMessage *message)
{
  g_autoptr (GPtrArray) ice = seed_ice_servers_from_message (message);

  seed_signalling_stand (self);

  if (!seed_signalling_is_muted (self))
    g_signal_emit_by_name (self, "joined", ice);
}

static void
on_receiver (SeedSignalling *self, const SeedMessage *message)
{
  g_signal_emit_by_name (self, "receiver", seed_message_get_string (message, SEED_FIELD_PEER));
}

static void
on_left (SeedSignalling *self, const SeedMessage *message)
{
  g_signal_emit_by_name (self, "left", seed_message_get_string (message, SEED_FIELD_PEER),
                         (int) seed_message_get_code (message, SEED_FIELD_CODE));
}

static void
on_relay (SeedSignalling *self, const SeedMessage *message)
{
  const char *peer = seed_message_get_string (message, SEED_FIELD_PEER);

  if (self->peer != NULL && !g_str_equal (peer, self->peer))
    protest (self);
  else
    g_signal_emit_by_name (self, "relay", peer,
                           seed_message_get_string (message, SEED_FIELD_SEALED));
}

static void
on_owner (SeedSignalling *self, const SeedMessage *message)
{
  g_signal_emit_by_name (self, "owner-present",
                         seed_message_get_bool (message, SEED_FIELD_PRESENT));
}

static void
on_gone (SeedSignalling *self, const SeedMessage *message)
{
  int code = (int) seed_message_get_code (message, SEED_FIELD_CODE);
  gboolean muted = seed_signalling_is_muted (self);

  seed_signalling_become_done (self);

  if (!muted)
    g_signal_emit_by_name (self, "gone", code);
}

/* Whether it is of no use to try again. Restarted, a server learns of a share only when its owner
 * comes back, and a receiver may well be the faster one. */
static gboolean
is_final (SeedSignalling *self, SeedCode code)
{
  gint64 since = g_get_monotonic_time () - self->changed;

  switch ((int) code)
    {
    case SEED_CODE_SHARE_UNKNOWN:
      return self->peer == NULL || since > SEED_SIGNALLING_RETURN_MS * 1000LL;
    case SEED_CODE_SHARE_CLOSED:
    case SEED_CODE_SHARE_LOST:
    case SEED_CODE_BAD_TOKEN:
    case SEED_CODE_REFUSED:
    case SEED_CODE_WRONG_VERSION:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
on_error (SeedSignalling *self, const SeedMessage *message)
{
  SeedCode code = seed_message_get_code (message, SEED_FIELD_CODE);

  if (is_final (self, code))
    seed_signalling_fail (self, seed_error_new_code (code));
  else
    seed_signalling_lose (self, seed_error_new_code (code));
}

typedef struct
{
  SeedMessageType type;
  guint states; /* in which the server may say it */
  void (*handle) (SeedSignalling *self, const SeedMessage *message);
} Handler;

static const Handler handlers[] = {
  { SEED_MESSAGE_CREATED, STATE_BIT (GREETING), on_created },
  { SEED_MESSAGE_JOINED, STATE_BIT (GREETING), on_joined },
  { SEED_MESSAGE_RECEIVER, STATE_BIT (STANDING), on_receiver },
  { SEED_MESSAGE_LEFT, STATE_BIT (STANDING), on_left },
  { SEED_MESSAGE_RELAY, STATE_BIT (STANDING), on_relay },
  { SEED_MESSAGE_OWNER, STATE_BIT (STANDING), on_owner },
  { SEED_MESSAGE_GONE, STATE_BIT (GREETING) | STATE_BIT (STANDING), on_gone },
  { SEED_MESSAGE_ERROR, STATE_BIT (GREETING) | STATE_BIT (STANDING), on_error },
};

static const Handler *
find_handler (SeedSignalling *self, const SeedMessage *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      if (handlers[i].type == seed_message_type (message) &&
          (handlers[i].states & (1u << self->state)) != 0)
        return &handlers[i];
    }

  return NULL;
}

void
seed_signalling_hear (SeedSignalling *self, GBytes *text)
{
  SeedRole role = self->peer == NULL ? SEED_ROLE_OWNER : SEED_ROLE_RECEIVER;
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  g_autoptr (SeedMessage) message =
      seed_message_parse (data, length, SEED_CHANNEL_SIGNALLING, role, NULL);

  /* We are leaving; only the answer to our greeting still matters. */
  if (seed_signalling_is_muted (self) && self->state != STATE_GREETING)
    return;

  const Handler *handler = message == NULL ? NULL : find_handler (self, message);

  if (handler == NULL)
    protest (self);
  else
    handler->handle (self, message);
}
