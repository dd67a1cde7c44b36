// SPDX-License-Identifier: MIT
#include "seed-engine.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/utsname.h>

#include "config.h"
#include "seed-lan-address.h"
#include "seed-rtc-peer.h"
#include "seed-server.h"

#define DRAIN_TIMEOUT_MS 2000

struct _SeedEngine
{
  GObject parent;

  char *listen_address; /* "0.0.0.0" or "::" for every one */
  guint16 listen_port;
  gboolean any_port; /* if that one is taken */

  SeedServer *server; /* the embedded one */
  char *server_url;   /* to reach the server by */
  char *public_url;   /* for links */

  guint rehearse_source;
  SeedRtcPeer *rehearsal;
  gboolean has_rehearsed;
};

G_DEFINE_FINAL_TYPE (SeedEngine, seed_engine, G_TYPE_OBJECT)

static gboolean
bad_listen (const char *listen, GError **error)
{
  g_set_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG,
               _ ("“%s” is no address to listen on, such as 192.0.2.1:8844 or :8844."), listen);
  return FALSE;
}

/* `address:port`, `[v6]:port`, `address` or `:port`. */
static gboolean
parse_listen (SeedEngine *self, const char *listen, GError **error)
{
  const char *colon = strrchr (listen, ':');
  g_autoptr (GInetAddress) plain = g_inet_address_new_from_string (listen);
  guint64 port = SEED_ENGINE_PORT;
  g_autofree char *host = NULL;

  if (plain != NULL || colon == NULL)
    host = g_strdup (listen);
  else if (g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &port, NULL))
    host = g_strndup (listen, (gsize) (colon - listen));
  else
    return bad_listen (listen, error);

  gsize length = strlen (host);

  if (length > 1 && host[0] == '[' && host[length - 1] == ']')
    {
      host[length - 1] = '\0';
      memmove (host, host + 1, length - 1);
    }

  g_autoptr (GInetAddress) address =
      g_inet_address_new_from_string (*host == '\0' ? "0.0.0.0" : host);

  if (address == NULL)
    return bad_listen (listen, error);

  g_free (self->listen_address);
  self->listen_address = g_inet_address_to_string (address);
  self->listen_port = (guint16) port;
  self->any_port = FALSE;

  return TRUE;
}

SeedEngine *
seed_engine_new (const char *server, const char *listen, GError **error)
{
  g_autoptr (SeedEngine) self = g_object_new (SEED_TYPE_ENGINE, NULL);

  if (server != NULL && listen != NULL)
    {
      g_set_error_literal (error, SEED_ERROR, SEED_CODE_BAD_CONFIG,
                           _ ("A server and an address to listen on can't be had together."));
      return NULL;
    }
  if (server != NULL)
    {
      self->server_url = seed_server_url_normalize (server, error);
      self->public_url = g_strdup (self->server_url);
      return self->server_url == NULL ? NULL : g_steal_pointer (&self);
    }
  if (listen != NULL && !parse_listen (self, listen, error))
    return NULL;

  return g_steal_pointer (&self);
}

static gboolean
listen_on (SeedEngine *self, guint16 port, GError **error)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();

  if (!seed_server_config_set_listen (config, self->listen_address, port, error))
    return FALSE;

  g_autoptr (SeedServer) server = seed_server_new (config);

  if (!seed_server_start (server, error))
    return FALSE;

  self->server = g_steal_pointer (&server);
  return TRUE;
}

gboolean
seed_engine_start (SeedEngine *self, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (self->server_url != NULL)
    return TRUE;

  gboolean listening = listen_on (self, self->listen_port, &problem);

  if (!listening && self->any_port && g_error_matches (problem, SEED_ERROR, SEED_CODE_PORT_IN_USE))
    {
      g_clear_error (&problem);
      listening = listen_on (self, 0, &problem);
    }

  if (!listening)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }

  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (self->listen_address);
  gboolean is_v6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  gboolean is_any = g_inet_address_get_is_any (address);
  g_autofree char *lan = is_any ? seed_lan_address_find () : g_strdup (self->listen_address);
  guint16 port = seed_server_get_port (self->server);

  self->server_url =
      seed_lan_url (!is_any ? self->listen_address : (is_v6 ? "::1" : "127.0.0.1"), port);
  self->public_url = seed_lan_url (lan, port);

  return TRUE;
}

const char *
seed_engine_get_url (SeedEngine *self)
{
  return self->public_url;
}

gboolean
seed_engine_is_embedded (SeedEngine *self)
{
  return self->server != NULL;
}

static void
end_rehearsal (SeedEngine *self)
{
  g_clear_handle_id (&self->rehearse_source, g_source_remove);
  if (self->rehearsal == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->rehearsal, self);
  seed_channel_close (SEED_CHANNEL (self->rehearsal));
  g_clear_object (&self->rehearsal);
}

/* The first offer of a process takes a tenth of a second, since GStreamer loads its plugins for it. One
 * that nobody gets, once the first link is out, keeps the first receiver from waiting for that. */
static gboolean
rehearse_cb (gpointer user_data)
{
  SeedEngine *self = user_data;
  g_autoptr (GPtrArray) no_servers = g_ptr_array_new ();

  self->rehearse_source = 0;
  if (!seed_rtc_init (NULL))
    return G_SOURCE_REMOVE;

  self->rehearsal = seed_rtc_peer_new (SEED_ROLE_OWNER, no_servers);
  g_signal_connect_swapped (self->rehearsal, "description", G_CALLBACK (end_rehearsal), self);
  g_signal_connect_swapped (self->rehearsal, "closed", G_CALLBACK (end_rehearsal), self);
  seed_rtc_peer_start (self->rehearsal);

  return G_SOURCE_REMOVE;
}

static void
outgoing_link_cb (SeedOutgoing *outgoing, const char *link, SeedEngine *self)
{
  if (self->has_rehearsed)
    return;

  self->has_rehearsed = TRUE;
  self->rehearse_source = g_idle_add (rehearse_cb, self);
}

SeedOutgoing *
seed_engine_share (SeedEngine *self)
{
  SeedOutgoing *outgoing = seed_outgoing_new (self->server_url, self->public_url);

  g_signal_connect_object (outgoing, "link", G_CALLBACK (outgoing_link_cb), self, 0);

  return outgoing;
}

char *
seed_engine_dup_agent (void)
{
  struct utsname name;

  return g_strdup_printf ("Seedshot %s on %s", SEED_VERSION,
                          uname (&name) == 0 ? name.sysname : "Unix");
}

void
seed_engine_stop (SeedEngine *self)
{
  end_rehearsal (self);
  if (self->server != NULL)
    seed_server_stop (self->server);

  (void) seed_engine_drain ();
}

gboolean
seed_engine_drain (void)
{
  return seed_rtc_drain (DRAIN_TIMEOUT_MS);
}

static void
seed_engine_dispose (GObject *object)
{
  end_rehearsal (SEED_ENGINE (object));

  G_OBJECT_CLASS (seed_engine_parent_class)->dispose (object);
}

static void
seed_engine_finalize (GObject *object)
{
  SeedEngine *self = SEED_ENGINE (object);

  g_clear_object (&self->server);
  g_free (self->listen_address);
  g_free (self->server_url);
  g_free (self->public_url);

  G_OBJECT_CLASS (seed_engine_parent_class)->finalize (object);
}

static void
seed_engine_class_init (SeedEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = seed_engine_dispose;
  object_class->finalize = seed_engine_finalize;
}

static void
seed_engine_init (SeedEngine *self)
{
  self->listen_address = g_strdup ("0.0.0.0");
  self->listen_port = SEED_ENGINE_PORT;
  self->any_port = TRUE;
}
