// SPDX-License-Identifier: MIT
#include "seed-server.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "seed-server-accept.h"
#include "seed-server-http.h"
#include "seed-server-pages.h"
#include "seed-server-shares.h"

#define PAGES "/org/seedshot/web/"
#define WEBSOCKET "/ws"
#define CHECK_SECONDS 1
#define SWEEP_SECONDS 60
#define LOG_PER_MINUTE 60

/* libsoup has no names for them. */
#define STATUS_TOO_MANY_REQUESTS 429
#define STATUS_UPGRADE_REQUIRED 426

struct _SeedServer
{
  GObject parent_instance;

  SeedServerConfig *config;
  SeedServerMetrics metrics;
  SeedServerToken *token;
  SeedServerLimits *limits;
  SeedServerAccept *accept;
  SeedServerShares *shares;
  SeedServerPages *pages;
  SoupServer *soup;
  GHashTable *sockets; /* a set of SeedServerSocket, owned */
  GSource *check;      /* (nullable): there while it runs */
  guint checks;
  SeedServerBucket log;
};

G_DEFINE_FINAL_TYPE (SeedServer, seed_server, G_TYPE_OBJECT)

SeedServer *
seed_server_new (const SeedServerConfig *config)
{
  SeedServer *self = g_object_new (SEED_TYPE_SERVER, NULL);

  self->config = seed_server_config_copy (config);
  return self;
}

static GInetAddress *
find_client (SeedServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  g_autoptr (GInetAddress) peer =
      seed_server_address_plain (soup_server_message_get_remote_address (message));

  return seed_server_address_client (peer,
                                     soup_message_headers_get_list (request, "X-Forwarded-For"),
                                     self->config->trusted_proxies);
}

static void
log_refusal (SeedServer *self, SeedServerOrigin *origin, SeedCode code)
{
  if (!seed_server_bucket_take (&self->log, 1, LOG_PER_MINUTE / 60.0, LOG_PER_MINUTE,
                                g_get_monotonic_time ()))
    return;

  g_autofree char *address = NULL;

  if (self->config->log_addresses && origin != NULL)
    address = seed_server_address_key_to_string (&origin->key);

  if (address != NULL)
    g_message ("refused: %s, %s", seed_code_name (code), address);
  else
    g_message ("refused: %s", seed_code_name (code));
}

static void
socket_message (SeedServerSocket *socket, const SeedMessage *message, gpointer data)
{
  SeedServer *self = data;

  seed_server_shares_message (self->shares, socket, message);
}

static void
socket_refused (SeedServerSocket *socket, SeedCode code, gpointer data)
{
  SeedServer *self = data;

  if (code == SEED_CODE_SERVER_CLOSING)
    return;

  self->metrics.refused[code]++;
  log_refusal (self, seed_server_socket_get_origin (socket), code);
  seed_server_shares_lost (self->shares, socket);
}

static void
socket_closed (SeedServerSocket *socket, gpointer data)
{
  SeedServer *self = data;

  seed_server_shares_lost (self->shares, socket);
  g_hash_table_remove (self->sockets, socket);
}

static const SeedServerSocketFuncs socket_funcs = { socket_message, socket_refused, socket_closed };

static SeedServerStream *
find_stream (SeedServer *self, SoupServerMessage *message)
{
  return seed_server_accept_find (self->accept, soup_server_message_get_remote_address (message));
}

/* Behind a proxy only the request tells whom a connection counts for. */
static void
settle_origin (SeedServer *self, SeedServerStream *stream, SoupServerMessage *message)
{
  if (seed_server_stream_get_origin (stream) != NULL)
    return;

  g_autoptr (GInetAddress) client = find_client (self, message);
  g_autoptr (SeedServerOrigin) origin = seed_server_limits_get (self->limits, client);

  seed_server_stream_set_origin (stream, origin);

  if (origin->sockets > self->config->sockets_per_address)
    seed_server_stream_set_crowded (stream);
}

static void
upgraded_cb (SoupServer *soup, SoupServerMessage *message, const char *path,
             SoupWebsocketConnection *connection, gpointer data)
{
  SeedServer *self = data;
  SeedServerStream *stream = find_stream (self, message);

  if (stream == NULL)
    return;

  settle_origin (self, stream, message);
  seed_server_stream_upgrade (stream);
  SeedServerSocket *socket =
      seed_server_socket_new (connection, stream, self->config, &socket_funcs, self);

  g_hash_table_add (self->sockets, socket);

  if (seed_server_stream_is_crowded (stream))
    seed_server_socket_refuse (socket, SEED_CODE_TOO_MANY_SOCKETS);
}

static gboolean
offers_our_protocol (SoupMessageHeaders *request)
{
  const char *offered = soup_message_headers_get_list (request, "Sec-WebSocket-Protocol");

  return offered != NULL && soup_header_contains (offered, SEED_PROTOCOL_SUBPROTOCOL);
}

/* A handler that sets no status lets libsoup go on with the upgrade. */
static void
websocket_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
              gpointer data)
{
  SeedServer *self = data;
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);
  SeedServerStream *stream = find_stream (self, message);

  self->metrics.requests++;

  if (!g_str_equal (path, WEBSOCKET))
    seed_server_http_answer (message, path, self->pages, &self->metrics);
  else if (!soup_message_headers_header_contains (request, "Upgrade", "websocket"))
    {
      soup_message_headers_replace (response, "Upgrade", "websocket");
      seed_server_http_say (message, STATUS_UPGRADE_REQUIRED, "Only WebSockets are served here.\n");
    }
  else if (!offers_our_protocol (request))
    {
      self->metrics.refused[SEED_CODE_WRONG_VERSION]++;
      seed_server_http_say (message, SOUP_STATUS_BAD_REQUEST,
                            "wrong-version: this server speaks " SEED_PROTOCOL_SUBPROTOCOL
                            " alone.\n");
    }
  else if (stream == NULL || !seed_server_stream_awaits_answer (stream))
    seed_server_http_say (message, SOUP_STATUS_BAD_REQUEST,
                          "Nothing may follow the request before it is answered.\n");
  else
    soup_message_headers_remove (response, "Connection");
}

static void
page_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer data)
{
  SeedServer *self = data;
  SeedServerStream *stream = find_stream (self, message);

  self->metrics.requests++;

  if (stream != NULL && seed_server_stream_is_crowded (stream))
    {
      self->metrics.refused[SEED_CODE_TOO_MANY_SOCKETS]++;
      seed_server_http_say (message, STATUS_TOO_MANY_REQUESTS,
                            "too-many-sockets: too many connections come from this address.\n");
      return;
    }

  self->metrics.connections = seed_server_accept_count (self->accept);
  self->metrics.sockets = g_hash_table_size (self->sockets);
  seed_server_shares_count (self->shares);
  seed_server_http_answer (message, path, self->pages, &self->metrics);
}

static void
started_cb (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  seed_server_http_prepare (message);
}

static void
overflow_cb (SeedServerStream *stream, guint status, gpointer data)
{
  if (status == 0)
    return;

  g_autofree char *answer = seed_server_http_raw (status);

  seed_server_stream_answer (stream, answer);
}

static void
accepted_cb (SeedServerStream *stream, GSocketAddress *local, GSocketAddress *remote, gpointer data)
{
  SeedServer *self = data;
  g_autoptr (GError) error = NULL;

  g_signal_connect (stream, "overflow", G_CALLBACK (overflow_cb), NULL);

  if (!soup_server_accept_iostream (self->soup, G_IO_STREAM (stream), local, remote, &error))
    seed_server_stream_abort (stream);
}

static gboolean
check_cb (gpointer data)
{
  SeedServer *self = data;
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer socket;

  g_hash_table_iter_init (&iter, self->sockets);

  while (g_hash_table_iter_next (&iter, &socket, NULL))
    seed_server_socket_check (socket, now);

  seed_server_accept_check (self->accept, now);
  seed_server_shares_check (self->shares, now);

  if (++self->checks % SWEEP_SECONDS == 0)
    seed_server_limits_sweep (self->limits, now);

  return G_SOURCE_CONTINUE;
}

static SoupServer *
make_soup (SeedServer *self)
{
  static const char *protocols[] = { SEED_PROTOCOL_SUBPROTOCOL, NULL };
  /* Paths are compared, never opened; as they came, nothing is read into them. */
  SoupServer *soup = soup_server_new ("raw-paths", TRUE, NULL);

  /* 94 KiB for each connection, for messages that are sealed and do not compress. */
  soup_server_remove_websocket_extension (soup, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_handler (soup, NULL, page_cb, self, NULL);
  soup_server_add_handler (soup, WEBSOCKET, websocket_cb, self, NULL);
  soup_server_add_websocket_handler (soup, WEBSOCKET, NULL, (char **) protocols, upgraded_cb, self,
                                     NULL);
  g_signal_connect (soup, "request-started", G_CALLBACK (started_cb), self);

  return soup;
}

static void
clear_parts (SeedServer *self)
{
  g_clear_pointer (&self->accept, seed_server_accept_free);
  g_clear_pointer (&self->shares, seed_server_shares_free);
  g_clear_pointer (&self->sockets, g_hash_table_unref);
  g_clear_object (&self->soup);
  g_clear_pointer (&self->pages, seed_server_pages_free);
  g_clear_pointer (&self->limits, seed_server_limits_free);
  g_clear_pointer (&self->token, seed_server_token_free);
}

gboolean
seed_server_start (SeedServer *self, GError **error)
{
  g_return_val_if_fail (self->accept == NULL, FALSE);

  self->token = seed_server_token_new (self->config->state_key, error);

  if (self->token == NULL)
    return FALSE;

  self->limits = seed_server_limits_new (self->config);
  self->pages = seed_server_pages_new (PAGES);
  self->shares = seed_server_shares_new (self->config, self->token, &self->metrics);
  self->sockets =
      g_hash_table_new_full (NULL, NULL, (GDestroyNotify) seed_server_socket_free, NULL);
  self->soup = make_soup (self);
  self->accept =
      seed_server_accept_new (self->config, self->limits, &self->metrics, accepted_cb, self);

  if (!seed_server_accept_listen (self->accept, error))
    {
      clear_parts (self);
      return FALSE;
    }

  self->check = g_timeout_source_new_seconds (CHECK_SECONDS);
  g_source_set_callback (self->check, check_cb, self, NULL);
  g_source_attach (self->check, g_main_context_get_thread_default ());
  return TRUE;
}

guint16
seed_server_get_port (SeedServer *self)
{
  return self->accept == NULL ? 0 : seed_server_accept_get_port (self->accept);
}

static void
refuse_all (SeedServer *self, SeedCode code)
{
  g_autoptr (GList) sockets = g_hash_table_get_keys (self->sockets);

  for (GList *item = sockets; item != NULL; item = item->next)
    seed_server_socket_refuse (item->data, code);
}

void
seed_server_stop (SeedServer *self)
{
  if (self->accept == NULL)
    return;

  g_source_destroy (self->check);
  g_clear_pointer (&self->check, g_source_unref);

  seed_server_accept_stop (self->accept);
  refuse_all (self, SEED_CODE_SERVER_CLOSING);
  seed_server_accept_flush (self->accept);
  soup_server_disconnect (self->soup);
  clear_parts (self);
}

static void
seed_server_finalize (GObject *object)
{
  SeedServer *self = SEED_SERVER (object);

  seed_server_stop (self);
  g_clear_pointer (&self->config, seed_server_config_free);

  G_OBJECT_CLASS (seed_server_parent_class)->finalize (object);
}

static void
seed_server_class_init (SeedServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = seed_server_finalize;
}

static void
seed_server_init (SeedServer *self)
{
}
