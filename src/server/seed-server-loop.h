// SPDX-License-Identifier: MIT
#pragma once

/* One epoll set for all connections, inside one source of the main context. GLib walks every source
 * of a context at each turn, so the sources of about 32 connections at a time live in a small context
 * of their own, a shard, that takes a turn only when one of them has something to do: what a message
 * costs does not grow with the number of idle connections.
 *
 * Belongs to the server; everything in it runs on the main context that the loop was made on. */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _SeedServerLoop SeedServerLoop;
typedef struct _SeedServerShard SeedServerShard;
typedef struct _SeedServerWatch SeedServerWatch;

/** What is to be watched; embedded in whatever owns the file descriptor. */
struct _SeedServerWatch
{
  int fd;
  SeedServerShard *shard;

  /* What can be done now that could not be done before. Only takes note. */
  void (*ready) (SeedServerWatch *self, gboolean readable, gboolean writable);
};

SeedServerLoop *seed_server_loop_new (void);

/** Everything that was watched has to be removed before. */
void seed_server_loop_free (SeedServerLoop *self);

/** Watches @watch->fd and gives it a shard. Returns %FALSE when the system has no room for it. */
gboolean seed_server_loop_add (SeedServerLoop *self,
                               SeedServerWatch *watch) G_GNUC_WARN_UNUSED_RESULT;
void seed_server_loop_remove (SeedServerLoop *self, SeedServerWatch *watch);

/** Gives every shard with work a turn now, for when the main context will not run any more. */
void seed_server_loop_flush (SeedServerLoop *self);

/** Between these two the shard is the thread's default context: sources made here belong to it, and
 * it takes a turn soon. They nest. */
void seed_server_shard_enter (SeedServerShard *shard);
void seed_server_shard_leave (SeedServerShard *shard);

/** Has the shard take a turn soon. */
void seed_server_shard_wake (SeedServerShard *shard);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerLoop, seed_server_loop_free)

G_END_DECLS
