// SPDX-License-Identifier: MIT
#include "seed-server-head.h"

#include <string.h>

#define BAD_REQUEST 400
#define CONTENT_TOO_LARGE 413
#define HEADERS_TOO_LARGE 431

#define LENGTH "content-length:"
#define ENCODING "transfer-encoding:"

static gboolean
begins_with (const SeedServerHead *self, const char *name)
{
  return self->line_length >= strlen (name) && memcmp (self->line, name, strlen (name)) == 0;
}

/* "Content-Length: 0" says that there is no body; everything else is one, or nonsense. */
static guint
check_length (SeedServerHead *self)
{
  g_autofree char *value =
      g_strndup (self->line + strlen (LENGTH), self->line_length - strlen (LENGTH));

  if (self->has_length)
    return BAD_REQUEST;

  self->has_length = TRUE;
  return g_str_equal (g_strstrip (value), "0") ? 0 : CONTENT_TOO_LARGE;
}

static guint
check_line (SeedServerHead *self)
{
  /* A line that goes on with the one before could change what that one says (RFC 9112, 5.2). */
  if (self->line_length > 0 && self->lines > 0 && (self->line[0] == ' ' || self->line[0] == '\t'))
    return BAD_REQUEST;
  if (begins_with (self, ENCODING))
    return CONTENT_TOO_LARGE;
  if (begins_with (self, LENGTH))
    return check_length (self);

  return 0;
}

static guint
end_line (SeedServerHead *self, gsize at)
{
  guint status = check_line (self);

  /* As libsoup has it, an empty line in front of the request ends nothing. */
  if (self->line_length == 0 && self->lines > 0)
    self->end = at;

  self->lines++;
  self->line_length = 0;
  return status;
}

guint
seed_server_head_feed (SeedServerHead *self, const guint8 *data, gsize length, gsize limit)
{
  for (gsize i = 0; i < length && self->end == 0; i++)
    {
      guint status = 0;

      if (data[i] == '\n')
        status = end_line (self, self->bytes + i + 1);
      else if (data[i] != '\r' && self->line_length < sizeof self->line)
        self->line[self->line_length++] = g_ascii_tolower ((char) data[i]);

      if (status != 0)
        return status;
    }

  self->bytes += length;
  return self->bytes > limit ? HEADERS_TOO_LARGE : 0;
}

gboolean
seed_server_head_is_all (const SeedServerHead *self)
{
  return self->end != 0 && self->end == self->bytes;
}
