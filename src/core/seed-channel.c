// SPDX-License-Identifier: MIT
#include "seed-channel.h"

enum
{
  OPENED,
  CONTROL,
  BULK,
  WRITABLE,
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (SeedChannel, seed_channel, G_TYPE_OBJECT)

static void
seed_channel_default_init (SeedChannelInterface *iface)
{
  GType type = G_TYPE_FROM_INTERFACE (iface);

  signals[OPENED] =
      g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CONTROL] = g_signal_new ("control", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ULONG);
  signals[BULK] = g_signal_new ("bulk", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_BYTES);
  signals[WRITABLE] =
      g_signal_new ("writable", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

void
seed_channel_send_control (SeedChannel *self, const char *text)
{
  SEED_CHANNEL_GET_IFACE (self)->send_control (self, text);
}

void
seed_channel_send_bulk (SeedChannel *self, GBytes *frame)
{
  SEED_CHANNEL_GET_IFACE (self)->send_bulk (self, frame);
}

gsize
seed_channel_get_buffered (SeedChannel *self)
{
  return SEED_CHANNEL_GET_IFACE (self)->get_buffered (self);
}

char *
seed_channel_dup_address (SeedChannel *self)
{
  return SEED_CHANNEL_GET_IFACE (self)->dup_address (self);
}

SeedPath
seed_channel_get_path (SeedChannel *self)
{
  return SEED_CHANNEL_GET_IFACE (self)->get_path (self);
}

void
seed_channel_close (SeedChannel *self)
{
  SEED_CHANNEL_GET_IFACE (self)->close (self);
}

void
seed_channel_emit_opened (SeedChannel *self)
{
  g_signal_emit (self, signals[OPENED], 0);
}

void
seed_channel_emit_control (SeedChannel *self, const char *text, gsize length)
{
  g_signal_emit (self, signals[CONTROL], 0, text, (gulong) length);
}

void
seed_channel_emit_bulk (SeedChannel *self, GBytes *frame)
{
  g_signal_emit (self, signals[BULK], 0, frame);
}

void
seed_channel_emit_writable (SeedChannel *self)
{
  g_signal_emit (self, signals[WRITABLE], 0);
}

void
seed_channel_emit_closed (SeedChannel *self, const GError *error)
{
  g_signal_emit (self, signals[CLOSED], 0, error);
}
