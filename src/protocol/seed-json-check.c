// SPDX-License-Identifier: MIT
#include "seed-json-check.h"

#include <string.h>

#define MAX_DIGITS 18

typedef struct
{
  const char *at;
  const char *end;
  guint depth_left;
} Cursor;

static gboolean check_value (Cursor *cursor);

static char
peek (const Cursor *cursor)
{
  return cursor->at < cursor->end ? *cursor->at : '\0';
}

static gboolean
skip (Cursor *cursor, char expected)
{
  if (cursor->at == cursor->end || *cursor->at != expected)
    return FALSE;

  cursor->at++;
  return TRUE;
}

static void
skip_space (Cursor *cursor)
{
  while (cursor->at < cursor->end && memchr (" \t\n\r", *cursor->at, 4) != NULL)
    cursor->at++;
}

static gboolean
skip_word (Cursor *cursor, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (cursor->end - cursor->at) < length || memcmp (cursor->at, word, length) != 0)
    return FALSE;

  cursor->at += length;
  return TRUE;
}

static guint
skip_digits (Cursor *cursor)
{
  const char *start = cursor->at;

  while (g_ascii_isdigit (peek (cursor)))
    cursor->at++;

  return (guint) (cursor->at - start);
}

static gboolean
check_number (Cursor *cursor)
{
  skip (cursor, '-');

  guint digits = peek (cursor) == '0' ? (guint) skip (cursor, '0') : skip_digits (cursor);

  if (digits == 0 || digits > MAX_DIGITS)
    return FALSE;
  if (skip (cursor, '.') && skip_digits (cursor) == 0)
    return FALSE;
  if (!skip (cursor, 'e') && !skip (cursor, 'E'))
    return TRUE;
  if (!skip (cursor, '+'))
    skip (cursor, '-');

  return skip_digits (cursor) > 0;
}

/* Four hexadecimal digits; -1 where there are none. */
static int
read_unit (Cursor *cursor)
{
  int unit = 0;

  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (peek (cursor));

      if (digit < 0)
        return -1;

      unit = unit * 16 + digit;
      cursor->at++;
    }

  return unit;
}

/* What follows \u: no NUL, and of a pair both halves. */
static gboolean
check_unit (Cursor *cursor)
{
  int unit = read_unit (cursor);

  if (unit <= 0 || (unit & 0xfc00) == 0xdc00)
    return FALSE;
  if ((unit & 0xfc00) != 0xd800)
    return TRUE;

  return skip_word (cursor, "\\u") && (read_unit (cursor) & 0xfc00) == 0xdc00;
}

/* What follows a backslash. */
static gboolean
check_escape (Cursor *cursor)
{
  char escaped = peek (cursor);

  if (escaped == '\0' || strchr ("\"\\/bfnrtu", escaped) == NULL)
    return FALSE;

  cursor->at++;
  return escaped != 'u' || check_unit (cursor);
}

static gboolean
check_string (Cursor *cursor)
{
  if (!skip (cursor, '"'))
    return FALSE;

  while (cursor->at < cursor->end)
    {
      char c = *cursor->at++;

      if (c == '"')
        return TRUE;
      if ((guchar) c < 0x20 || (c == '\\' && !check_escape (cursor)))
        return FALSE;
    }

  return FALSE;
}

static gboolean
check_member (Cursor *cursor)
{
  skip_space (cursor);
  if (!check_string (cursor))
    return FALSE;

  skip_space (cursor);
  return skip (cursor, ':') && check_value (cursor);
}

/* A list or a record: what is in it, and the bracket that ends it. */
static gboolean
check_inside (Cursor *cursor, char close, gboolean (*check_item) (Cursor *cursor))
{
  if (cursor->depth_left == 0)
    return FALSE;

  cursor->depth_left--;
  skip_space (cursor);

  if (!skip (cursor, close))
    {
      do
        {
          if (!check_item (cursor))
            return FALSE;
          skip_space (cursor);
        }
      while (skip (cursor, ','));

      if (!skip (cursor, close))
        return FALSE;
    }

  cursor->depth_left++;
  return TRUE;
}

static gboolean
check_value (Cursor *cursor)
{
  skip_space (cursor);

  switch (peek (cursor))
    {
    case '{':
      return skip (cursor, '{') && check_inside (cursor, '}', check_member);
    case '[':
      return skip (cursor, '[') && check_inside (cursor, ']', check_value);
    case '"':
      return check_string (cursor);
    case 't':
      return skip_word (cursor, "true");
    case 'f':
      return skip_word (cursor, "false");
    case 'n':
      return skip_word (cursor, "null");
    default:
      return check_number (cursor);
    }
}

gboolean
seed_json_check (const char *text, gsize length, guint max_depth)
{
  Cursor cursor = { text, text + length, max_depth };

  if (!check_value (&cursor))
    return FALSE;

  skip_space (&cursor);
  return cursor.at == cursor.end;
}
