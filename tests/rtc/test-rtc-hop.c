// SPDX-License-Identifier: MIT
#include "seed-rtc-hop.h"

#include "seed-error.h"

#define N_EVENTS 5000
#define FLOOD_SIZE (1024 * 1024)
#define FLOOD_EVENTS 64

/* Owns the hop, as a peer does, and notes what comes out. */
struct _TestOwner
{
  GObject parent;

  SeedRtcHop *hop;
  GThread *home;
  int next; /* number that is due */
  guint seen;
  int failed; /* code of a failure, or -1 */
  int close_at;
};

#define TEST_TYPE_OWNER (test_owner_get_type ())
G_DECLARE_FINAL_TYPE (TestOwner, test_owner, TEST, OWNER, GObject)
G_DEFINE_FINAL_TYPE (TestOwner, test_owner, G_TYPE_OBJECT)

static void
test_owner_class_init (TestOwnerClass *klass)
{
}

static void
test_owner_init (TestOwner *self)
{
  self->home = g_thread_self ();
  self->failed = -1;
  self->close_at = -1;
}

static void
on_event (SeedRtcEvent *event, gpointer user_data)
{
  TestOwner *self = TEST_OWNER (user_data);
  g_autoptr (SeedRtcEvent) owned = event;

  g_assert_true (g_thread_self () == self->home);
  self->seen++;
  if (event->kind == SEED_RTC_EVENT_FAILED)
    self->failed = event->number;
  else
    g_assert_cmpint (event->number, ==, self->next++);
  if (self->next == self->close_at)
    seed_rtc_hop_close (self->hop);
}

typedef struct
{
  TestOwner *owner;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->owner = g_object_new (TEST_TYPE_OWNER, NULL);
  self->owner->hop = seed_rtc_hop_new (NULL, on_event, G_OBJECT (self->owner));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  seed_rtc_hop_close (self->owner->hop);
  seed_rtc_hop_unref (self->owner->hop);
  g_assert_finalize_object (self->owner);
}

static gpointer
push_thread (gpointer data)
{
  for (int i = 0; i < N_EVENTS; i++)
    {
      SeedRtcEvent *event = seed_rtc_event_new (SEED_RTC_EVENT_TEXT);

      event->number = i;
      event->text = g_strdup ("text");
      seed_rtc_hop_push (data, event);
    }

  return NULL;
}

static void
turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_order (Fixture *self, gconstpointer data)
{
  GThread *thread = g_thread_new ("push", push_thread, self->owner->hop);

  while (self->owner->next < N_EVENTS)
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  turn ();
  g_assert_cmpuint (self->owner->seen, ==, N_EVENTS);
}

static void
test_close (Fixture *self, gconstpointer data)
{
  self->owner->close_at = 10;
  push_thread (self->owner->hop);
  turn ();
  g_assert_cmpuint (self->owner->seen, ==, 10);
  push_thread (self->owner->hop);
  turn ();
  g_assert_cmpuint (self->owner->seen, ==, 10);
}

static void
test_flood (Fixture *self, gconstpointer data)
{
  g_autofree char *block = g_malloc0 (FLOOD_SIZE);
  g_autoptr (GBytes) bytes = g_bytes_new (block, FLOOD_SIZE);

  for (int i = 0; i < FLOOD_EVENTS; i++)
    {
      SeedRtcEvent *event = seed_rtc_event_new (SEED_RTC_EVENT_DATA);

      event->bytes = g_bytes_ref (bytes);
      seed_rtc_hop_push (self->owner->hop, event);
    }
  /* The failure comes first, before anything of the flood. */
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (self->owner->failed, ==, SEED_CODE_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/rtc/hop/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/rtc/hop/close", Fixture, NULL, set_up, test_close, tear_down);
  g_test_add ("/rtc/hop/flood", Fixture, NULL, set_up, test_flood, tear_down);

  return g_test_run ();
}
