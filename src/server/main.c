// SPDX-License-Identifier: MIT
#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <locale.h>
#include <stdio.h>
#include <sys/resource.h>

#include "seed-server-options.h"
#include "seed-server.h"

typedef struct
{
  gboolean version;
  gboolean json;
} Flags;

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if (g_log_writer_default_would_drop (level, G_LOG_DOMAIN))
    return G_LOG_WRITER_HANDLED;

  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, "MESSAGE"))
        g_printerr ("seedshot-server: %s\n", (const char *) fields[i].value);
    }

  return G_LOG_WRITER_HANDLED;
}

/* Each connection takes a file descriptor. */
static void
raise_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;

  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

/* (transfer full): where a browser on this machine finds the server. */
static char *
local_url (const SeedServerConfig *config, guint16 port)
{
  GInetAddress *address = g_inet_socket_address_get_address (config->listen);
  gboolean is_ipv6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  g_autofree char *host = g_inet_address_to_string (address);

  if (g_inet_address_get_is_any (address))
    return g_strdup_printf (is_ipv6 ? "http://[::1]:%u" : "http://127.0.0.1:%u", port);

  return g_strdup_printf (is_ipv6 ? "http://[%s]:%u" : "http://%s:%u", host, port);
}

static void
say_listening (const SeedServerConfig *config, guint16 port, gboolean json)
{
  g_autofree char *url = local_url (config, port);

  if (json)
    g_print ("{\"event\":\"listening\",\"url\":\"%s\"}\n", url);
  else
    g_print (_ ("Listening on %s. Press Ctrl+C to stop.\n"), url);

  fflush (stdout);
}

static void
say_error (const GError *error, gboolean json)
{
  g_autofree char *text = seed_error_describe (error);

  g_printerr ("seedshot-server: %s\n", text);

  if (!json)
    return;

  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "event", "error");
  json_object_set_string_member (object, "code", seed_code_name (seed_error_code (error)));
  json_object_set_string_member (object, "message", text);
  json_node_set_object (node, object);

  g_autofree char *line = json_to_string (node, FALSE);

  g_print ("%s\n", line);
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static int
serve (const SeedServerConfig *config, gboolean json, GError **error)
{
  g_autoptr (SeedServer) server = seed_server_new (config);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  if (!seed_server_start (server, error))
    return seed_code_exit_status (seed_error_code (*error));

  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  say_listening (config, seed_server_get_port (server), json);
  g_main_loop_run (loop);
  seed_server_stop (server);
  return 0;
}

static gboolean
parse_arguments (SeedServerOptions *options, Flags *flags, char ***arguments, GError **error)
{
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, &flags->version, N_ ("Print the version and exit"),
      NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &flags->json, N_ ("Print events as JSON, one a line"),
      NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup *group = seed_server_options_group (options);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_context_set_main_group (context, group);
  g_option_context_set_summary (
      context, _ ("Introduces those who share to those who receive, and serves the page for it. It "
                  "never sees a file, a name or a key."));
  g_option_context_set_description (
      context,
      _ ("Each setting may also be given in the environment, as SEEDSHOT_SERVER_PUBLIC_URL "
         "for\npublic-url, or in the file of --config, in the group [server]. The command "
         "line\ncounts most, then the environment, then the file."));

  g_autoptr (GError) problem = NULL;

  if (g_option_context_parse_strv (context, arguments, &problem))
    return TRUE;

  g_set_error (error, SEED_ERROR, SEED_CODE_USAGE, "%s.", problem->message);
  return FALSE;
}

static gboolean
check_rest (char **arguments, GError **error)
{
  if (arguments[0] == NULL || arguments[1] == NULL)
    return TRUE;

  g_set_error (error, SEED_ERROR, SEED_CODE_USAGE, _ ("“%s” is no option."), arguments[1]);
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_autoptr (SeedServerOptions) options = seed_server_options_new ();
  g_autoptr (SeedServerConfig) config = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = g_strdupv (argv);
  g_auto (GStrv) environment = g_get_environ ();
  Flags flags = { 0 };
  int status = 0;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, SEED_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_log_set_writer_func (write_log, NULL, NULL);

  if (parse_arguments (options, &flags, &arguments, &error) && check_rest (arguments, &error))
    {
      if (flags.version)
        {
          g_print ("seedshot-server %s\n", SEED_VERSION);
          return 0;
        }

      config = seed_server_options_load (options, environment, &error);
    }

  if (config != NULL)
    {
      raise_limit ();
      status = serve (config, flags.json, &error);
    }

  if (error == NULL)
    return status;

  say_error (error, flags.json);
  return seed_code_exit_status (seed_error_code (error));
}
