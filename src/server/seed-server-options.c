// SPDX-License-Identifier: MIT
#include "seed-server-options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define GROUP "server"
#define CONFIG "config"

struct _SeedServerOptions
{
  GHashTable *command_line; /* setting → value */
  GPtrArray *descriptions;  /* GOptionEntry borrows its texts */
};

SeedServerOptions *
seed_server_options_new (void)
{
  SeedServerOptions *self = g_new0 (SeedServerOptions, 1);

  self->command_line = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->descriptions = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
seed_server_options_free (SeedServerOptions *self)
{
  g_hash_table_unref (self->command_line);
  g_ptr_array_unref (self->descriptions);
  g_free (self);
}

static gboolean
take_option (const char *option, const char *value, gpointer data, GError **error)
{
  SeedServerOptions *self = data;

  g_hash_table_replace (self->command_line, g_strdup (option + strlen ("--")), g_strdup (value));
  return TRUE;
}

static void
add_option (GOptionGroup *group, const char *name, const char *description, const char *argument)
{
  GOptionEntry entries[] = {
    { name, 0, 0, G_OPTION_ARG_CALLBACK, take_option, description, argument },
    G_OPTION_ENTRY_NULL,
  };

  g_option_group_add_entries (group, entries);
}

GOptionGroup *
seed_server_options_group (SeedServerOptions *self)
{
  GOptionGroup *group = g_option_group_new (NULL, NULL, NULL, self, NULL);
  const char *name;

  add_option (group, CONFIG, _ ("Read settings from this file"), _ ("FILE"));

  for (guint i = 0; (name = seed_server_config_name (i)) != NULL; i++)
    {
      char *description = seed_server_config_describe (i);

      g_ptr_array_add (self->descriptions, description);
      add_option (group, name, description, seed_server_config_argument (i));
    }

  return group;
}

static char *
variable_name (const char *name)
{
  g_autofree char *upper = g_ascii_strup (name, -1);

  return g_strdelimit (g_strconcat ("SEEDSHOT_SERVER_", upper, NULL), "-", '_');
}

static gboolean
bad_file (const char *path, const char *problem, GError **error)
{
  g_set_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG,
               _ ("The setting “%s” names the file “%s”, which can't be used: %s."), CONFIG, path,
               problem);
  return FALSE;
}

static gboolean
load_key (SeedServerConfig *config, GKeyFile *file, const char *key, const char *path,
          GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *value = g_key_file_get_string (file, GROUP, key, &problem);

  if (value == NULL)
    return bad_file (path, problem->message, error);

  return seed_server_config_set (config, key, g_strstrip (value), path, error);
}

static gboolean
load_file (SeedServerConfig *config, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) problem = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &problem))
    return bad_file (path, problem->message, error);

  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (!g_str_equal (groups[i], GROUP))
        return bad_file (path, _ ("it has a group other than [server]"), error);
    }

  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      if (!load_key (config, file, keys[i], path, error))
        return FALSE;
    }

  return TRUE;
}

/* Variables that name no setting are let pass: container systems set such of their own accord,
 * called after the service. */
static gboolean
load_environment (SeedServerConfig *config, char **environment, GError **error)
{
  const char *name;

  for (guint i = 0; (name = seed_server_config_name (i)) != NULL; i++)
    {
      g_autofree char *variable = variable_name (name);
      const char *value = g_environ_getenv (environment, variable);

      if (value != NULL && !seed_server_config_set (config, name, value, variable, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
load_command_line (SeedServerConfig *config, GHashTable *options, GError **error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, options);

  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (!g_str_equal (name, CONFIG) &&
          !seed_server_config_set (config, name, value, _ ("the command line"), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_turn (const SeedServerConfig *config, GError **error)
{
  for (guint i = 0; config->ice[i] != NULL; i++)
    {
      if (g_str_has_prefix (config->ice[i], "turn") && config->turn_secret == NULL)
        {
          g_set_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG,
                       _ ("The setting “ice” has “%s”, which needs the setting “turn-secret”."),
                       config->ice[i]);
          return FALSE;
        }
    }

  return TRUE;
}

SeedServerConfig *
seed_server_options_load (SeedServerOptions *self, char **environment, GError **error)
{
  g_autoptr (SeedServerConfig) config = seed_server_config_new ();
  const char *path = g_hash_table_lookup (self->command_line, CONFIG);

  if (path == NULL)
    path = g_environ_getenv (environment, "SEEDSHOT_SERVER_CONFIG");

  if ((path != NULL && !load_file (config, path, error)) ||
      !load_environment (config, environment, error) ||
      !load_command_line (config, self->command_line, error) || !check_turn (config, error))
    return NULL;

  return g_steal_pointer (&config);
}
