// SPDX-License-Identifier: MIT
#include "seed-server-http.h"

#include <string.h>

#include "seed-protocol.h"

#define INDEX "/index.html"
#define TEXT "text/plain; charset=utf-8"
#define METRICS "text/plain; version=0.0.4; charset=utf-8"
#define STATUS_HEADERS_TOO_LARGE 431
#define PUBLIC_FOR_A_YEAR "public, max-age=31536000, immutable"

/* 'self' in connect-src stands for ws: and wss: on the page's own host as well (CSP 3, 6.7.2.8). */
#define POLICY                                                                                     \
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "                   \
  "img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; "    \
  "manifest-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "                    \
  "frame-ancestors 'none'; require-trusted-types-for 'script'"

static const struct
{
  const char *name;
  const char *value;
} headers[] = {
  { "Content-Security-Policy", POLICY },
  { "X-Content-Type-Options", "nosniff" },
  { "X-Frame-Options", "DENY" },
  { "Referrer-Policy", "no-referrer" },
  { "Cross-Origin-Opener-Policy", "same-origin" },
  { "Cross-Origin-Resource-Policy", "same-origin" },
  { "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
  /* libsoup keeps no connection that it did not accept itself. */
  { "Connection", "close" },
};

void
seed_server_http_prepare (SoupServerMessage *message)
{
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    soup_message_headers_replace (response, headers[i].name, headers[i].value);
}

static gboolean
is_head (SoupServerMessage *message)
{
  return g_str_equal (soup_server_message_get_method (message), "HEAD");
}

static void
set_body (SoupServerMessage *message, const char *type, GBytes *body)
{
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (response, "Content-Type", type);
  soup_message_headers_set_content_length (response, (goffset) g_bytes_get_size (body));

  if (!is_head (message))
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
}

static void
say_as (SoupServerMessage *message, guint status, const char *type, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (response, "Cache-Control", "no-store");
  soup_server_message_set_status (message, status, NULL);
  set_body (message, type, body);
}

void
seed_server_http_say (SoupServerMessage *message, guint status, const char *text)
{
  say_as (message, status, TEXT, text);
}

/* Whether the client has the variant called @tag already. */
static gboolean
is_known (SoupServerMessage *message, const char *tag)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  const char *known = soup_message_headers_get_list (request, "If-None-Match");

  return known != NULL && strstr (known, tag) != NULL;
}

static void
send_page (SoupServerMessage *message, const SeedServerPage *page)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);
  SeedServerEncoding encoding =
      seed_server_page_choose (page, soup_message_headers_get_list (request, "Accept-Encoding"));
  const char *name = seed_server_encoding_name (encoding);

  soup_message_headers_replace (response, "Vary", "Accept-Encoding");
  soup_message_headers_replace (response, "ETag", page->tags[encoding]);
  soup_message_headers_replace (response, "Cache-Control",
                                page->immutable ? PUBLIC_FOR_A_YEAR : "no-cache");

  if (is_known (message, page->tags[encoding]))
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_MODIFIED, NULL);
      return;
    }

  if (name != NULL)
    soup_message_headers_replace (response, "Content-Encoding", name);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  set_body (message, page->type, page->variants[encoding]);
}

static void
send_metrics (SoupServerMessage *message, const SeedServerMetrics *metrics)
{
  g_autofree char *text = seed_server_metrics_to_text (metrics);

  say_as (message, SOUP_STATUS_OK, METRICS, text);
}

static gboolean
is_link (const char *path)
{
  const char *id = path + 1;

  return *path == '/' && strlen (id) == SEED_SHARE_ID_LENGTH &&
         strspn (id, SEED_CHARSET_ID) == SEED_SHARE_ID_LENGTH;
}

static const SeedServerPage *
find_page (SeedServerPages *pages, const char *path)
{
  /* Whether there is such a share is nothing that a GET should tell. */
  if (g_str_equal (path, "/") || is_link (path))
    return seed_server_pages_find (pages, INDEX);

  return seed_server_pages_find (pages, path);
}

void
seed_server_http_answer (SoupServerMessage *message, const char *path, SeedServerPages *pages,
                         const SeedServerMetrics *metrics)
{
  const char *method = soup_server_message_get_method (message);
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);

  if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
    {
      soup_message_headers_replace (response, "Allow", "GET, HEAD");
      seed_server_http_say (message, SOUP_STATUS_METHOD_NOT_ALLOWED,
                            "Only GET and HEAD are answered here.\n");
      return;
    }

  const SeedServerPage *page = find_page (pages, path);

  if (page != NULL)
    send_page (message, page);
  else if (g_str_equal (path, "/healthz"))
    seed_server_http_say (message, SOUP_STATUS_OK, "ok\n");
  else if (g_str_equal (path, "/metrics"))
    send_metrics (message, metrics);
  else
    seed_server_http_say (message, SOUP_STATUS_NOT_FOUND, "There is nothing here.\n");
}

char *
seed_server_http_raw (guint status)
{
  /* libsoup has no words for 431. */
  const char *phrase = status == STATUS_HEADERS_TOO_LARGE ? "Request Header Fields Too Large"
                                                          : soup_status_get_phrase (status);
  GString *raw = g_string_new (NULL);

  g_string_append_printf (raw, "HTTP/1.1 %u %s\r\n", status, phrase);

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    g_string_append_printf (raw, "%s: %s\r\n", headers[i].name, headers[i].value);

  g_string_append_printf (
      raw, "Content-Type: " TEXT "\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s.\n",
      strlen (phrase) + strlen (".\n"), phrase);

  return g_string_free (raw, FALSE);
}
