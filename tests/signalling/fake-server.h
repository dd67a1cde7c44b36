// SPDX-License-Identifier: MIT
#pragma once

/* A WebSocket server on loopback that says what a test tells it to, sense or nonsense. Lives on
 * the main context of the test. */

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  SoupServer *server;
  SoupWebsocketConnection *socket; /* the newest */
  GPtrArray *heard;                /* of char *: messages, in the order they came */
  guint connections;
  guint greeted; /* connections that were told the greeting */
  guint16 port;
  char *url;

  /* What to do; set by the test, all optional. */
  const char *subprotocol; /* NULL: ours */
  guint status;            /* 0: upgrade; otherwise the answer to every request */
  const char *greeting;    /* what to say to the first message of each socket */
  gboolean hang_up;        /* close each socket right after the greeting */
} FakeServer;

#define FAKE_SHARE "ABCDEFGHJK"
#define FAKE_TOKEN "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define FAKE_CREATED                                                                               \
  "{\"type\":\"created\",\"share\":\"" FAKE_SHARE "\",\"token\":\"" FAKE_TOKEN "\",\"ice\":[]}"
#define FAKE_JOINED "{\"type\":\"joined\",\"ice\":[]}"

/** Not listening yet, so that a test can set what to do. */
FakeServer *fake_server_new (void);

/** Listens, on the port it had before if it had one. */
void fake_server_listen (FakeServer *self);

/** Stops listening and breaks off every connection. */
void fake_server_kill (FakeServer *self);

void fake_server_say (FakeServer *self, const char *text);
void fake_server_say_bytes (FakeServer *self, SoupWebsocketDataType type, const void *data,
                            gsize length);

/** Waits until @count messages were heard in all, and returns the last one of them. */
const char *fake_server_wait (FakeServer *self, guint count);

/** Waits until @count sockets were opened in all. */
void fake_server_wait_connections (FakeServer *self, guint count);

void fake_server_free (FakeServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeServer, fake_server_free)

G_END_DECLS
