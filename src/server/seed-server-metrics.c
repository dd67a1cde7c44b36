// SPDX-License-Identifier: MIT
#include "seed-server-metrics.h"

static void
add (GString *text, const char *name, const char *type, const char *help, guint64 value)
{
  g_string_append_printf (text, "# HELP seedshot_%s %s\n# TYPE seedshot_%s %s\n", name, help, name,
                          type);
  g_string_append_printf (text, "seedshot_%s %" G_GUINT64_FORMAT "\n", name, value);
}

static void
add_refusals (GString *text, const SeedServerMetrics *self)
{
  g_string_append (text, "# HELP seedshot_refused_total Clients that were refused, by code.\n"
                         "# TYPE seedshot_refused_total counter\n");

  for (int code = 0; code < SEED_CODE_LAST; code++)
    {
      if (self->refused[code] > 0)
        g_string_append_printf (text, "seedshot_refused_total{code=\"%s\"} %" G_GUINT64_FORMAT "\n",
                                seed_code_name (code), self->refused[code]);
    }
}

char *
seed_server_metrics_to_text (const SeedServerMetrics *self)
{
  GString *text = g_string_new (NULL);

  add (text, "connections", "gauge", "Open connections.", self->connections);
  add (text, "sockets", "gauge", "Open WebSockets.", self->sockets);
  add (text, "shares", "gauge", "Live shares.", self->shares);
  add (text, "receivers", "gauge", "Receivers of all shares.", self->receivers);
  add (text, "accepted_total", "counter", "Connections let in.", self->accepted);
  add (text, "turned_away_total", "counter", "Connections turned away before any request.",
       self->turned_away);
  add (text, "requests_total", "counter", "HTTP requests.", self->requests);
  add (text, "created_total", "counter", "Shares created.", self->created);
  add (text, "resumed_total", "counter", "Shares taken up again.", self->resumed);
  add (text, "joined_total", "counter", "Receivers that joined.", self->joined);
  add (text, "relayed_total", "counter", "Messages relayed.", self->relayed);
  add_refusals (text, self);

  return g_string_free (text, FALSE);
}
