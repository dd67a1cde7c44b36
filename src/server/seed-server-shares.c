// SPDX-License-Identifier: MIT
#include "seed-server-shares.h"

#include "seed-server-ice.h"
#include "seed-server-share.h"

/* After a restart receivers may be back before their owner is. For so long after the start they are
 * let wait for it. */
#define RETURN_USEC (20 * G_USEC_PER_SEC)

struct _SeedServerShares
{
  const SeedServerConfig *config;
  const SeedServerToken *token;
  SeedServerMetrics *metrics;
  GHashTable *shares; /* id, inside the value → SeedServerShare */
  gint64 started_at;
};

typedef enum
{
  SEAT_NONE = 1 << 0,
  SEAT_OWNER = 1 << 1,
  SEAT_RECEIVER = 1 << 2,
} Seat;

typedef void (*Handler) (SeedServerShares *self, SeedServerSocket *socket,
                         const SeedMessage *message);

typedef struct
{
  SeedMessageType type;
  Seat seats;
  Handler handle;
} Rule;

SeedServerShares *
seed_server_shares_new (const SeedServerConfig *config, const SeedServerToken *token,
                        SeedServerMetrics *metrics)
{
  SeedServerShares *self = g_new0 (SeedServerShares, 1);

  self->config = config;
  self->token = token;
  self->metrics = metrics;
  self->shares = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        (GDestroyNotify) seed_server_share_free);
  self->started_at = g_get_monotonic_time ();

  return self;
}

void
seed_server_shares_free (SeedServerShares *self)
{
  g_hash_table_unref (self->shares);
  g_free (self);
}

static SeedServerShare *
add_share (SeedServerShares *self, const char *id, SeedServerOrigin *origin)
{
  SeedServerShare *share = seed_server_share_new (id, origin);

  g_hash_table_insert (self->shares, (char *) seed_server_share_get_id (share), share);
  return share;
}

static gboolean
has_room (SeedServerShares *self, SeedServerOrigin *origin)
{
  return origin->shares < self->config->shares_per_address;
}

static void
fill_ice (SeedServerShares *self, SeedMessage *message)
{
  seed_server_ice_fill (self->config, g_get_real_time () / G_USEC_PER_SEC, message);
}

static void
send_created (SeedServerShares *self, SeedServerSocket *owner, const char *id)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_CREATED);
  g_autofree char *token = seed_server_token_make (self->token, id);

  seed_message_set_string (message, SEED_FIELD_SHARE, id);
  seed_message_set_string (message, SEED_FIELD_TOKEN, token);

  if (self->config->public_url != NULL)
    seed_message_set_string (message, SEED_FIELD_URL, self->config->public_url);

  fill_ice (self, message);
  seed_server_socket_send (owner, message);
}

static char *
new_id (SeedServerShares *self)
{
  char *id = seed_server_new_share_id ();

  while (g_hash_table_contains (self->shares, id))
    {
      g_free (id);
      id = seed_server_new_share_id ();
    }

  return id;
}

static void
handle_create (SeedServerShares *self, SeedServerSocket *socket, const SeedMessage *message)
{
  SeedServerOrigin *origin = seed_server_socket_get_origin (socket);

  if (!has_room (self, origin))
    {
      seed_server_socket_refuse (socket, SEED_CODE_TOO_MANY_SHARES);
      return;
    }
  if (!seed_server_origin_may_create (origin, g_get_monotonic_time ()))
    {
      seed_server_socket_refuse (socket, SEED_CODE_TOO_FAST);
      return;
    }

  g_autofree char *id = new_id (self);
  SeedServerShare *share = add_share (self, id, origin);

  seed_server_share_set_owner (share, socket);
  self->metrics->created++;
  send_created (self, socket, id);
}

/* The share that @socket, which has its token, takes up; NULL where its address has no room. */
static SeedServerShare *
take_share (SeedServerShares *self, SeedServerSocket *socket, const char *id)
{
  SeedServerShare *share = g_hash_table_lookup (self->shares, id);
  SeedServerOrigin *origin = seed_server_socket_get_origin (socket);

  if ((share == NULL || seed_server_share_get_origin (share) != origin) && !has_room (self, origin))
    return NULL;

  if (share == NULL)
    return add_share (self, id, origin);

  SeedServerSocket *before = seed_server_share_get_owner (share);

  /* Told so that, if it is there after all, the two do not take the share from each other for ever. */
  if (before != NULL)
    {
      seed_server_socket_seat (before, NULL, NULL);
      seed_server_socket_refuse (before, SEED_CODE_PEER_TAKEN);
    }

  seed_server_share_set_origin (share, origin);
  return share;
}

static void
handle_resume (SeedServerShares *self, SeedServerSocket *socket, const SeedMessage *message)
{
  const char *id = seed_message_get_string (message, SEED_FIELD_SHARE);
  const char *token = seed_message_get_string (message, SEED_FIELD_TOKEN);

  if (!seed_server_token_check (self->token, id, token))
    {
      seed_server_socket_refuse (socket, SEED_CODE_BAD_TOKEN);
      return;
    }

  SeedServerShare *share = take_share (self, socket, id);

  if (share == NULL)
    {
      seed_server_socket_refuse (socket, SEED_CODE_TOO_MANY_SHARES);
      return;
    }

  send_created (self, socket, id);
  seed_server_share_set_owner (share, socket);
  seed_server_share_greet_owner (share);
  self->metrics->resumed++;
}

/* (nullable): the share to join. */
static SeedServerShare *
find_share (SeedServerShares *self, const char *id, gint64 now)
{
  SeedServerShare *share = g_hash_table_lookup (self->shares, id);
  gboolean may_return =
      seed_server_token_is_old (self->token) && now - self->started_at < RETURN_USEC;

  if (share != NULL || !may_return)
    return share;

  share = add_share (self, id, NULL);
  seed_server_share_lose_owner (share, now);
  return share;
}

/* Whether @before may give way to @socket: it is gone, or the same client's. */
static gboolean
gives_way (SeedServerSocket *before, SeedServerSocket *socket, gint64 now)
{
  SeedServerOrigin *origin = seed_server_socket_get_origin (before);

  return origin == NULL || origin == seed_server_socket_get_origin (socket) ||
         seed_server_socket_is_ending (before) || seed_server_socket_is_silent (before, now);
}

/* Whether @socket may be @peer of @share, in whose place an earlier socket may have to go. */
static gboolean
take_peer (SeedServerShares *self, SeedServerSocket *socket, SeedServerShare *share,
           const char *peer, gint64 now)
{
  SeedServerSocket *before = seed_server_share_get_receiver (share, peer);

  if (before == NULL)
    {
      gboolean room = seed_server_share_count_receivers (share) < self->config->receivers_per_share;

      if (!room)
        seed_server_socket_refuse (socket, SEED_CODE_TOO_MANY_RECEIVERS);

      return room;
    }

  if (!gives_way (before, socket, now))
    {
      seed_server_socket_refuse (socket, SEED_CODE_PEER_TAKEN);
      return FALSE;
    }

  seed_server_share_remove_receiver (share, peer);
  seed_server_socket_refuse (before, SEED_CODE_PEER_TAKEN);
  return TRUE;
}

static void
send_joined (SeedServerShares *self, SeedServerSocket *receiver)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_JOINED);

  fill_ice (self, message);
  seed_server_socket_send (receiver, message);
}

static void
send_absent (SeedServerSocket *receiver)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_OWNER);

  seed_message_set_bool (message, SEED_FIELD_PRESENT, FALSE);
  seed_server_socket_send (receiver, message);
}

static void
handle_join (SeedServerShares *self, SeedServerSocket *socket, const SeedMessage *message)
{
  const char *peer = seed_message_get_string (message, SEED_FIELD_PEER);
  gint64 now = g_get_monotonic_time ();

  if (!seed_server_origin_may_join (seed_server_socket_get_origin (socket), now))
    {
      seed_server_socket_refuse (socket, SEED_CODE_TOO_FAST);
      return;
    }

  SeedServerShare *share =
      find_share (self, seed_message_get_string (message, SEED_FIELD_SHARE), now);

  if (share == NULL)
    {
      seed_server_socket_refuse (socket, SEED_CODE_SHARE_UNKNOWN);
      return;
    }
  if (!take_peer (self, socket, share, peer, now))
    return;

  send_joined (self, socket);
  seed_server_share_add_receiver (share, peer, socket);
  self->metrics->joined++;

  if (seed_server_share_get_owner (share) == NULL)
    send_absent (socket);
}

static void
relay_to_receiver (SeedServerShares *self, SeedServerShare *share, const SeedMessage *message)
{
  const char *peer = seed_message_get_string (message, SEED_FIELD_PEER);
  SeedServerSocket *receiver = seed_server_share_get_receiver (share, peer);

  /* It may just have left, and its owner not know that yet. */
  if (receiver == NULL)
    return;

  seed_server_socket_send (receiver, message);
  self->metrics->relayed++;
}

static void
relay_to_owner (SeedServerShares *self, SeedServerSocket *socket, SeedServerShare *share,
                const SeedMessage *message)
{
  SeedServerSocket *owner = seed_server_share_get_owner (share);
  const char *peer = seed_message_get_string (message, SEED_FIELD_PEER);

  if (!g_str_equal (peer, seed_server_socket_get_peer (socket)))
    {
      seed_server_socket_refuse (socket, SEED_CODE_BAD_MESSAGE);
      return;
    }

  /* Anyone with the link could otherwise make the owner lose its socket. */
  if (owner != NULL && seed_server_socket_get_unread (owner) > self->config->unread_bytes / 2)
    {
      seed_server_socket_refuse (socket, SEED_CODE_TOO_FAST);
      return;
    }

  seed_server_share_tell_owner (share, message, TRUE);
  self->metrics->relayed++;
}

static void
handle_relay (SeedServerShares *self, SeedServerSocket *socket, const SeedMessage *message)
{
  SeedServerShare *share = seed_server_socket_get_share (socket);

  if (seed_server_socket_get_peer (socket) == NULL)
    relay_to_receiver (self, share, message);
  else
    relay_to_owner (self, socket, share, message);
}

static void
handle_drop (SeedServerShares *self, SeedServerSocket *socket, const SeedMessage *message)
{
  SeedServerShare *share = seed_server_socket_get_share (socket);
  const char *peer = seed_message_get_string (message, SEED_FIELD_PEER);
  SeedServerSocket *receiver = seed_server_share_get_receiver (share, peer);
  g_autoptr (SeedMessage) gone = seed_message_new (SEED_MESSAGE_GONE);

  if (receiver == NULL)
    return;

  seed_message_set_code (gone, SEED_FIELD_CODE, seed_message_get_code (message, SEED_FIELD_CODE));
  seed_server_share_remove_receiver (share, peer);
  seed_server_socket_end (receiver, gone);
}

static void
handle_close (SeedServerShares *self, SeedServerSocket *socket, const SeedMessage *message)
{
  SeedServerShare *share = seed_server_socket_get_share (socket);

  seed_server_share_end (share, SEED_CODE_SHARE_CLOSED);
  g_hash_table_remove (self->shares, seed_server_share_get_id (share));
}

static void
tell_left (SeedServerShare *share, const char *peer, const SeedMessage *leave)
{
  g_autoptr (SeedMessage) left = seed_message_new (SEED_MESSAGE_LEFT);

  seed_message_set_string (left, SEED_FIELD_PEER, peer);

  if (leave != NULL && seed_message_has (leave, SEED_FIELD_CODE))
    seed_message_set_code (left, SEED_FIELD_CODE, seed_message_get_code (leave, SEED_FIELD_CODE));

  seed_server_share_tell_owner (share, left, FALSE);
}

static void
remove_receiver (SeedServerSocket *socket, const SeedMessage *leave)
{
  SeedServerShare *share = seed_server_socket_get_share (socket);
  g_autofree char *peer = g_strdup (seed_server_socket_get_peer (socket));

  seed_server_share_remove_receiver (share, peer);
  tell_left (share, peer, leave);
}

static void
handle_leave (SeedServerShares *self, SeedServerSocket *socket, const SeedMessage *message)
{
  remove_receiver (socket, message);
  seed_server_socket_end (socket, NULL);
}

static const Rule rules[] = {
  { SEED_MESSAGE_CREATE, SEAT_NONE, handle_create },
  { SEED_MESSAGE_RESUME, SEAT_NONE, handle_resume },
  { SEED_MESSAGE_JOIN, SEAT_NONE, handle_join },
  { SEED_MESSAGE_RELAY, SEAT_OWNER | SEAT_RECEIVER, handle_relay },
  { SEED_MESSAGE_DROP, SEAT_OWNER, handle_drop },
  { SEED_MESSAGE_CLOSE, SEAT_OWNER, handle_close },
  { SEED_MESSAGE_LEAVE, SEAT_RECEIVER, handle_leave },
};

static Seat
seat_of (SeedServerSocket *socket)
{
  if (seed_server_socket_get_share (socket) == NULL)
    return SEAT_NONE;

  return seed_server_socket_get_peer (socket) == NULL ? SEAT_OWNER : SEAT_RECEIVER;
}

void
seed_server_shares_message (SeedServerShares *self, SeedServerSocket *socket,
                            const SeedMessage *message)
{
  SeedMessageType type = seed_message_type (message);

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      if (rules[i].type == type && (rules[i].seats & seat_of (socket)) != 0)
        {
          rules[i].handle (self, socket, message);
          return;
        }
    }

  /* A known message from one who may not say it, or not now. */
  seed_server_socket_refuse (socket, SEED_CODE_BAD_MESSAGE);
}

void
seed_server_shares_lost (SeedServerShares *self, SeedServerSocket *socket)
{
  switch (seat_of (socket))
    {
    case SEAT_OWNER:
      seed_server_share_lose_owner (seed_server_socket_get_share (socket), g_get_monotonic_time ());
      break;
    case SEAT_RECEIVER:
      remove_receiver (socket, NULL);
      break;
    case SEAT_NONE:
    default:
      break;
    }
}

static gboolean
is_over (SeedServerShares *self, SeedServerShare *share, gint64 now)
{
  gboolean expected = seed_server_share_get_origin (share) == NULL;
  gint64 grace = (gint64) self->config->grace_seconds * G_USEC_PER_SEC;
  gint64 patience = expected ? MIN (grace, RETURN_USEC) : grace;

  return seed_server_share_get_owner (share) == NULL &&
         now - seed_server_share_get_lost_at (share) > patience;
}

void
seed_server_shares_check (SeedServerShares *self, gint64 now)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->shares);

  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SeedServerShare *share = value;
      gboolean expected = seed_server_share_get_origin (share) == NULL;

      if (!is_over (self, share, now))
        continue;

      seed_server_share_end (share, expected ? SEED_CODE_SHARE_UNKNOWN : SEED_CODE_SHARE_LOST);
      g_hash_table_iter_remove (&iter);
    }
}

void
seed_server_shares_count (SeedServerShares *self)
{
  GHashTableIter iter;
  gpointer share;

  self->metrics->shares = g_hash_table_size (self->shares);
  self->metrics->receivers = 0;
  g_hash_table_iter_init (&iter, self->shares);

  while (g_hash_table_iter_next (&iter, NULL, &share))
    self->metrics->receivers += seed_server_share_count_receivers (share);
}
