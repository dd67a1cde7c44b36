// SPDX-License-Identifier: MIT
#include "seed-signalling-socket.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define PROBE_PING_S 2
#define PROBE_SILENCE_MS 8000

struct _SeedSignallingSocket
{
  GObject parent_instance;

  /* owned */
  SoupSession *session;
  char *server;
  SoupMessage *handshake;
  GCancellable *cancellable;
  SoupWebsocketConnection *connection;
  GSource *silence;
  GError *problem; /* what libsoup reported before it closed */

  guint ping_ms;
  guint silence_ms;
  gboolean ended;
};

G_DEFINE_FINAL_TYPE (SeedSignallingSocket, seed_signalling_socket, G_TYPE_OBJECT)

enum
{
  OPENED,
  TEXT,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A proxy of the system is for the world outside; what is next door is reached directly. */
static gboolean
is_nearby (const char *server)
{
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  const char *host = uri == NULL ? NULL : g_uri_get_host (uri);

  if (host == NULL)
    return FALSE;

  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_site_local (address) ||
           g_inet_address_get_is_link_local (address);

  return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".local") ||
         strchr (host, '.') == NULL;
}

SoupSession *
seed_signalling_session_new (const char *server)
{
  SoupSession *session = soup_session_new ();

  if (is_nearby (server))
    soup_session_set_proxy_resolver (session, NULL);

  /* What is sealed does not compress, and unpacking is one more way to be hurt by a server. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);

  return session;
}

static void
let_go (SeedSignallingSocket *self)
{
  self->ended = TRUE;
  g_cancellable_cancel (self->cancellable);

  if (self->silence != NULL)
    g_source_destroy (self->silence);
  g_clear_pointer (&self->silence, g_source_unref);

  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
}

/* Takes @error. */
static void
end (SeedSignallingSocket *self, GError *error)
{
  g_autoptr (SeedSignallingSocket) alive = g_object_ref (self);
  g_autoptr (GError) owned = error;

  if (self->ended)
    return;

  let_go (self);
  g_signal_emit (self, signals[ENDED], 0, owned);
}

static gboolean
silence_cb (gpointer user_data)
{
  SeedSignallingSocket *self = user_data;

  end (self, g_error_new (SEED_ERROR, SEED_CODE_SERVER_UNREACHABLE,
                          _ ("The server at %s does not answer any more."), self->server));
  return G_SOURCE_REMOVE;
}

static void
expect_within (SeedSignallingSocket *self, guint milliseconds)
{
  g_source_set_ready_time (self->silence, g_get_monotonic_time () + milliseconds * 1000LL);
}

static void
set_ping (SeedSignallingSocket *self, guint seconds)
{
  if (soup_websocket_connection_get_keepalive_interval (self->connection) != seconds)
    soup_websocket_connection_set_keepalive_interval (self->connection, seconds);
}

static void
heard (SeedSignallingSocket *self)
{
  set_ping (self, MAX (self->ping_ms / 1000, 1));
  expect_within (self, self->silence_ms);
}

static void
pong_cb (SoupWebsocketConnection *connection, GBytes *data, gpointer user_data)
{
  heard (user_data);
}

static void
message_cb (SoupWebsocketConnection *connection, int type, GBytes *data, gpointer user_data)
{
  SeedSignallingSocket *self = user_data;

  heard (self);

  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    g_signal_emit (self, signals[TEXT], 0, data);
  else
    end (self, seed_error_new_code (SEED_CODE_BAD_MESSAGE));
}

static void
error_cb (SoupWebsocketConnection *connection, GError *error, gpointer user_data)
{
  SeedSignallingSocket *self = user_data;

  if (self->problem == NULL)
    self->problem =
        g_error_new (SEED_ERROR, SEED_CODE_BAD_MESSAGE, _ ("The server at %s broke off: %s."),
                     self->server, error->message);
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer user_data)
{
  SeedSignallingSocket *self = user_data;

  end (self, g_steal_pointer (&self->problem));
}

static void
watch_silence (SeedSignallingSocket *self)
{
  self->silence = g_timeout_source_new (self->silence_ms);
  g_source_set_static_name (self->silence, "signalling silence");
  g_source_set_callback (self->silence, silence_cb, self, NULL);
  g_source_attach (self->silence, g_main_context_get_thread_default ());
  heard (self);
}

static GError *
wrong_version (SeedSignallingSocket *self)
{
  return g_error_new (SEED_ERROR, SEED_CODE_WRONG_VERSION,
                      _ ("The server at %s speaks another version of the protocol."), self->server);
}

/* The handshake ended with an answer other than 101. */
static GError *
explain_status (SeedSignallingSocket *self, guint status)
{
  switch (status)
    {
    case SOUP_STATUS_BAD_REQUEST: /* what SoupServer says to a subprotocol that it lacks */
    case 426:                     /* Upgrade Required, RFC 9110 */
      return wrong_version (self);
    case 429: /* Too Many Requests, RFC 6585 */
      return g_error_new (SEED_ERROR, SEED_CODE_TOO_MANY_SOCKETS,
                          _ ("The server at %s takes no more connections from this address."),
                          self->server);
    case SOUP_STATUS_BAD_GATEWAY:
    case SOUP_STATUS_SERVICE_UNAVAILABLE:
    case SOUP_STATUS_GATEWAY_TIMEOUT:
      return g_error_new (SEED_ERROR, SEED_CODE_SERVER_CLOSING,
                          _ ("The server at %s is not in service just now."), self->server);
    default:
      return g_error_new (SEED_ERROR, SEED_CODE_SERVER_UNREACHABLE,
                          _ ("%s answered, but is no Seedshot server."), self->server);
    }
}

static GError *
explain_failure (SeedSignallingSocket *self, const GError *error)
{
  guint status = soup_message_get_status (self->handshake);

  if (error->domain == G_TLS_ERROR)
    return g_error_new (SEED_ERROR, SEED_CODE_SERVER_UNREACHABLE,
                        _ ("The server at %s has no certificate that we trust: %s."), self->server,
                        error->message);
  if (status == SOUP_STATUS_SWITCHING_PROTOCOLS)
    return wrong_version (self);
  if (error->domain == SOUP_WEBSOCKET_ERROR || status != SOUP_STATUS_NONE)
    return explain_status (self, status);

  return g_error_new (SEED_ERROR, SEED_CODE_SERVER_UNREACHABLE,
                      _ ("The server at %s could not be reached: %s."), self->server,
                      error->message);
}

static void
adopt (SeedSignallingSocket *self, SoupWebsocketConnection *connection)
{
  const char *protocol = soup_websocket_connection_get_protocol (connection);

  self->connection = g_object_ref (connection);

  if (g_strcmp0 (protocol, SEED_PROTOCOL_SUBPROTOCOL) != 0)
    {
      end (self, wrong_version (self));
      return;
    }

  soup_websocket_connection_set_max_incoming_payload_size (connection, SEED_SIGNALLING_MESSAGE_MAX);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (connection, "pong", G_CALLBACK (pong_cb), self);
  g_signal_connect (connection, "error", G_CALLBACK (error_cb), self);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), self);
  watch_silence (self);
  g_signal_emit (self, signals[OPENED], 0);
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SeedSignallingSocket) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) connection =
      soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  if (self->ended)
    return;

  if (connection == NULL)
    end (self, explain_failure (self, error));
  else
    adopt (self, connection);
}

static gboolean
no_address_cb (gpointer user_data)
{
  SeedSignallingSocket *self = user_data;

  end (self, g_error_new (SEED_ERROR, SEED_CODE_BAD_CONFIG,
                          _ ("“%s” is not the address of a server, such as https://example.org."),
                          self->server));
  return G_SOURCE_REMOVE;
}

static void
fail_later (SeedSignallingSocket *self)
{
  self->silence = g_idle_source_new ();
  g_source_set_callback (self->silence, no_address_cb, self, NULL);
  g_source_attach (self->silence, g_main_context_get_thread_default ());
}

void
seed_signalling_socket_connect (SeedSignallingSocket *self)
{
  g_autofree char *url = g_strconcat (self->server, "/ws", NULL);
  char *protocols[] = { (char *) SEED_PROTOCOL_SUBPROTOCOL, NULL };

  self->handshake = soup_message_new (SOUP_METHOD_GET, url);

  if (self->handshake == NULL)
    {
      fail_later (self);
      return;
    }

  soup_session_websocket_connect_async (self->session, self->handshake, NULL, protocols,
                                        G_PRIORITY_DEFAULT, self->cancellable, connect_cb,
                                        g_object_ref (self));
}

static gboolean
is_open (SeedSignallingSocket *self)
{
  return self->connection != NULL &&
         soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}

void
seed_signalling_socket_send (SeedSignallingSocket *self, const char *text)
{
  if (is_open (self))
    soup_websocket_connection_send_text (self->connection, text);
}

void
seed_signalling_socket_probe (SeedSignallingSocket *self)
{
  if (!is_open (self))
    return;

  set_ping (self, PROBE_PING_S);
  expect_within (self, MIN (PROBE_SILENCE_MS, self->silence_ms));
}

void
seed_signalling_socket_close (SeedSignallingSocket *self)
{
  if (is_open (self))
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

void
seed_signalling_socket_abandon (SeedSignallingSocket *self)
{
  let_go (self);
}

void
seed_signalling_socket_set_patience (SeedSignallingSocket *self, guint ping_ms, guint silence_ms)
{
  self->ping_ms = ping_ms;
  self->silence_ms = silence_ms;
}

SeedSignallingSocket *
seed_signalling_socket_new (SoupSession *session, const char *server)
{
  SeedSignallingSocket *self = g_object_new (SEED_TYPE_SIGNALLING_SOCKET, NULL);

  self->session = g_object_ref (session);
  self->server = g_strdup (server);

  return self;
}

static void
seed_signalling_socket_dispose (GObject *object)
{
  SeedSignallingSocket *self = SEED_SIGNALLING_SOCKET (object);

  let_go (self);
  G_OBJECT_CLASS (seed_signalling_socket_parent_class)->dispose (object);
}

static void
seed_signalling_socket_finalize (GObject *object)
{
  SeedSignallingSocket *self = SEED_SIGNALLING_SOCKET (object);

  g_clear_object (&self->handshake);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->problem);
  g_free (self->server);
  G_OBJECT_CLASS (seed_signalling_socket_parent_class)->finalize (object);
}

static void
seed_signalling_socket_class_init (SeedSignallingSocketClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = seed_signalling_socket_dispose;
  object_class->finalize = seed_signalling_socket_finalize;

  signals[OPENED] =
      g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[TEXT] = g_signal_new ("text", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_BYTES);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_ERROR);
}

static void
seed_signalling_socket_init (SeedSignallingSocket *self)
{
  self->cancellable = g_cancellable_new ();
  self->ping_ms = SEED_SIGNALLING_PING_MS;
  self->silence_ms = SEED_SIGNALLING_SILENCE_MS;
}
