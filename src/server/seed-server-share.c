// SPDX-License-Identifier: MIT
#include "seed-server-share.h"

#include <string.h>

/* What receivers say to an owner that is away for a moment: enough for some answers with their
 * candidates, and not much to hold. */
#define KEPT_MAX (64 * 1024)

struct _SeedServerShare
{
  char *id;
  SeedServerOrigin *origin; /* (nullable) */
  SeedServerSocket *owner;  /* (unowned) (nullable) */
  GHashTable *receivers;    /* peer → SeedServerSocket, unowned */
  GQueue kept;              /* text of messages */
  gsize kept_bytes;
  gint64 lost_at;
};

SeedServerShare *
seed_server_share_new (const char *id, SeedServerOrigin *origin)
{
  SeedServerShare *self = g_new0 (SeedServerShare, 1);

  self->id = g_strdup (id);
  self->receivers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->kept);

  if (origin != NULL)
    seed_server_share_set_origin (self, origin);

  return self;
}

static void
drop_kept (SeedServerShare *self)
{
  g_queue_clear_full (&self->kept, g_free);
  self->kept_bytes = 0;
}

static void
clear_origin (SeedServerShare *self)
{
  if (self->origin == NULL)
    return;

  self->origin->shares--;
  g_clear_pointer (&self->origin, seed_server_origin_unref);
}

void
seed_server_share_free (SeedServerShare *self)
{
  GHashTableIter iter;
  gpointer socket;

  g_hash_table_iter_init (&iter, self->receivers);

  while (g_hash_table_iter_next (&iter, NULL, &socket))
    seed_server_socket_seat (socket, NULL, NULL);

  if (self->owner != NULL)
    seed_server_socket_seat (self->owner, NULL, NULL);

  clear_origin (self);
  drop_kept (self);
  g_hash_table_unref (self->receivers);
  g_free (self->id);
  g_free (self);
}

const char *
seed_server_share_get_id (SeedServerShare *self)
{
  return self->id;
}

SeedServerOrigin *
seed_server_share_get_origin (SeedServerShare *self)
{
  return self->origin;
}

void
seed_server_share_set_origin (SeedServerShare *self, SeedServerOrigin *origin)
{
  SeedServerOrigin *taken = seed_server_origin_ref (origin);

  clear_origin (self);
  self->origin = taken;
  self->origin->shares++;
}

SeedServerSocket *
seed_server_share_get_owner (SeedServerShare *self)
{
  return self->owner;
}

gint64
seed_server_share_get_lost_at (SeedServerShare *self)
{
  return self->lost_at;
}

static void
tell_receivers (SeedServerShare *self, gboolean present)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_OWNER);
  GHashTableIter iter;
  gpointer socket;

  seed_message_set_bool (message, SEED_FIELD_PRESENT, present);
  g_hash_table_iter_init (&iter, self->receivers);

  while (g_hash_table_iter_next (&iter, NULL, &socket))
    seed_server_socket_send (socket, message);
}

void
seed_server_share_set_owner (SeedServerShare *self, SeedServerSocket *owner)
{
  self->owner = owner;
  seed_server_socket_seat (owner, self, NULL);

  if (self->lost_at != 0)
    tell_receivers (self, TRUE);

  self->lost_at = 0;
}

void
seed_server_share_lose_owner (SeedServerShare *self, gint64 now)
{
  if (self->owner != NULL)
    seed_server_socket_seat (self->owner, NULL, NULL);

  self->owner = NULL;
  self->lost_at = now;
  tell_receivers (self, FALSE);
}

static void
name_receiver (SeedServerShare *self, const char *peer)
{
  g_autoptr (SeedMessage) message = seed_message_new (SEED_MESSAGE_RECEIVER);

  seed_message_set_string (message, SEED_FIELD_PEER, peer);
  seed_server_socket_send (self->owner, message);
}

void
seed_server_share_greet_owner (SeedServerShare *self)
{
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, self->receivers);

  while (g_hash_table_iter_next (&iter, &peer, NULL))
    name_receiver (self, peer);

  for (GList *item = self->kept.head; item != NULL; item = item->next)
    seed_server_socket_send_text (self->owner, item->data);

  drop_kept (self);
}

guint
seed_server_share_count_receivers (SeedServerShare *self)
{
  return g_hash_table_size (self->receivers);
}

SeedServerSocket *
seed_server_share_get_receiver (SeedServerShare *self, const char *peer)
{
  return g_hash_table_lookup (self->receivers, peer);
}

void
seed_server_share_add_receiver (SeedServerShare *self, const char *peer, SeedServerSocket *receiver)
{
  g_hash_table_replace (self->receivers, g_strdup (peer), receiver);
  seed_server_socket_seat (receiver, self, peer);

  if (self->owner != NULL)
    name_receiver (self, peer);
}

void
seed_server_share_remove_receiver (SeedServerShare *self, const char *peer)
{
  SeedServerSocket *receiver = g_hash_table_lookup (self->receivers, peer);

  if (receiver == NULL)
    return;

  g_hash_table_remove (self->receivers, peer);
  seed_server_socket_seat (receiver, NULL, NULL);
}

void
seed_server_share_tell_owner (SeedServerShare *self, const SeedMessage *message, gboolean keep)
{
  if (self->owner != NULL)
    {
      seed_server_socket_send (self->owner, message);
      return;
    }

  g_autofree char *text = seed_message_to_json (message);
  gsize length = strlen (text);

  if (!keep || self->kept_bytes + length > KEPT_MAX)
    return;

  self->kept_bytes += length;
  g_queue_push_tail (&self->kept, g_steal_pointer (&text));
}

void
seed_server_share_end (SeedServerShare *self, SeedCode code)
{
  g_autoptr (SeedMessage) gone = seed_message_new (SEED_MESSAGE_GONE);
  GHashTableIter iter;
  gpointer socket;

  seed_message_set_code (gone, SEED_FIELD_CODE, code);
  g_hash_table_iter_init (&iter, self->receivers);

  while (g_hash_table_iter_next (&iter, NULL, &socket))
    {
      seed_server_socket_end (socket, gone);
      seed_server_socket_seat (socket, NULL, NULL);
    }

  g_hash_table_remove_all (self->receivers);

  if (self->owner != NULL)
    seed_server_socket_end (self->owner, NULL);
}
