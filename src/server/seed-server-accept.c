// SPDX-License-Identifier: MIT
#include "seed-server-accept.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#define BACKLOG 1024
#define ACCEPTS_AT_ONCE 64
/* Connections beyond the limits that are still let in, so that they can be told why they can't stay. */
#define CROWD 16
/* What the kernel holds for a client that does not read; it would let that grow to megabytes. */
#define SEND_BUFFER (128 * 1024)

struct _SeedServerAccept
{
  const SeedServerConfig *config;
  SeedServerLimits *limits;
  SeedServerMetrics *metrics;
  SeedServerAcceptFunc func;
  gpointer data;

  SeedServerLoop *loop;
  GMainContext *context;
  GSocket *socket;
  GSocketAddress *local;
  GSource *source;     /* (nullable): not there while accepting has to wait */
  GHashTable *streams; /* remote GSocketAddress → SeedServerStream, both borrowed */
  int spare;           /* given up for a moment where there is no file descriptor left */
};

static int
open_spare (void)
{
  return open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

SeedServerAccept *
seed_server_accept_new (const SeedServerConfig *config, SeedServerLimits *limits,
                        SeedServerMetrics *metrics, SeedServerAcceptFunc func, gpointer data)
{
  SeedServerAccept *self = g_new0 (SeedServerAccept, 1);

  /* Registered late, it would abort where there is no file descriptor left. */
  g_type_ensure (G_TYPE_TASK);

  self->config = config;
  self->limits = limits;
  self->metrics = metrics;
  self->func = func;
  self->data = data;
  self->loop = seed_server_loop_new ();
  self->context = g_main_context_ref_thread_default ();
  self->streams = g_hash_table_new (NULL, NULL);
  self->spare = open_spare ();

  return self;
}

static GPtrArray *
list_streams (SeedServerAccept *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer stream;

  g_hash_table_iter_init (&iter, self->streams);

  while (g_hash_table_iter_next (&iter, NULL, &stream))
    g_ptr_array_add (list, g_object_ref (stream));

  return list;
}

void
seed_server_accept_free (SeedServerAccept *self)
{
  g_autoptr (GPtrArray) streams = list_streams (self);

  seed_server_accept_stop (self);

  for (guint i = 0; i < streams->len; i++)
    seed_server_stream_abort (streams->pdata[i]);

  seed_server_loop_flush (self->loop);

  for (guint i = 0; i < streams->len; i++)
    g_io_stream_close (streams->pdata[i], NULL, NULL);

  /* What libsoup was called back for when its streams closed. */
  seed_server_loop_flush (self->loop);

  if (self->spare >= 0)
    close (self->spare);

  g_hash_table_unref (self->streams);
  seed_server_loop_free (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

typedef struct
{
  SeedServerAccept *accept;
  GSocketAddress *remote;
} Entry;

static void
entry_free (gpointer data, GClosure *closure)
{
  Entry *entry = data;

  g_object_unref (entry->remote);
  g_free (entry);
}

static void
stream_closed_cb (SeedServerStream *stream, Entry *entry)
{
  g_hash_table_remove (entry->accept->streams, entry->remote);
}

static void
keep_stream (SeedServerAccept *self, SeedServerStream *stream, GSocketAddress *remote)
{
  Entry *entry = g_new (Entry, 1);

  entry->accept = self;
  entry->remote = g_object_ref (remote);
  g_hash_table_insert (self->streams, remote, stream);
  g_signal_connect_data (stream, "closed", G_CALLBACK (stream_closed_cb), entry, entry_free, 0);
}

/* A reset, so that a flood leaves nothing behind in the kernel either. */
static void
turn_away (SeedServerAccept *self, int fd)
{
  struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (fd);
  self->metrics->turned_away++;
}

/* (transfer full) (nullable): whom it counts for; behind a proxy that turns out with the request. */
static SeedServerOrigin *
find_origin (SeedServerAccept *self, GSocketAddress *remote)
{
  g_autoptr (GInetAddress) address = seed_server_address_plain (remote);

  if (seed_server_address_is_trusted (address, self->config->trusted_proxies))
    return NULL;

  return seed_server_limits_get (self->limits, address);
}

static void
admit (SeedServerAccept *self, int fd, GSocketAddress *remote)
{
  const SeedServerConfig *config = self->config;
  g_autoptr (SeedServerOrigin) origin = find_origin (self, remote);
  guint all = seed_server_accept_count (self) + 1;
  guint here = origin == NULL ? 0 : origin->sockets + 1;

  if (all > config->sockets + CROWD || here > config->sockets_per_address + CROWD)
    {
      turn_away (self, fd);
      return;
    }

  g_autoptr (SeedServerStream) stream = seed_server_stream_new (self->loop, fd, config);

  if (stream == NULL)
    {
      self->metrics->turned_away++;
      return;
    }

  if (origin != NULL)
    seed_server_stream_set_origin (stream, origin);
  if (all > config->sockets || here > config->sockets_per_address)
    seed_server_stream_set_crowded (stream);

  keep_stream (self, stream, remote);
  self->metrics->accepted++;
  seed_server_shard_enter (seed_server_stream_get_shard (stream));
  self->func (stream, self->local, remote, self->data);
  seed_server_shard_leave (seed_server_stream_get_shard (stream));
}

static void
admit_fd (SeedServerAccept *self, int fd, struct sockaddr_storage *address, socklen_t length)
{
  g_autoptr (GSocketAddress) remote = g_socket_address_new_from_native (address, length);
  int yes = 1;
  int bytes = SEND_BUFFER;

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);

  if (G_IS_INET_SOCKET_ADDRESS (remote))
    admit (self, fd, remote);
  else
    turn_away (self, fd);
}

static gboolean accept_cb (GSocket *socket, GIOCondition condition, gpointer data);

static void
resume_accepting (SeedServerAccept *self)
{
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->source, self->context);
}

static void
pause_accepting (SeedServerAccept *self)
{
  if (self->source == NULL)
    return;

  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/* With no file descriptor left, the next connection would wait in the backlog and the listening
 * socket stay ready for ever. Returns whether that one connection could be turned away. */
static gboolean
use_spare (SeedServerAccept *self)
{
  if (self->spare < 0)
    return FALSE;

  close (self->spare);
  int fd = accept4 (g_socket_get_fd (self->socket), NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd >= 0)
    turn_away (self, fd);

  self->spare = open_spare ();
  return fd >= 0;
}

/* Returns whether another connection may be waiting. */
static gboolean
accept_one (SeedServerAccept *self)
{
  struct sockaddr_storage address = { 0 };
  socklen_t length = sizeof address;
  int fd = accept4 (g_socket_get_fd (self->socket), (struct sockaddr *) &address, &length,
                    SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd >= 0)
    {
      admit_fd (self, fd, &address, length);
      return TRUE;
    }

  switch (errno)
    {
    case EAGAIN:
      return FALSE;
    case EMFILE:
    case ENFILE:
      if (use_spare (self))
        return TRUE;
      pause_accepting (self);
      return FALSE;
    case ENOBUFS:
    case ENOMEM:
      pause_accepting (self);
      return FALSE;
    default:
      /* Whatever ended a connection before it was accepted is that connection's trouble alone. */
      return TRUE;
    }
}

static gboolean
accept_cb (GSocket *socket, GIOCondition condition, gpointer data)
{
  SeedServerAccept *self = data;

  for (guint i = 0; i < ACCEPTS_AT_ONCE && accept_one (self); i++)
    ;

  return G_SOURCE_CONTINUE;
}

static gboolean
open_socket (SeedServerAccept *self, GError **error)
{
  GSocketAddress *wanted = G_SOCKET_ADDRESS (self->config->listen);

  self->socket = g_socket_new (g_socket_address_get_family (wanted), G_SOCKET_TYPE_STREAM,
                               G_SOCKET_PROTOCOL_TCP, error);

  if (self->socket == NULL)
    return FALSE;

  g_socket_set_blocking (self->socket, FALSE);
  g_socket_set_listen_backlog (self->socket, BACKLOG);

  if (!g_socket_bind (self->socket, wanted, TRUE, error) || !g_socket_listen (self->socket, error))
    return FALSE;

  self->local = g_socket_get_local_address (self->socket, error);
  return self->local != NULL;
}

gboolean
seed_server_accept_listen (SeedServerAccept *self, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (open_socket (self, &problem))
    {
      resume_accepting (self);
      return TRUE;
    }

  g_autofree char *where =
      g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (self->config->listen));

  g_clear_object (&self->socket);
  g_set_error (error, SEED_ERROR, (int) seed_error_code (problem),
               _ ("The server can't listen on %s: %s."), where, problem->message);
  return FALSE;
}

guint16
seed_server_accept_get_port (SeedServerAccept *self)
{
  return self->local == NULL ? 0
                             : g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (self->local));
}

SeedServerStream *
seed_server_accept_find (SeedServerAccept *self, GSocketAddress *remote)
{
  return g_hash_table_lookup (self->streams, remote);
}

guint
seed_server_accept_count (SeedServerAccept *self)
{
  return g_hash_table_size (self->streams);
}

void
seed_server_accept_check (SeedServerAccept *self, gint64 now)
{
  GHashTableIter iter;
  gpointer stream;

  g_hash_table_iter_init (&iter, self->streams);

  while (g_hash_table_iter_next (&iter, NULL, &stream))
    seed_server_stream_check (stream, now);

  if (self->spare < 0)
    self->spare = open_spare ();
  if (self->source == NULL && self->socket != NULL)
    resume_accepting (self);
}

void
seed_server_accept_stop (SeedServerAccept *self)
{
  pause_accepting (self);
  g_clear_object (&self->socket);
  g_clear_object (&self->local);
}

void
seed_server_accept_flush (SeedServerAccept *self)
{
  seed_server_loop_flush (self->loop);
}
