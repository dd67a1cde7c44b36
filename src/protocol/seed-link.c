// SPDX-License-Identifier: MIT
#include "seed-link.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "seed-base64url.h"

SeedLink *
seed_link_new (const char *server, const char *share)
{
  SeedLink *self = g_new0 (SeedLink, 1);

  self->server = g_strdup (server);
  self->share = g_strdup (share);
  seed_random_bytes (self->secret, sizeof self->secret);

  return self;
}

static SeedLink *
bad_link (GError **error, const char *problem)
{
  g_set_error_literal (error, SEED_ERROR, SEED_CODE_BAD_LINK, problem);
  return NULL;
}

/* GUri lets white space, control characters and markup pass, even in a host. */
static gboolean
is_clean (const char *text)
{
  for (const guchar *c = (const guchar *) text; *c != '\0'; c++)
    {
      if (*c <= ' ' || *c == 0x7f)
        return FALSE;
    }

  return g_utf8_validate (text, -1, NULL);
}

static gboolean
is_host (const char *host)
{
  return host != NULL && *host != '\0' &&
         host[strspn (host, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-._:%")] == '\0';
}

char *
seed_server_url_normalize (const char *text, GError **error)
{
  g_autoptr (GUri) uri = is_clean (text) ? g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL) : NULL;
  const char *scheme = uri == NULL ? "" : g_uri_get_scheme (uri);
  gboolean web = g_str_equal (scheme, "http") || g_str_equal (scheme, "https");

  if (!web || !is_host (g_uri_get_host (uri)) || g_uri_get_userinfo (uri) != NULL)
    {
      g_set_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG,
                   _ ("“%s” is not the address of a server, such as https://example.org."), text);
      return NULL;
    }

  g_autofree char *path = g_strdup (g_uri_get_path (uri));

  while (g_str_has_suffix (path, "/"))
    path[strlen (path) - 1] = '\0';

  return g_uri_join (G_URI_FLAGS_ENCODED, scheme, NULL, g_uri_get_host (uri), g_uri_get_port (uri),
                     path, NULL, NULL);
}

static gboolean
parse_secret (const char *text, guint8 *secret)
{
  gsize length = 0;
  g_autofree guint8 *raw = text == NULL ? NULL : seed_base64url_decode (text, &length);

  if (raw == NULL || length != SEED_SECRET_SIZE)
    return FALSE;

  memcpy (secret, raw, SEED_SECRET_SIZE);
  explicit_bzero (raw, length);
  return TRUE;
}

SeedLink *
seed_link_parse (const char *text, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autoptr (SeedLink) self = g_new0 (SeedLink, 1);
  char *fragment = strchr (stripped, '#');

  if (fragment == NULL || fragment[1] == '\0')
    return bad_link (error, _ ("The link has no key: the part after the # is missing."));
  if (!parse_secret (fragment + 1, self->secret))
    return bad_link (error, _ ("The link's key, the part after the #, is incomplete."));

  *fragment = '\0';
  char *slash = strrchr (stripped, '/');

  if (slash == NULL || strlen (slash + 1) != SEED_SHARE_ID_LENGTH ||
      strspn (slash + 1, SEED_CHARSET_ID) != SEED_SHARE_ID_LENGTH)
    return bad_link (error, _ ("The link names no share."));

  self->share = g_strdup (slash + 1);
  *slash = '\0';
  self->server = seed_server_url_normalize (stripped, NULL);

  if (self->server == NULL)
    return bad_link (error, _ ("The link does not begin with http:// or https:// and a server."));

  return g_steal_pointer (&self);
}

char *
seed_link_to_string (const SeedLink *self)
{
  g_autofree char *secret = seed_base64url_encode (self->secret, sizeof self->secret);

  return g_strdup_printf ("%s/%s#%s", self->server, self->share, secret);
}

SeedLink *
seed_link_copy (const SeedLink *self)
{
  SeedLink *copy = g_memdup2 (self, sizeof *self);

  copy->server = g_strdup (self->server);
  copy->share = g_strdup (self->share);

  return copy;
}

void
seed_link_free (SeedLink *self)
{
  g_free (self->server);
  g_free (self->share);
  explicit_bzero (self->secret, sizeof self->secret);
  g_free (self);
}
