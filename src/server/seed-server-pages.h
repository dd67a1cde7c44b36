// SPDX-License-Identifier: MIT
#pragma once

/* The files of the page, found once at the start: each with its type, its tag, and its compressed
 * variants. Immutable after that. */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  SEED_SERVER_ENCODING_NONE,
  SEED_SERVER_ENCODING_GZIP,
  SEED_SERVER_ENCODING_BROTLI,
  SEED_SERVER_ENCODING_LAST,
} SeedServerEncoding;

typedef struct
{
  const char *type;
  gboolean immutable;                          /* its name has a hash of what is in it */
  GBytes *variants[SEED_SERVER_ENCODING_LAST]; /* the first always, the others (nullable) */
  char *tags[SEED_SERVER_ENCODING_LAST];       /* strong ETags, with their quotes */
} SeedServerPage;

typedef struct _SeedServerPages SeedServerPages;

/** @prefix: where in the program's resources the files are, with a slash at its end. */
SeedServerPages *seed_server_pages_new (const char *prefix);
void seed_server_pages_free (SeedServerPages *self);

/** (nullable): the file called @path, such as "/index.html". */
const SeedServerPage *seed_server_pages_find (SeedServerPages *self, const char *path);

/** The smallest variant of @page that an Accept-Encoding of @accepted, (nullable), allows. */
SeedServerEncoding seed_server_page_choose (const SeedServerPage *page, const char *accepted);

/** (nullable): as Content-Encoding has it; %NULL for none. */
const char *seed_server_encoding_name (SeedServerEncoding encoding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SeedServerPages, seed_server_pages_free)

G_END_DECLS
