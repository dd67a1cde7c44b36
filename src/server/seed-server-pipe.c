// SPDX-License-Identifier: MIT
#include "seed-server-pipe.h"

typedef struct
{
  GSource parent;
  SeedServerPort *port;
  GObject *owner; /* keeps port alive */
  GObject *stream;
} PipeSource;

struct _SeedServerInput
{
  GInputStream parent_instance;
  SeedServerPort *port; /* (unowned) */
};

struct _SeedServerOutput
{
  GOutputStream parent_instance;
  SeedServerPort *port; /* (unowned) */
};

static void seed_server_input_pollable_init (GPollableInputStreamInterface *iface);
static void seed_server_output_pollable_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SeedServerInput, seed_server_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      seed_server_input_pollable_init))

G_DEFINE_FINAL_TYPE_WITH_CODE (SeedServerOutput, seed_server_output, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      seed_server_output_pollable_init))

/* A ready time that has passed stays so: like poll(), the source fires until there is nothing left
 * to read or no more room to write. */
static void
set_ready_time (SeedServerPort *self, GSource *source, gint64 time)
{
  if (source == NULL || g_source_is_destroyed (source))
    return;

  g_source_set_ready_time (source, time);

  if (time >= 0)
    seed_server_shard_wake (self->shard);
}

void
seed_server_port_set_readable_at (SeedServerPort *self, gint64 time)
{
  self->readable_at = time;
  set_ready_time (self, self->input, time);
}

void
seed_server_port_set_writable (SeedServerPort *self, gboolean writable)
{
  self->writable = writable;
  set_ready_time (self, self->output, writable ? 0 : -1);
}

static gboolean
pipe_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  GPollableSourceFunc function = (GPollableSourceFunc) (void (*) (void)) callback;

  return function == NULL ? G_SOURCE_REMOVE : function (((PipeSource *) source)->stream, data);
}

static void
pipe_finalize (GSource *source)
{
  PipeSource *self = (PipeSource *) source;

  if (self->port->input == source)
    self->port->input = NULL;
  if (self->port->output == source)
    self->port->output = NULL;

  g_object_unref (self->owner);
}

static gboolean
pipe_closure (GObject *stream, gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs pipe_funcs = {
  NULL, NULL, pipe_dispatch, pipe_finalize, (GSourceFunc) (void (*) (void)) pipe_closure, NULL
};

static GSource *
pipe_source_new (SeedServerPort *port, gpointer stream, gint64 time, GCancellable *cancellable)
{
  GSource *source = g_source_new (&pipe_funcs, sizeof (PipeSource));
  PipeSource *self = (PipeSource *) source;

  self->port = port;
  self->owner = g_object_ref (port->owner);
  self->stream = stream;
  g_source_set_static_name (source, "seed-server-pipe");
  set_ready_time (port, source, time);

  if (cancellable != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (source, cancelled);
    }

  return source;
}

static gssize
detached (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "Closed");
  return -1;
}

static GSource *
detached_source_new (gpointer stream)
{
  GSource *source = g_pollable_source_new (stream);

  g_source_set_ready_time (source, 0);
  return source;
}

static gboolean
seed_server_input_is_readable (GPollableInputStream *stream)
{
  SeedServerPort *port = SEED_SERVER_INPUT (stream)->port;

  return port == NULL || (port->readable_at >= 0 && port->readable_at <= g_get_monotonic_time ());
}

static GSource *
seed_server_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  SeedServerPort *port = SEED_SERVER_INPUT (stream)->port;

  if (port == NULL)
    return detached_source_new (stream);

  port->input = pipe_source_new (port, stream, port->readable_at, cancellable);
  return port->input;
}

static gssize
seed_server_input_read_nonblocking (GPollableInputStream *stream, void *data, gsize size,
                                    GError **error)
{
  SeedServerPort *port = SEED_SERVER_INPUT (stream)->port;

  return port == NULL ? detached (error) : port->read (port->owner, data, size, error);
}

static gssize
seed_server_input_read (GInputStream *stream, void *data, gsize size, GCancellable *cancellable,
                        GError **error)
{
  return seed_server_input_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), data, size, error);
}

static gboolean
seed_server_output_is_writable (GPollableOutputStream *stream)
{
  SeedServerPort *port = SEED_SERVER_OUTPUT (stream)->port;

  return port == NULL || port->writable;
}

static GSource *
seed_server_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  SeedServerPort *port = SEED_SERVER_OUTPUT (stream)->port;

  if (port == NULL)
    return detached_source_new (stream);

  port->output = pipe_source_new (port, stream, port->writable ? 0 : -1, cancellable);
  return port->output;
}

static gssize
seed_server_output_write_nonblocking (GPollableOutputStream *stream, const void *data, gsize size,
                                      GError **error)
{
  SeedServerPort *port = SEED_SERVER_OUTPUT (stream)->port;

  return port == NULL ? detached (error) : port->write (port->owner, data, size, error);
}

static gssize
seed_server_output_write (GOutputStream *stream, const void *data, gsize size,
                          GCancellable *cancellable, GError **error)
{
  return seed_server_output_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), data, size,
                                               error);
}

static void
seed_server_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = seed_server_input_is_readable;
  iface->create_source = seed_server_input_create_source;
  iface->read_nonblocking = seed_server_input_read_nonblocking;
}

static void
seed_server_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = seed_server_output_is_writable;
  iface->create_source = seed_server_output_create_source;
  iface->write_nonblocking = seed_server_output_write_nonblocking;
}

static void
seed_server_input_class_init (SeedServerInputClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = seed_server_input_read;
}

static void
seed_server_input_init (SeedServerInput *self)
{
}

static void
seed_server_output_class_init (SeedServerOutputClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = seed_server_output_write;
}

static void
seed_server_output_init (SeedServerOutput *self)
{
}

GInputStream *
seed_server_input_new (SeedServerPort *port)
{
  SeedServerInput *self = g_object_new (SEED_TYPE_SERVER_INPUT, NULL);

  self->port = port;
  return G_INPUT_STREAM (self);
}

GOutputStream *
seed_server_output_new (SeedServerPort *port)
{
  SeedServerOutput *self = g_object_new (SEED_TYPE_SERVER_OUTPUT, NULL);

  self->port = port;
  return G_OUTPUT_STREAM (self);
}

void
seed_server_input_detach (SeedServerInput *self)
{
  self->port = NULL;
}

void
seed_server_output_detach (SeedServerOutput *self)
{
  self->port = NULL;
}
