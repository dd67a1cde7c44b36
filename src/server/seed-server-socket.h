// SPDX-License-Identifier: MIT
#pragma once

/* One WebSocket of a client: messages in and out, each within its limits, and an end that does not
 * wait for the client. Belongs to the server until it is closed; lives on its main context. */

#include <libsoup/soup.h>

#include "seed-message.h"
#include "seed-server-stream.h"

G_BEGIN_DECLS

typedef struct _SeedServerSocket SeedServerSocket;
typedef struct _SeedServerShare SeedServerShare;

typedef struct
{
  /* A message of the protocol that a server may be sent. */
  void (*message) (SeedServerSocket *socket, const SeedMessage *message, gpointer data);

  /* It broke a rule and is being ended for it. */
  void (*refused) (SeedServerSocket *socket, SeedCode code, gpointer data);

  /* The last call: the client is gone, and after this the socket is. */
  void (*closed) (SeedServerSocket *socket, gpointer data);
} SeedServerSocketFuncs;

/**
 * seed_server_socket_new:
 * @config: (transfer none): has to outlive the socket, as @funcs and @data
 */
SeedServerSocket *seed_server_socket_new (SoupWebsocketConnection *connection,
                                          SeedServerStream *stream, const SeedServerConfig *config,
                                          const SeedServerSocketFuncs *funcs, gpointer data);
void seed_server_socket_free (SeedServerSocket *self);

/** Sends @message, unless the socket is closing already. */
void seed_server_socket_send (SeedServerSocket *self, const SeedMessage *message);

/** As seed_server_socket_send(), with the text of a message. */
void seed_server_socket_send_text (SeedServerSocket *self, const char *text);

/** Sends @last, if any, as the last message, and closes; by force where the client does not follow. */
void seed_server_socket_end (SeedServerSocket *self, const SeedMessage *last);

/** Ends it with the message "error". */
void seed_server_socket_refuse (SeedServerSocket *self, SeedCode code);

/** Whether nothing more is read from it or sent to it. */
gboolean seed_server_socket_is_ending (SeedServerSocket *self);

/** Bytes sent that the client has not taken. */
gsize seed_server_socket_get_unread (SeedServerSocket *self);

/** Whether nothing was heard for longer than a ping takes to be answered. */
gboolean seed_server_socket_is_silent (SeedServerSocket *self, gint64 now);

/** (nullable): whom it counts for; %NULL once the client is gone. */
SeedServerOrigin *seed_server_socket_get_origin (SeedServerSocket *self);

/** What it is: the owner of @share where @peer is %NULL, else that receiver of it; neither at first.
 * @share: (transfer none) (nullable); @peer: (transfer none) (nullable): copied */
void seed_server_socket_seat (SeedServerSocket *self, SeedServerShare *share, const char *peer);
SeedServerShare *seed_server_socket_get_share (SeedServerSocket *self);
const char *seed_server_socket_get_peer (SeedServerSocket *self);

/** Ends it when it takes too long, at @now; called about once a second. */
void seed_server_socket_check (SeedServerSocket *self, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerSocket, seed_server_socket_free)

G_END_DECLS
