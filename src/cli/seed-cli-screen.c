// SPDX-License-Identifier: MIT
#include "seed-cli-screen.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Told apart with the common kinds of colour-blindness, on light and dark alike: the palette of Okabe and
 * Ito without its black and yellow, as the nearest of the 256 colours. */
static const int palette[] = { 32, 172, 36, 168, 74, 166 };

struct _SeedCliScreen
{
  const SeedCliOutput *output;
  guint n_rows; /* drawn, and above the cursor */
};

SeedCliScreen *
seed_cli_screen_new (const SeedCliOutput *output)
{
  SeedCliScreen *self = g_new0 (SeedCliScreen, 1);

  self->output = output;

  return self;
}

void
seed_cli_screen_free (SeedCliScreen *self)
{
  g_free (self);
}

static struct winsize
get_size (const SeedCliScreen *self)
{
  struct winsize size = { 0 };

  if (ioctl (fileno (self->output->stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    size = (struct winsize){ .ws_col = 80, .ws_row = 24 };

  return size;
}

guint
seed_cli_screen_get_width (SeedCliScreen *self)
{
  return get_size (self).ws_col;
}

guint
seed_cli_screen_get_height (SeedCliScreen *self)
{
  return get_size (self).ws_row;
}

void
seed_cli_screen_draw (SeedCliScreen *self, const char *const *rows)
{
  guint n_rows = g_strv_length ((char **) rows);

  /* The link is to be the very first thing, without a control sequence before it. */
  if (n_rows == 0 && self->n_rows == 0)
    return;

  GString *text = g_string_new (NULL);

  if (self->n_rows > 0)
    g_string_append_printf (text, "\033[%uA", self->n_rows);

  /* Each row is cleared behind its text and not before it: so nothing flickers. */
  for (guint i = 0; i < n_rows; i++)
    g_string_append_printf (text, "\r%s\033[K\n", rows[i]);

  g_string_append (text, "\033[J");
  self->n_rows = n_rows;

  (void) fputs (text->str, self->output->stream);
  (void) fflush (self->output->stream);
  g_string_free (text, TRUE);
}

char *
seed_cli_paint (const SeedCliOutput *output, const char *text, int colour)
{
  if (!output->colour || colour < 0)
    return g_strdup (text);

  return g_strdup_printf ("\033[38;5;%dm%s\033[0m",
                          palette[(guint) colour % G_N_ELEMENTS (palette)], text);
}

char *
seed_cli_bar (const SeedCliOutput *output, guint width, int percent, int colour)
{
  guint eighths = (guint) CLAMP (percent, 0, 100) * width * 8 / 100;
  GString *bar = g_string_new (NULL);

  for (guint i = 0; i < width; i++)
    {
      guint filled = MIN (eighths, 8);

      /* U+2588 is the full block, and each one behind it an eighth narrower; an empty cell is shown by a
       * light shade, so that the bar's end is seen without colour as well. */
      g_string_append_unichar (bar, filled == 0 ? 0x2591 : 0x2590 - filled);
      eighths -= filled;
    }

  g_autofree char *plain = g_string_free (bar, FALSE);

  return seed_cli_paint (output, plain, colour);
}

static guint
columns_of (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

char *
seed_cli_fit (const char *text, guint width)
{
  GString *fitted = g_string_new (NULL);
  guint columns = 0;
  guint total = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    total += columns_of (g_utf8_get_char (p));

  guint room = total > width ? MAX (width, 1) - 1 : width;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (columns + columns_of (c) > room)
        break;

      columns += columns_of (c);
      g_string_append_unichar (fitted, c);
    }

  if (total > width && width > 0)
    {
      g_string_append (fitted, "…");
      columns++;
    }

  for (; columns < width; columns++)
    g_string_append_c (fitted, ' ');

  return g_string_free (fitted, FALSE);
}
