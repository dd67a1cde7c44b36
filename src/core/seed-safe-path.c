// SPDX-License-Identifier: MIT
#include "seed-safe-path.h"

#include <string.h>

/* Where to cut a name so that at most @limit bytes stay and no character is halved. */
static gsize
cut_at (const char *name, gsize limit)
{
  if (strlen (name) <= limit)
    return strlen (name);

  return (gsize) (g_utf8_find_prev_char (name, name + limit + 1) - name);
}

/* The ending with its dot, "" where there is none or it is too long to be one. */
static const char *
ending_of (const char *name)
{
  const char *dot = strrchr (name, '.');

  return dot == NULL || dot == name || strlen (dot) > 32 ? "" : dot;
}

static char *
fit_name (const char *name, const char *insert)
{
  const char *ending = ending_of (name);
  gsize reserved = strlen (insert) + strlen (ending);
  g_autofree char *stem = g_strndup (name, strlen (name) - strlen (ending));

  stem[cut_at (stem, SEED_NAME_MAX - reserved)] = '\0';
  return g_strconcat (stem, insert, ending, NULL);
}

char *
seed_safe_path (const char *remote)
{
  g_auto (GStrv) parts = g_strsplit (remote, "/", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] != '\0' && !g_str_equal (parts[i], ".") && !g_str_equal (parts[i], ".."))
        g_ptr_array_add (kept, fit_name (parts[i], ""));
    }

  if (kept->len == 0)
    return g_strdup ("file");
  if (kept->len > SEED_DEPTH_MAX)
    g_ptr_array_remove_range (kept, 0, kept->len - SEED_DEPTH_MAX);

  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("/", (char **) kept->pdata);
}

char *
seed_numbered_name (const char *name, guint number)
{
  g_autofree char *insert = number < 2 ? g_strdup ("") : g_strdup_printf (" (%u)", number);

  return fit_name (name, insert);
}

static gboolean
changes_direction (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

char *
seed_printable_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  GString *printable = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) || changes_direction (c) || c == 0x2028 || c == 0x2029)
        g_string_append (printable, "\xef\xbf\xbd");
      else
        g_string_append_unichar (printable, c);
    }

  return g_string_free (printable, FALSE);
}
