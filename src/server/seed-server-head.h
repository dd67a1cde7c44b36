// SPDX-License-Identifier: MIT
#pragma once

/* Follows the head of an HTTP request in the bytes that a client sends, before libsoup has them:
 * so a request that announces a body, and one whose lengths libsoup 3.2 leaks memory over, never
 * gets that far. Plain value, zeroed at first. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize bytes;
  gsize end; /* bytes up to behind the empty line; 0 until it is there */
  guint lines;
  char line[40]; /* the start of the line under way, in lower case */
  guint line_length;
  gboolean has_length;
} SeedServerHead;

/** Takes what came in. Returns 0, or the HTTP status by which to refuse the request. */
guint seed_server_head_feed (SeedServerHead *self, const guint8 *data, gsize length, gsize limit);

/** Whether the head is complete, and nothing came behind it. */
gboolean seed_server_head_is_all (const SeedServerHead *self);

G_END_DECLS
