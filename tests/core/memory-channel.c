// SPDX-License-Identifier: MIT
#include "memory-channel.h"

#include <string.h>

#include "seed-error.h"

typedef struct
{
  gboolean is_bulk;
  GBytes *bytes; /* of text without its NUL */
} Message;

struct _MemoryChannel
{
  GObject parent;

  MemoryChannel *other; /* NULL once that one is gone */
  GQueue control;       /* of Message, sent and not arrived */
  GQueue bulk;          /* of Message */
  GSource *source;      /* of the next turn */

  gsize buffered;
  gsize most_buffered;
  gsize drain;
  gboolean hold_control;
  gboolean was_high; /* above the low mark since "writable" was last emitted */
  gboolean is_cut;
  gboolean is_closed;
  GQueue endings; /* of GError, or the channel itself for an end in order: "closed" to emit here */

  MemoryHook hook;
  gpointer hook_data;
};

static void memory_channel_iface_init (SeedChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MemoryChannel, memory_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SEED_TYPE_CHANNEL, memory_channel_iface_init))

static void
message_free (gpointer data)
{
  Message *message = data;

  g_bytes_unref (message->bytes);
  g_free (message);
}

static void
emit_one (MemoryChannel *to, gboolean is_bulk, GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (is_bulk)
    seed_channel_emit_bulk (SEED_CHANNEL (to), bytes);
  else
    {
      g_autofree char *text = g_malloc0 (length + 1);

      if (length > 0)
        memcpy (text, data, length);
      seed_channel_emit_control (SEED_CHANNEL (to), text, length);
    }
}

static void
arrive (MemoryChannel *self, Message *message)
{
  g_autoptr (MemoryChannel) to = self->other == NULL ? NULL : g_object_ref (self->other);
  guint times = self->is_cut ? 0 : 1;

  if (times > 0 && self->hook != NULL)
    times = self->hook (message->is_bulk, &message->bytes, self->hook_data);

  for (guint i = 0; i < times && to != NULL && !to->is_closed; i++)
    emit_one (to, message->is_bulk, message->bytes);

  message_free (message);
}

static void
emit_endings (MemoryChannel *self)
{
  while (!g_queue_is_empty (&self->endings))
    {
      gpointer ending = g_queue_pop_head (&self->endings);
      g_autoptr (GError) error = ending == self ? NULL : ending;

      if (!self->is_closed)
        seed_channel_emit_closed (SEED_CHANNEL (self), error);
    }
}

static void
send_control_queue (MemoryChannel *self)
{
  while (!self->hold_control && !g_queue_is_empty (&self->control))
    arrive (self, g_queue_pop_head (&self->control));
}

/* A cut network takes nothing out of the queue either. */
static void
send_bulk_queue (MemoryChannel *self)
{
  gsize left = self->is_cut ? 0 : self->drain;

  while (left > 0 && !g_queue_is_empty (&self->bulk))
    {
      Message *message = g_queue_pop_head (&self->bulk);
      gsize size = g_bytes_get_size (message->bytes);

      self->buffered -= size;
      left -= MIN (left, size);
      arrive (self, message);
    }
}

static void schedule (MemoryChannel *self);

static gboolean
turn_cb (gpointer user_data)
{
  MemoryChannel *self = user_data;
  g_autoptr (MemoryChannel) alive = g_object_ref (self);

  g_clear_pointer (&self->source, g_source_unref);
  send_control_queue (self);
  send_bulk_queue (self);

  if (self->was_high && self->buffered <= SEED_CHANNEL_LOW_MARK && !self->is_closed)
    {
      self->was_high = FALSE;
      seed_channel_emit_writable (SEED_CHANNEL (self));
    }

  emit_endings (self);

  if (!g_queue_is_empty (&self->bulk) && self->drain > 0 && !self->is_cut)
    schedule (self);

  return G_SOURCE_REMOVE;
}

static void
schedule (MemoryChannel *self)
{
  if (self->source != NULL)
    return;

  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, turn_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static void
end (MemoryChannel *self, GError *error)
{
  g_queue_push_tail (&self->endings, error == NULL ? (gpointer) self : error);
  schedule (self);
}

static void
push (MemoryChannel *self, gboolean is_bulk, GBytes *bytes)
{
  Message *message = g_new0 (Message, 1);

  message->is_bulk = is_bulk;
  message->bytes = bytes;
  g_queue_push_tail (is_bulk ? &self->bulk : &self->control, message);
  schedule (self);
}

static void
memory_channel_send_control (SeedChannel *channel, const char *text)
{
  MemoryChannel *self = MEMORY_CHANNEL (channel);

  if (!self->is_closed)
    push (self, FALSE, g_bytes_new (text, strlen (text)));
}

static void
memory_channel_send_bulk (SeedChannel *channel, GBytes *frame)
{
  MemoryChannel *self = MEMORY_CHANNEL (channel);

  if (self->is_closed)
    return;

  self->buffered += g_bytes_get_size (frame);
  self->most_buffered = MAX (self->most_buffered, self->buffered);
  self->was_high = self->was_high || self->buffered > SEED_CHANNEL_LOW_MARK;
  push (self, TRUE, g_bytes_ref (frame));
}

static gsize
memory_channel_get_buffered (SeedChannel *channel)
{
  return MEMORY_CHANNEL (channel)->buffered;
}

static char *
memory_channel_dup_address (SeedChannel *channel)
{
  return g_strdup ("192.0.2.7");
}

static SeedPath
memory_channel_get_path (SeedChannel *channel)
{
  return SEED_PATH_LAN;
}

static void
clear_queues (MemoryChannel *self)
{
  g_queue_clear_full (&self->control, message_free);
  g_queue_clear_full (&self->bulk, message_free);
  self->buffered = 0;
}

static void
memory_channel_close (SeedChannel *channel)
{
  MemoryChannel *self = MEMORY_CHANNEL (channel);

  if (self->is_closed)
    return;

  self->is_closed = TRUE;
  clear_queues (self);
  if (self->other != NULL && !self->is_cut)
    end (self->other, NULL);
}

static void
memory_channel_iface_init (SeedChannelInterface *iface)
{
  iface->send_control = memory_channel_send_control;
  iface->send_bulk = memory_channel_send_bulk;
  iface->get_buffered = memory_channel_get_buffered;
  iface->dup_address = memory_channel_dup_address;
  iface->get_path = memory_channel_get_path;
  iface->close = memory_channel_close;
}

void
memory_channel_new_pair (MemoryChannel **owner, MemoryChannel **receiver)
{
  *owner = g_object_new (MEMORY_TYPE_CHANNEL, NULL);
  *receiver = g_object_new (MEMORY_TYPE_CHANNEL, NULL);
  (*owner)->other = *receiver;
  (*receiver)->other = *owner;
}

void
memory_channel_set_drain (MemoryChannel *self, gsize bytes)
{
  self->drain = bytes;
  schedule (self);
}

void
memory_channel_hold_control (MemoryChannel *self, gboolean hold)
{
  self->hold_control = hold;
  schedule (self);
}

void
memory_channel_set_hook (MemoryChannel *self, MemoryHook hook, gpointer user_data)
{
  self->hook = hook;
  self->hook_data = user_data;
}

void
memory_channel_cut (MemoryChannel *self)
{
  self->is_cut = TRUE;
  if (self->other != NULL)
    self->other->is_cut = TRUE;
}

void
memory_channel_break (MemoryChannel *self, SeedCode code)
{
  if (self->other != NULL)
    end (self->other, seed_error_new_code (code));
  end (self, seed_error_new_code (code));
  memory_channel_cut (self);
}

gsize
memory_channel_get_most_buffered (MemoryChannel *self)
{
  return self->most_buffered;
}

gboolean
memory_channel_is_closed (MemoryChannel *self)
{
  return self->is_closed;
}

static void
memory_channel_finalize (GObject *object)
{
  MemoryChannel *self = MEMORY_CHANNEL (object);

  if (self->other != NULL)
    self->other->other = NULL;
  if (self->source != NULL)
    g_source_destroy (self->source);

  g_clear_pointer (&self->source, g_source_unref);
  clear_queues (self);
  while (!g_queue_is_empty (&self->endings))
    {
      gpointer ending = g_queue_pop_head (&self->endings);

      if (ending != self)
        g_error_free (ending);
    }

  G_OBJECT_CLASS (memory_channel_parent_class)->finalize (object);
}

static void
memory_channel_class_init (MemoryChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = memory_channel_finalize;
}

static void
memory_channel_init (MemoryChannel *self)
{
  g_queue_init (&self->control);
  g_queue_init (&self->bulk);
  g_queue_init (&self->endings);
  self->drain = G_MAXSIZE;
}
