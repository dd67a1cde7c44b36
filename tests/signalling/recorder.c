// SPDX-License-Identifier: MIT
#include "recorder.h"

#define LIMIT_S 20

static void
add_line (Recorder *self, char *line)
{
  g_test_message ("%s", line);
  g_ptr_array_add (self->lines, line);
}

static void
created_cb (SeedSignalling *signalling, const char *share, const char *url, GPtrArray *ice,
            Recorder *self)
{
  add_line (self, g_strdup_printf ("created %s %s %u", share, url == NULL ? "-" : url, ice->len));
}

static void
joined_cb (SeedSignalling *signalling, GPtrArray *ice, Recorder *self)
{
  add_line (self, g_strdup_printf ("joined %u", ice->len));
}

static void
receiver_cb (SeedSignalling *signalling, const char *peer, Recorder *self)
{
  add_line (self, g_strdup_printf ("receiver %s", peer));
}

static void
left_cb (SeedSignalling *signalling, const char *peer, int code, Recorder *self)
{
  add_line (self, g_strdup_printf ("left %s %s", peer, seed_code_name (code)));
}

static void
relay_cb (SeedSignalling *signalling, const char *peer, const char *sealed, Recorder *self)
{
  add_line (self, g_strdup_printf ("relay %s %s", peer, sealed));
}

static void
owner_present_cb (SeedSignalling *signalling, gboolean present, Recorder *self)
{
  add_line (self, g_strdup_printf ("owner-present %s", present ? "yes" : "no"));
}

static void
gone_cb (SeedSignalling *signalling, int code, Recorder *self)
{
  add_line (self, g_strdup_printf ("gone %s", seed_code_name (code)));
}

static void
connected_cb (SeedSignalling *signalling, gboolean connected, Recorder *self)
{
  add_line (self, g_strdup_printf ("connected %s", connected ? "yes" : "no"));
}

static void
failed_cb (SeedSignalling *signalling, GError *error, Recorder *self)
{
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  add_line (self, g_strdup_printf ("failed %s", seed_code_name (seed_error_code (error))));
}

Recorder *
recorder_new (SeedSignalling *signalling)
{
  Recorder *self = g_new0 (Recorder, 1);

  self->lines = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (signalling, "created", G_CALLBACK (created_cb), self);
  g_signal_connect (signalling, "joined", G_CALLBACK (joined_cb), self);
  g_signal_connect (signalling, "receiver", G_CALLBACK (receiver_cb), self);
  g_signal_connect (signalling, "left", G_CALLBACK (left_cb), self);
  g_signal_connect (signalling, "relay", G_CALLBACK (relay_cb), self);
  g_signal_connect (signalling, "owner-present", G_CALLBACK (owner_present_cb), self);
  g_signal_connect (signalling, "gone", G_CALLBACK (gone_cb), self);
  g_signal_connect (signalling, "connected", G_CALLBACK (connected_cb), self);
  g_signal_connect (signalling, "failed", G_CALLBACK (failed_cb), self);

  return self;
}

static gboolean
set_flag_cb (gpointer user_data)
{
  gboolean *flag = user_data;

  *flag = TRUE;
  return G_SOURCE_REMOVE;
}

static const char *
next_like (Recorder *self, const char *pattern)
{
  while (self->read < self->lines->len)
    {
      const char *line = g_ptr_array_index (self->lines, self->read++);

      if (g_pattern_match_simple (pattern, line))
        return line;
    }

  return NULL;
}

const char *
recorder_wait (Recorder *self, const char *pattern)
{
  const char *line;
  gboolean too_late = FALSE;
  guint limit = g_timeout_add_seconds (LIMIT_S, set_flag_cb, &too_late);

  while ((line = next_like (self, pattern)) == NULL && !too_late)
    g_main_context_iteration (NULL, TRUE);

  if (too_late)
    g_error ("“%s” never happened", pattern);
  g_source_remove (limit);

  return line;
}

gboolean
recorder_has (Recorder *self, const char *pattern)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      if (g_pattern_match_simple (pattern, g_ptr_array_index (self->lines, i)))
        return TRUE;
    }

  return FALSE;
}

void
recorder_free (Recorder *self)
{
  g_ptr_array_unref (self->lines);
  g_clear_error (&self->error);
  g_free (self);
}

void
wait_until_set (gboolean *flag)
{
  gboolean too_late = FALSE;
  guint limit = g_timeout_add_seconds (LIMIT_S, set_flag_cb, &too_late);

  while (!*flag && !too_late)
    g_main_context_iteration (NULL, TRUE);

  g_assert_false (too_late);
  g_source_remove (limit);
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *closed = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_true (seed_signalling_close_finish (SEED_SIGNALLING (source), result, &error));
  g_assert_no_error (error);
  *closed = TRUE;
}

void
close_and_wait (SeedSignalling *signalling)
{
  gboolean closed = FALSE;

  seed_signalling_close_async (signalling, NULL, closed_cb, &closed);
  wait_until_set (&closed);
}

void
run_for (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, set_flag_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}
