// SPDX-License-Identifier: MIT
#include "seed-rtc-ice.h"

#include <string.h>

#include "seed-rtc-route.h"

/* Between two checks; the least of RFC 8445, section 14.2. A path is found, nominated and confirmed in
 * about three of them, and libnice would take 20 ms for each. */
#define PACING_MS 5

typedef struct
{
  const char *scheme;
  gboolean relays;
} Scheme;

static const Scheme schemes[] = {
  { "stun:", FALSE },
  { "turn:", TRUE },
  { "turns:", TRUE },
};

static const char *const transports[] = { "", "?transport=udp", "?transport=tcp", NULL };

/* The host, port and transport of RFC 7064 and 7065 as the "//" form that webrtcbin reads. */
static char *
server_uri (const SeedIceServer *server, const Scheme *scheme)
{
  const char *rest = server->url + strlen (scheme->scheme);
  const char *query = strchrnul (rest, '?');
  g_autofree char *host = g_strndup (rest, query - rest);
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;

  if (*host == '\0' ||
      strspn (host, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-:[]") != strlen (host) ||
      !g_strv_contains (transports, query))
    return NULL;
  if (!scheme->relays)
    return g_strdup_printf ("stun://%s", host);
  if (server->username == NULL || server->credential == NULL)
    return NULL;

  user = g_uri_escape_string (server->username, NULL, FALSE);
  password = g_uri_escape_string (server->credential, NULL, FALSE);

  return g_strdup_printf ("%.*s//%s:%s@%s%s", (int) strlen (scheme->scheme), scheme->scheme, user,
                          password, host, query);
}

static void
add_server (GstElement *bin, const SeedIceServer *server)
{
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      g_autofree char *uri = NULL;
      gboolean added = FALSE;

      if (!g_str_has_prefix (server->url, schemes[i].scheme))
        continue;
      uri = server_uri (server, &schemes[i]);
      if (uri == NULL)
        return;
      if (schemes[i].relays)
        g_signal_emit_by_name (bin, "add-turn-server", uri, &added);
      else
        g_object_set (bin, "stun-server", uri, NULL);
      return;
    }
}

GObject *
seed_rtc_ice_dup_agent (GstElement *bin)
{
  g_autoptr (GstWebRTCICE) ice = NULL;
  GObject *agent = NULL;

  g_object_get (bin, "ice-agent", &ice, NULL);
  if (ice != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (ice), "agent") != NULL)
    g_object_get (ice, "agent", &agent, NULL);

  return agent;
}

/* What "ice-agent" has inside is not promised. */
static void
set_if_there (GObject *object, const char *property, guint value)
{
  if (object != NULL &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (object), property) != NULL)
    g_object_set (object, property, value, NULL);
}

void
seed_rtc_ice_prepare (GstElement *bin, GPtrArray *servers)
{
  g_autoptr (GObject) agent = seed_rtc_ice_dup_agent (bin);

  /* libnice would look for a router in every session, and wait for it. */
  set_if_there (agent, "upnp", FALSE);
  set_if_there (agent, "stun-pacing-timer", PACING_MS);

  for (guint i = 0; i < servers->len; i++)
    add_server (bin, g_ptr_array_index (servers, i));
}

void
seed_rtc_transports_init (SeedRtcTransports *self, GstElement *bin)
{
  memset (self, 0, sizeof *self);
  g_object_get (bin, "sctp-transport", &self->sctp, NULL);
  if (self->sctp != NULL)
    g_object_get (self->sctp, "transport", &self->dtls, NULL);
  if (self->dtls != NULL)
    g_object_get (self->dtls, "transport", &self->ice, NULL);
}

void
seed_rtc_transports_clear (SeedRtcTransports *self)
{
  g_clear_object (&self->ice);
  g_clear_object (&self->dtls);
  g_clear_object (&self->sctp);
}

static GstWebRTCICEConnectionState
ice_state (const SeedRtcTransports *self)
{
  GstWebRTCICEConnectionState state = GST_WEBRTC_ICE_CONNECTION_STATE_NEW;

  if (self->ice != NULL)
    g_object_get (self->ice, "state", &state, NULL);

  return state;
}

static GstWebRTCDTLSTransportState
dtls_state (const SeedRtcTransports *self)
{
  GstWebRTCDTLSTransportState state = GST_WEBRTC_DTLS_TRANSPORT_STATE_NEW;

  if (self->dtls != NULL)
    g_object_get (self->dtls, "state", &state, NULL);

  return state;
}

static GstWebRTCSCTPTransportState
sctp_state (const SeedRtcTransports *self)
{
  GstWebRTCSCTPTransportState state = GST_WEBRTC_SCTP_TRANSPORT_STATE_NEW;

  if (self->sctp != NULL)
    g_object_get (self->sctp, "state", &state, NULL);

  return state;
}

SeedPhase
seed_rtc_transports_get_phase (const SeedRtcTransports *self)
{
  GstWebRTCICEConnectionState state = ice_state (self);

  if (dtls_state (self) == GST_WEBRTC_DTLS_TRANSPORT_STATE_CONNECTED)
    return SEED_PHASE_DATA;
  if (state == GST_WEBRTC_ICE_CONNECTION_STATE_CONNECTED ||
      state == GST_WEBRTC_ICE_CONNECTION_STATE_COMPLETED)
    return SEED_PHASE_DTLS;

  return SEED_PHASE_ICE;
}

gboolean
seed_rtc_transports_is_over (const SeedRtcTransports *self, gboolean opened)
{
  GstWebRTCDTLSTransportState dtls = dtls_state (self);

  /* Before that, a candidate that is still to come can mend it. */
  if (opened && ice_state (self) == GST_WEBRTC_ICE_CONNECTION_STATE_FAILED)
    return TRUE;

  return dtls == GST_WEBRTC_DTLS_TRANSPORT_STATE_FAILED ||
         dtls == GST_WEBRTC_DTLS_TRANSPORT_STATE_CLOSED ||
         sctp_state (self) == GST_WEBRTC_SCTP_TRANSPORT_STATE_CLOSED;
}

gboolean
seed_rtc_transports_check (const SeedRtcTransports *self, const char *fingerprint)
{
  g_autofree char *pem = NULL;
  g_autofree char *found = NULL;

  if (self->dtls != NULL)
    g_object_get (self->dtls, "remote-certificate", &pem, NULL);
  found = seed_rtc_fingerprint_from_pem (pem);

  return found != NULL && g_str_equal (found, fingerprint);
}

char *
seed_rtc_transports_dup_address (const SeedRtcTransports *self, GstElement *bin, SeedPath *path)
{
  g_autoptr (GstWebRTCICE) agent = NULL;
  g_autoptr (GstWebRTCICEStream) stream = NULL;
  GstWebRTCICECandidateStats *ours = NULL;
  GstWebRTCICECandidateStats *theirs = NULL;
  char *address = NULL;

  *path = SEED_PATH_UNKNOWN;
  g_object_get (bin, "ice-agent", &agent, NULL);
  if (self->ice != NULL &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (self->ice), "stream") != NULL)
    g_object_get (self->ice, "stream", &stream, NULL);
  if (agent == NULL || stream == NULL ||
      !gst_webrtc_ice_get_selected_pair (agent, stream, &ours, &theirs))
    return NULL;

  *path = seed_rtc_path (ours->type, theirs->type, ours->ipaddr, theirs->ipaddr);
  address = g_strdup (theirs->ipaddr);
  gst_webrtc_ice_candidate_stats_free (ours);
  gst_webrtc_ice_candidate_stats_free (theirs);

  return address;
}
