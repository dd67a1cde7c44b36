// SPDX-License-Identifier: MIT
#include "seed-server-stream.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "seed-server-intake.h"
#include "seed-server-pipe.h"

/* How long, and how much of, what follows an answer of our own is read and dropped: closing with bytes unread would
 * reset the connection, and the client might never see the answer. */
#define DRAIN_USEC (2 * G_USEC_PER_SEC)
#define DRAIN_BYTES (256 * 1024)

enum
{
  OVERFLOW,
  CLOSED,
  N_SIGNALS
};

typedef enum
{
  PHASE_REQUEST,
  PHASE_WEBSOCKET,
  PHASE_OVERFLOWN, /* nothing is read any more */
  PHASE_ANSWERED,  /* what is read is dropped */
  PHASE_ABORTED,
} Phase;

struct _SeedServerStream
{
  GIOStream parent_instance;

  SeedServerWatch watch;
  SeedServerPort port;
  gboolean has_input; /* as far as we know */
  GInputStream *input;
  GOutputStream *output;

  SeedServerLoop *loop;           /* (unowned) */
  const SeedServerConfig *config; /* (unowned) */
  SeedServerOrigin *origin;
  Phase phase;
  gboolean upgraded;
  gboolean crowded;

  SeedServerIntake intake;

  guint64 written;
  gint64 accepted_at;
  gint64 heard_at;
  gint64 blocked_at; /* since when the client takes nothing; 0 while it does */
  gint64 answered_at;
  gsize drained;
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SeedServerStream, seed_server_stream, G_TYPE_IO_STREAM)

static gssize
would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Would block");
  return -1;
}

static gssize
io_failed (GError **error, int problem)
{
  g_set_error_literal (error, G_IO_ERROR, (int) g_io_error_from_errno (problem),
                       g_strerror (problem));
  return -1;
}

static void
update_input (SeedServerStream *self)
{
  if (!self->has_input || self->phase == PHASE_OVERFLOWN)
    seed_server_port_set_readable_at (&self->port, -1);
  else
    seed_server_port_set_readable_at (&self->port, self->intake.paused_until);
}

static gboolean
overflow_cb (gpointer data)
{
  SeedServerStream *self = data;

  g_signal_emit (self, signals[OVERFLOW], 0, self->intake.status);
  return G_SOURCE_REMOVE;
}

/* We are inside libsoup's reading here, so whoever wants to answer does so a turn later. */
static void
overflow (SeedServerStream *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GSource) source = g_idle_source_new ();

  self->phase = PHASE_OVERFLOWN;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, overflow_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, context);
  seed_server_shard_wake (self->watch.shard);
}

static void
drop_input (SeedServerStream *self, gsize length)
{
  self->drained += length;

  if (self->drained > DRAIN_BYTES)
    seed_server_stream_abort (self);
}

/* Returns whether libsoup is to have it. */
static gboolean
take_input (SeedServerStream *self, const guint8 *data, gsize length)
{
  SeedServerVerdict verdict;

  self->heard_at = g_get_monotonic_time ();

  if (self->phase == PHASE_ANSWERED)
    {
      drop_input (self, length);
      return FALSE;
    }

  if (self->phase == PHASE_REQUEST)
    verdict = seed_server_intake_request (&self->intake, self->config, data, length);
  else
    verdict = seed_server_intake_frames (&self->intake, self->config, data, length,
                                         self->blocked_at != 0, self->heard_at);

  if (verdict == SEED_SERVER_INTAKE_HOSTILE)
    seed_server_stream_abort (self);
  if (verdict == SEED_SERVER_INTAKE_TOO_MUCH)
    overflow (self);

  return verdict == SEED_SERVER_INTAKE_FITS;
}

static gboolean
may_read (SeedServerStream *self)
{
  return self->phase != PHASE_OVERFLOWN && self->intake.paused_until <= g_get_monotonic_time ();
}

static gssize
stream_read (GObject *owner, void *data, gsize size, GError **error)
{
  SeedServerStream *self = SEED_SERVER_STREAM (owner);
  ssize_t count;

  if (self->watch.fd < 0)
    return io_failed (error, EBADF);
  if (self->phase == PHASE_ABORTED)
    return 0;
  if (!may_read (self))
    {
      update_input (self);
      return would_block (error);
    }

  do
    count = recv (self->watch.fd, data, size, 0);
  while (count < 0 && errno == EINTR);

  if (count > 0)
    return take_input (self, data, (gsize) count) ? count : would_block (error);
  if (count == 0)
    return 0;
  if (errno != EAGAIN)
    return io_failed (error, errno);

  self->has_input = FALSE;
  update_input (self);
  return would_block (error);
}

static gssize
stream_write (GObject *owner, const void *data, gsize size, GError **error)
{
  SeedServerStream *self = SEED_SERVER_STREAM (owner);
  ssize_t count;

  if (self->watch.fd < 0 || self->phase >= PHASE_ANSWERED)
    return io_failed (error, EPIPE);

  do
    count = send (self->watch.fd, data, size, MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);

  if (count >= 0)
    {
      self->written += (guint64) count;
      self->blocked_at = 0;
      return count;
    }
  if (errno != EAGAIN)
    return io_failed (error, errno);

  if (self->blocked_at == 0)
    self->blocked_at = g_get_monotonic_time ();

  seed_server_port_set_writable (&self->port, FALSE);
  return would_block (error);
}

static void
stream_ready (SeedServerWatch *watch, gboolean readable, gboolean writable)
{
  SeedServerStream *self =
      (SeedServerStream *) (void *) ((char *) watch - G_STRUCT_OFFSET (SeedServerStream, watch));

  if (readable)
    {
      self->has_input = TRUE;
      update_input (self);
    }
  if (writable)
    seed_server_port_set_writable (&self->port, TRUE);
}

SeedServerStream *
seed_server_stream_new (SeedServerLoop *loop, int fd, const SeedServerConfig *config)
{
  g_autoptr (SeedServerStream) self = g_object_new (SEED_TYPE_SERVER_STREAM, NULL);

  self->watch.fd = fd;
  self->config = config;

  if (!seed_server_loop_add (loop, &self->watch))
    {
      close (fd);
      self->watch.fd = -1;
      return NULL;
    }

  self->loop = loop;
  self->port.shard = self->watch.shard;
  return g_steal_pointer (&self);
}

SeedServerShard *
seed_server_stream_get_shard (SeedServerStream *self)
{
  return self->watch.shard;
}

SeedServerOrigin *
seed_server_stream_get_origin (SeedServerStream *self)
{
  return self->origin;
}

void
seed_server_stream_set_origin (SeedServerStream *self, SeedServerOrigin *origin)
{
  self->origin = seed_server_origin_ref (origin);
  self->origin->sockets++;
}

gboolean
seed_server_stream_is_crowded (SeedServerStream *self)
{
  return self->crowded;
}

void
seed_server_stream_set_crowded (SeedServerStream *self)
{
  self->crowded = TRUE;
}

gboolean
seed_server_stream_awaits_answer (SeedServerStream *self)
{
  return self->phase == PHASE_REQUEST && seed_server_head_is_all (&self->intake.head);
}

void
seed_server_stream_upgrade (SeedServerStream *self)
{
  /* Frames that came too early would not have been metered. */
  if (!seed_server_stream_awaits_answer (self))
    {
      seed_server_stream_abort (self);
      return;
    }

  self->phase = PHASE_WEBSOCKET;
  self->upgraded = TRUE;
}

guint64
seed_server_stream_get_written (SeedServerStream *self)
{
  return self->written;
}

guint64
seed_server_stream_get_echo (SeedServerStream *self)
{
  return self->intake.echo;
}

gint64
seed_server_stream_get_heard (SeedServerStream *self, gint64 now)
{
  return self->intake.paused_until > now ? now : MAX (self->heard_at, self->intake.paused_until);
}

void
seed_server_stream_answer (SeedServerStream *self, const char *text)
{
  if (self->watch.fd < 0 || self->upgraded || self->phase >= PHASE_ANSWERED)
    return;

  /* A few hundred bytes into an empty buffer: either they fit, or the client is gone. */
  if (send (self->watch.fd, text, strlen (text), MSG_NOSIGNAL) > 0)
    shutdown (self->watch.fd, SHUT_WR);

  self->phase = PHASE_ANSWERED;
  self->answered_at = g_get_monotonic_time ();
  self->has_input = TRUE;
  update_input (self);
}

void
seed_server_stream_abort (SeedServerStream *self)
{
  if (self->watch.fd < 0)
    return;

  shutdown (self->watch.fd, SHUT_RDWR);
  self->phase = PHASE_ABORTED;
  self->intake.paused_until = 0;
  self->has_input = TRUE;
  update_input (self);
  seed_server_port_set_writable (&self->port, TRUE);
}

static gint64
deadline (SeedServerStream *self)
{
  const SeedServerConfig *config = self->config;
  gint64 time = G_MAXINT64;

  if (!self->upgraded)
    time = self->accepted_at + (gint64) config->handshake_seconds * G_USEC_PER_SEC;
  if (self->answered_at != 0)
    time = MIN (time, self->answered_at + DRAIN_USEC);
  if (self->blocked_at != 0)
    time = MIN (time, self->blocked_at + (gint64) config->stall_seconds * G_USEC_PER_SEC);

  return time;
}

void
seed_server_stream_check (SeedServerStream *self, gint64 now)
{
  if (now >= deadline (self))
    seed_server_stream_abort (self);
}

static gboolean
seed_server_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  SeedServerStream *self = SEED_SERVER_STREAM (stream);

  if (self->watch.fd < 0)
    return TRUE;

  seed_server_loop_remove (self->loop, &self->watch);
  close (self->watch.fd);
  self->watch.fd = -1;

  if (self->origin != NULL)
    self->origin->sockets--;

  g_clear_pointer (&self->origin, seed_server_origin_unref);
  g_signal_emit (self, signals[CLOSED], 0);
  return TRUE;
}

static void
seed_server_stream_close_async (GIOStream *stream, int priority, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, data);

  g_task_set_source_tag (task, seed_server_stream_close_async);
  seed_server_stream_close (stream, NULL, NULL);
  g_task_return_boolean (task, TRUE);
  seed_server_shard_wake (SEED_SERVER_STREAM (stream)->watch.shard);
}

static gboolean
seed_server_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static GInputStream *
seed_server_stream_get_input (GIOStream *stream)
{
  return SEED_SERVER_STREAM (stream)->input;
}

static GOutputStream *
seed_server_stream_get_output (GIOStream *stream)
{
  return SEED_SERVER_STREAM (stream)->output;
}

static void
seed_server_stream_finalize (GObject *object)
{
  SeedServerStream *self = SEED_SERVER_STREAM (object);

  seed_server_stream_close (G_IO_STREAM (self), NULL, NULL);
  seed_server_input_detach (SEED_SERVER_INPUT (self->input));
  seed_server_output_detach (SEED_SERVER_OUTPUT (self->output));
  g_clear_object (&self->input);
  g_clear_object (&self->output);

  G_OBJECT_CLASS (seed_server_stream_parent_class)->finalize (object);
}

static void
seed_server_stream_class_init (SeedServerStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = seed_server_stream_finalize;
  stream_class->get_input_stream = seed_server_stream_get_input;
  stream_class->get_output_stream = seed_server_stream_get_output;
  stream_class->close_fn = seed_server_stream_close;
  stream_class->close_async = seed_server_stream_close_async;
  stream_class->close_finish = seed_server_stream_close_finish;

  signals[OVERFLOW] = g_signal_new ("overflow", SEED_TYPE_SERVER_STREAM, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[CLOSED] = g_signal_new ("closed", SEED_TYPE_SERVER_STREAM, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
seed_server_stream_init (SeedServerStream *self)
{
  self->port.owner = G_OBJECT (self);
  self->watch.fd = -1;
  self->watch.ready = stream_ready;
  self->port.readable_at = -1;
  self->port.writable = TRUE;
  self->port.read = stream_read;
  self->port.write = stream_write;
  self->input = seed_server_input_new (&self->port);
  self->output = seed_server_output_new (&self->port);
  self->accepted_at = g_get_monotonic_time ();
  self->heard_at = self->accepted_at;
}
