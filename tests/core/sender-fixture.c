// SPDX-License-Identifier: MIT
#include "sender-fixture.h"

static void
hello_cb (SeedSender *sender, const char *agent, SenderTest *self)
{
  g_string_append_printf (self->log, "hello %s; ", agent);
}

static void
progress_cb (SeedSender *sender, gint64 bytes, SenderTest *self)
{
  g_string_append_printf (self->log, "progress %" G_GINT64_FORMAT "; ", bytes);
}

static void
complete_cb (SeedSender *sender, gint64 bytes, SenderTest *self)
{
  g_string_append_printf (self->log, "complete %" G_GINT64_FORMAT "; ", bytes);
}

static void
ended_cb (SeedSender *sender, const GError *error, SenderTest *self)
{
  g_assert_false (self->has_ended);
  self->has_ended = TRUE;
  g_string_append_printf (self->log, "ended %s; ",
                          error == NULL ? "well" : seed_code_name (seed_error_code (error)));
}

SenderTest *
sender_test_new (void)
{
  SenderTest *self = g_new0 (SenderTest, 1);
  MemoryChannel *other;

  memory_channel_new_pair (&self->channel, &other);
  self->scratch = scratch_new ();
  self->far = far_end_new (other);
  self->sender = seed_sender_new (SEED_CHANNEL (g_object_ref (self->channel)));
  self->log = g_string_new (NULL);
  g_signal_connect (self->sender, "hello", G_CALLBACK (hello_cb), self);
  g_signal_connect (self->sender, "progress", G_CALLBACK (progress_cb), self);
  g_signal_connect (self->sender, "complete", G_CALLBACK (complete_cb), self);
  g_signal_connect (self->sender, "ended", G_CALLBACK (ended_cb), self);

  return self;
}

void
sender_test_free (SenderTest *self)
{
  g_assert_finalize_object (self->sender);
  far_end_free (self->far);
  g_assert_true (memory_channel_is_closed (self->channel));
  g_object_unref (self->channel);
  scratch_free (self->scratch);
  g_string_free (self->log, TRUE);
  g_free (self);
}

void
sender_test_offer (SenderTest *self, const char *path, const char *other)
{
  g_autoptr (SeedCollection) collection = scratch_collect (path, other);

  seed_sender_set_collection (self->sender, collection);
}

SenderTest *
sender_test_new_with_file (gsize size)
{
  SenderTest *self = sender_test_new ();
  g_autofree char *path = scratch_file (self->scratch, "f", size, 1);

  sender_test_offer (self, path, NULL);
  seed_sender_start (self->sender);
  return self;
}

void
sender_test_want (SenderTest *self, guint file, gint64 offset, gint64 length)
{
  far_end_say (self->far,
               "{'type':'want','file':%u,'offset':%" G_GINT64_FORMAT ",'length':%" G_GINT64_FORMAT
               "}",
               file, offset, length);
}

void
sender_test_assert_ends (SenderTest *self, const char *how)
{
  g_autofree char *ending = g_strdup_printf ("ended %s; ", how);

  wait_until (self->has_ended);
  g_assert_true (g_str_has_suffix (self->log->str, ending));
  wait_until (self->far->has_ended);
}
