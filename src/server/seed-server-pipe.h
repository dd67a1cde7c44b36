// SPDX-License-Identifier: MIT
#pragma once

/* The two directions of a connection as libsoup wants them: pollable streams whose sources hold no
 * file descriptor but are woken by whoever watches it. Each belongs to its SeedServerStream, which
 * does the reading and writing by the functions given here. */

#include <gio/gio.h>

#include "seed-server-loop.h"

G_BEGIN_DECLS

/** What the pipes read from and write to. Embedded in the owner of both. */
typedef struct
{
  GObject *owner;         /* (unowned): kept alive by the sources, as long as there are any */
  SeedServerShard *shard; /* (unowned) */
  gint64 readable_at; /* -1 while nothing is to be read, else as g_get_monotonic_time() has it */
  gboolean writable;
  GSource *input;  /* (unowned) (nullable): the source that waits for input */
  GSource *output; /* (unowned) (nullable) */

  gssize (*read) (GObject *owner, void *data, gsize size, GError **error);
  gssize (*write) (GObject *owner, const void *data, gsize size, GError **error);
} SeedServerPort;

/** Has the input become readable at @time; -1 is never, 0 now. */
void seed_server_port_set_readable_at (SeedServerPort *self, gint64 time);
void seed_server_port_set_writable (SeedServerPort *self, gboolean writable);

#define SEED_TYPE_SERVER_INPUT (seed_server_input_get_type ())
G_DECLARE_FINAL_TYPE (SeedServerInput, seed_server_input, SEED, SERVER_INPUT, GInputStream)

#define SEED_TYPE_SERVER_OUTPUT (seed_server_output_get_type ())
G_DECLARE_FINAL_TYPE (SeedServerOutput, seed_server_output, SEED, SERVER_OUTPUT, GOutputStream)

GInputStream *seed_server_input_new (SeedServerPort *port);
GOutputStream *seed_server_output_new (SeedServerPort *port);

/** The port is gone: from here on reading and writing fail. */
void seed_server_input_detach (SeedServerInput *self);
void seed_server_output_detach (SeedServerOutput *self);

G_END_DECLS
