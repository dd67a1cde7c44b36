// SPDX-License-Identifier: MIT
#include "seed-server-pages.h"

#include <libsoup/soup.h>
#include <string.h>

#define ASSETS "/assets/"

struct _SeedServerPages
{
  GHashTable *pages; /* path → SeedServerPage */
};

static const struct
{
  const char *suffix;
  const char *type;
} types[] = {
  { ".html", "text/html; charset=utf-8" },
  { ".js", "text/javascript; charset=utf-8" },
  { ".mjs", "text/javascript; charset=utf-8" },
  { ".css", "text/css; charset=utf-8" },
  { ".svg", "image/svg+xml" },
  { ".json", "application/json" },
  { ".webmanifest", "application/manifest+json" },
  { ".wasm", "application/wasm" },
  { ".png", "image/png" },
  { ".ico", "image/x-icon" },
  { ".woff2", "font/woff2" },
  { ".txt", "text/plain; charset=utf-8" },
};

/* By preference: the smaller first. */
static const struct
{
  SeedServerEncoding encoding;
  const char *suffix;
  const char *name;
} encodings[] = {
  { SEED_SERVER_ENCODING_BROTLI, ".br", "br" },
  { SEED_SERVER_ENCODING_GZIP, ".gz", "gzip" },
};

static const char *
find_type (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (g_str_has_suffix (path, types[i].suffix))
        return types[i].type;
    }

  return "application/octet-stream";
}

static gboolean
is_variant (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      if (g_str_has_suffix (path, encodings[i].suffix))
        return TRUE;
    }

  return FALSE;
}

static void
set_variant (SeedServerPage *page, SeedServerEncoding encoding, GBytes *bytes)
{
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  page->variants[encoding] = bytes;
  page->tags[encoding] = g_strdup_printf ("\"%.32s\"", digest);
}

static void
page_free (gpointer data)
{
  SeedServerPage *page = data;

  for (int i = 0; i < SEED_SERVER_ENCODING_LAST; i++)
    {
      g_clear_pointer (&page->variants[i], g_bytes_unref);
      g_free (page->tags[i]);
    }

  g_free (page);
}

static GBytes *
look_up (const char *prefix, const char *path)
{
  g_autofree char *full = g_strconcat (prefix, path + 1, NULL);

  return g_resources_lookup_data (full, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static void
add_page (SeedServerPages *self, const char *prefix, const char *path)
{
  GBytes *plain = look_up (prefix, path);

  if (plain == NULL || is_variant (path))
    {
      g_clear_pointer (&plain, g_bytes_unref);
      return;
    }

  SeedServerPage *page = g_new0 (SeedServerPage, 1);

  page->type = find_type (path);
  page->immutable = g_str_has_prefix (path, ASSETS);
  set_variant (page, SEED_SERVER_ENCODING_NONE, plain);

  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      g_autofree char *variant = g_strconcat (path, encodings[i].suffix, NULL);
      GBytes *bytes = look_up (prefix, variant);

      if (bytes != NULL)
        set_variant (page, encodings[i].encoding, bytes);
    }

  g_hash_table_replace (self->pages, g_strdup (path), page);
}

/* @folder: below @prefix, with a slash at both ends. */
static void
add_folder (SeedServerPages *self, const char *prefix, const char *folder)
{
  g_autofree char *full = g_strconcat (prefix, folder + 1, NULL);
  g_auto (GStrv) children =
      g_resources_enumerate_children (full, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (guint i = 0; children != NULL && children[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (folder, children[i], NULL);

      if (g_str_has_suffix (path, "/"))
        add_folder (self, prefix, path);
      else
        add_page (self, prefix, path);
    }
}

SeedServerPages *
seed_server_pages_new (const char *prefix)
{
  SeedServerPages *self = g_new0 (SeedServerPages, 1);

  self->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, page_free);
  add_folder (self, prefix, "/");

  return self;
}

void
seed_server_pages_free (SeedServerPages *self)
{
  g_hash_table_unref (self->pages);
  g_free (self);
}

const SeedServerPage *
seed_server_pages_find (SeedServerPages *self, const char *path)
{
  return g_hash_table_lookup (self->pages, path);
}

static gboolean
is_acceptable (GSList *acceptable, const char *name)
{
  for (GSList *item = acceptable; item != NULL; item = item->next)
    {
      if (g_ascii_strcasecmp (item->data, name) == 0)
        return TRUE;
    }

  return FALSE;
}

SeedServerEncoding
seed_server_page_choose (const SeedServerPage *page, const char *accepted)
{
  GSList *acceptable = accepted == NULL ? NULL : soup_header_parse_quality_list (accepted, NULL);
  SeedServerEncoding chosen = SEED_SERVER_ENCODING_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (encodings) && chosen == SEED_SERVER_ENCODING_NONE; i++)
    {
      if (page->variants[encodings[i].encoding] != NULL &&
          is_acceptable (acceptable, encodings[i].name))
        chosen = encodings[i].encoding;
    }

  soup_header_free_list (acceptable);
  return chosen;
}

const char *
seed_server_encoding_name (SeedServerEncoding encoding)
{
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      if (encodings[i].encoding == encoding)
        return encodings[i].name;
    }

  return NULL;
}
