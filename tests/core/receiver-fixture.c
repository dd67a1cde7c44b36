// SPDX-License-Identifier: MIT
#include "receiver-fixture.h"

#include <string.h>

static void
preparing_cb (SeedReceiver *receiver, ReceiverTest *self)
{
  g_string_append (self->log, "preparing; ");
}

static void
manifest_cb (SeedReceiver *receiver, ReceiverTest *self)
{
  g_string_append (self->log, "manifest; ");
}

static void
finished_cb (SeedReceiver *receiver, guint file, const char *path, ReceiverTest *self)
{
  g_autofree char *name = g_path_get_basename (path);

  g_string_append_printf (self->log, "finished %u %s; ", file, name);
}

static void
complete_cb (SeedReceiver *receiver, ReceiverTest *self)
{
  g_string_append (self->log, "complete; ");
}

static void
ended_cb (SeedReceiver *receiver, const GError *error, ReceiverTest *self)
{
  g_assert_false (self->has_ended);
  self->has_ended = TRUE;
  g_string_append_printf (self->log, "ended %s; ",
                          error == NULL ? "well" : seed_code_name (seed_error_code (error)));
}

ReceiverTest *
receiver_test_new_unstarted (void)
{
  ReceiverTest *self = g_new0 (ReceiverTest, 1);
  MemoryChannel *other;

  memory_channel_new_pair (&other, &self->channel);
  self->scratch = scratch_new ();
  self->far = far_end_new (other);
  self->log = g_string_new (NULL);
  self->receiver = seed_receiver_new (
      SEED_CHANNEL (g_object_ref (self->channel)),
      seed_writer_new (seed_store_new_folder (self->scratch->path, NULL)), "Test");
  g_signal_connect (self->receiver, "preparing", G_CALLBACK (preparing_cb), self);
  g_signal_connect (self->receiver, "manifest", G_CALLBACK (manifest_cb), self);
  g_signal_connect (self->receiver, "finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (self->receiver, "complete", G_CALLBACK (complete_cb), self);
  g_signal_connect (self->receiver, "ended", G_CALLBACK (ended_cb), self);

  return self;
}

ReceiverTest *
receiver_test_new (void)
{
  ReceiverTest *self = receiver_test_new_unstarted ();

  seed_receiver_start (self->receiver);
  return self;
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  gboolean *closed = user_data;

  g_assert_true (seed_receiver_close_finish (SEED_RECEIVER (object), result, NULL));
  *closed = TRUE;
}

void
receiver_test_close (ReceiverTest *self)
{
  gboolean closed = FALSE;
  gsize before = self->log->len;

  /* The owner's part of a good-bye. */
  seed_receiver_close_async (self->receiver, NULL, closed_cb, &closed);
  seed_channel_close (SEED_CHANNEL (self->far->channel));
  wait_until (closed);
  run_ready ();
  g_assert_cmpuint (self->log->len, ==, before);
  g_assert_true (memory_channel_is_closed (self->channel));
  g_assert_finalize_object (g_steal_pointer (&self->receiver));
}

void
receiver_test_free (ReceiverTest *self)
{
  if (self->receiver != NULL)
    receiver_test_close (self);
  far_end_free (self->far);
  g_object_unref (self->channel);
  scratch_free (self->scratch);
  g_string_free (self->log, TRUE);
  g_free (self);
}

void
receiver_test_offer (ReceiverTest *self, guint n, gint64 size)
{
  g_autoptr (GString) entries = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (
        entries, "%s{'path':'f','size':%" G_GINT64_FORMAT ",'piece':1048576,'type':'','time':0}",
        i == 0 ? "" : ",", size);

  far_end_say (self->far, "{'type':'manifest','files':%u,'bytes':%" G_GINT64_FORMAT "}", n,
               n * size);
  far_end_say (self->far, "{'type':'files','from':0,'entries':[%s]}", entries->str);
}

void
receiver_test_assert_ends (ReceiverTest *self, const char *how)
{
  g_autofree char *ending = g_strdup_printf ("ended %s; ", how);
  g_autofree char *bye = g_strdup_printf ("*'%s'*'bye'*", how);

  wait_until (far_end_find (self->far, bye) != NULL);
  seed_channel_close (SEED_CHANNEL (self->far->channel));
  wait_until (self->has_ended);
  g_assert_true (g_str_has_suffix (self->log->str, ending));
}

void
receiver_test_assert_log (ReceiverTest *self, const char *expected)
{
  gsize length = strlen (expected);

  wait_until (self->log->len >= length);
  g_assert_cmpstr (self->log->str, ==, expected);
}
