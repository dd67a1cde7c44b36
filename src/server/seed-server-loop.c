// SPDX-License-Identifier: MIT
#include "seed-server-loop.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#define WATCHES_PER_SHARD 32
#define TURNS_AT_ONCE 32
#define EVENTS_AT_ONCE 256
/* Timers inside the shards are seen to this often. */
#define TICK_SECONDS 1

struct _SeedServerShard
{
  SeedServerLoop *loop;
  GMainContext *context;
  guint watches;
  gboolean has_work;
};

struct _SeedServerLoop
{
  int epoll;
  GSource *source;
  GSource *tick;
  GPtrArray *shards;
  GPtrArray *roomy; /* borrowed: shards with room for one more */
  guint next;       /* the shard to burden when no new one can be made */
  GQueue work;      /* borrowed: shards */
};

typedef struct
{
  GSource parent;
  SeedServerLoop *loop;
  gpointer tag;
} LoopSource;

/* Readiness reaches the shards' sources by their ready times alone; their contexts poll nothing. */
static int
poll_nothing (GPollFD *fds, guint n_fds, int timeout)
{
  for (guint i = 0; i < n_fds; i++)
    fds[i].revents = 0;

  return 0;
}

static SeedServerShard *
shard_new (SeedServerLoop *loop)
{
  SeedServerShard *shard = g_new0 (SeedServerShard, 1);

  shard->loop = loop;
  shard->context = g_main_context_new ();
  g_main_context_set_poll_func (shard->context, poll_nothing);
  g_ptr_array_add (loop->shards, shard);
  g_ptr_array_add (loop->roomy, shard);

  return shard;
}

static void
shard_free (gpointer data)
{
  SeedServerShard *shard = data;

  g_main_context_unref (shard->context);
  g_free (shard);
}

void
seed_server_shard_wake (SeedServerShard *shard)
{
  if (shard->has_work)
    return;

  shard->has_work = TRUE;
  g_queue_push_tail (&shard->loop->work, shard);
}

void
seed_server_shard_enter (SeedServerShard *shard)
{
  seed_server_shard_wake (shard);
  g_main_context_push_thread_default (shard->context);
}

void
seed_server_shard_leave (SeedServerShard *shard)
{
  g_main_context_pop_thread_default (shard->context);
}

static void
take_turns (SeedServerShard *shard)
{
  guint turns = 0;

  shard->has_work = FALSE;
  g_main_context_push_thread_default (shard->context);

  while (turns < TURNS_AT_ONCE && g_main_context_iteration (shard->context, FALSE))
    turns++;

  g_main_context_pop_thread_default (shard->context);

  if (turns == TURNS_AT_ONCE)
    seed_server_shard_wake (shard);
}

static void
work_once (SeedServerLoop *self)
{
  /* Those that get new work meanwhile wait for the next time, so that none starves the rest. */
  for (guint left = self->work.length; left > 0 && self->work.length > 0; left--)
    take_turns (g_queue_pop_head (&self->work));
}

static void
collect_events (SeedServerLoop *self)
{
  struct epoll_event events[EVENTS_AT_ONCE];
  int n_events = epoll_wait (self->epoll, events, EVENTS_AT_ONCE, 0);

  for (int i = 0; i < n_events; i++)
    {
      SeedServerWatch *watch = events[i].data.ptr;
      guint32 bits = events[i].events;

      watch->ready (watch, (bits & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0,
                    (bits & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0);
    }
}

static gboolean
loop_prepare (GSource *source, int *timeout)
{
  *timeout = -1;
  return ((LoopSource *) source)->loop->work.length > 0;
}

static gboolean
loop_check (GSource *source)
{
  LoopSource *self = (LoopSource *) source;

  return self->loop->work.length > 0 || g_source_query_unix_fd (source, self->tag) != 0;
}

static gboolean
loop_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  SeedServerLoop *loop = ((LoopSource *) source)->loop;

  collect_events (loop);
  work_once (loop);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs loop_funcs = { loop_prepare, loop_check, loop_dispatch, NULL, NULL, NULL };

static gboolean
loop_tick (gpointer data)
{
  SeedServerLoop *self = data;

  for (guint i = 0; i < self->shards->len; i++)
    seed_server_shard_wake (self->shards->pdata[i]);

  return G_SOURCE_CONTINUE;
}

SeedServerLoop *
seed_server_loop_new (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  SeedServerLoop *self = g_new0 (SeedServerLoop, 1);

  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->shards = g_ptr_array_new_with_free_func (shard_free);
  self->roomy = g_ptr_array_new ();
  g_queue_init (&self->work);
  shard_new (self);

  self->source = g_source_new (&loop_funcs, sizeof (LoopSource));
  ((LoopSource *) self->source)->loop = self;
  ((LoopSource *) self->source)->tag = g_source_add_unix_fd (self->source, self->epoll, G_IO_IN);
  g_source_set_static_name (self->source, "seed-server-loop");
  g_source_attach (self->source, context);

  self->tick = g_timeout_source_new_seconds (TICK_SECONDS);
  g_source_set_callback (self->tick, loop_tick, self, NULL);
  g_source_attach (self->tick, context);

  return self;
}

void
seed_server_loop_free (SeedServerLoop *self)
{
  g_source_destroy (self->tick);
  g_source_unref (self->tick);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_queue_clear (&self->work);
  g_ptr_array_unref (self->roomy);
  g_ptr_array_unref (self->shards);
  close (self->epoll);
  g_free (self);
}

/* A context needs file descriptors, and GLib ends the program where there is none. */
static gboolean
can_make_shard (void)
{
  int fds[2];

  if (pipe2 (fds, O_CLOEXEC) != 0)
    return FALSE;

  close (fds[0]);
  close (fds[1]);
  return TRUE;
}

static SeedServerShard *
find_shard (SeedServerLoop *self)
{
  if (self->roomy->len > 0)
    return self->roomy->pdata[self->roomy->len - 1];
  if (can_make_shard ())
    return shard_new (self);

  return self->shards->pdata[self->next++ % self->shards->len];
}

gboolean
seed_server_loop_add (SeedServerLoop *self, SeedServerWatch *watch)
{
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                               .data.ptr = watch };

  if (epoll_ctl (self->epoll, EPOLL_CTL_ADD, watch->fd, &event) != 0)
    return FALSE;

  SeedServerShard *shard = find_shard (self);

  watch->shard = shard;
  shard->watches++;

  if (shard->watches == WATCHES_PER_SHARD)
    g_ptr_array_remove_fast (self->roomy, shard);

  return TRUE;
}

void
seed_server_loop_remove (SeedServerLoop *self, SeedServerWatch *watch)
{
  SeedServerShard *shard = watch->shard;

  epoll_ctl (self->epoll, EPOLL_CTL_DEL, watch->fd, NULL);

  if (shard->watches == WATCHES_PER_SHARD)
    g_ptr_array_add (self->roomy, shard);

  shard->watches--;
}

void
seed_server_loop_flush (SeedServerLoop *self)
{
  /* More than what closing a socket takes; bounded, since a client could keep its shard busy. */
  for (guint i = 0; i < TURNS_AT_ONCE && self->work.length > 0; i++)
    {
      collect_events (self);
      work_once (self);
    }
}
