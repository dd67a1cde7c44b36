// SPDX-License-Identifier: MIT
#include "seed-colours.h"

#include <math.h>

/* The palette of Okabe and Ito without its black and yellow: told apart with the common kinds of
 * colour-blindness. Darker or lighter than theirs where a bar would else be faint on its card. The order is
 * that of the terminal. */
static const struct
{
  const char *light;
  const char *dark;
} palette[] = {
  { "#0072b2", "#4da6e0" }, { "#c27c00", "#f0b13c" }, { "#00936b", "#2cc498" },
  { "#bf5f95", "#e294c0" }, { "#3692c7", "#9ad6f8" }, { "#d55e00", "#ff8742" },
};

static const struct
{
  const char *name;
  const char *light;
  const char *dark;
} names[] = {
  { "paper", "#f6f5ef", "#121814" },     { "card", "#fffefb", "#1a221d" },
  { "ink", "#1d2721", "#e6ede8" },       { "soft", "#56625a", "#a2afa6" },
  { "line", "#dcdfd5", "#2d3931" },      { "leaf", "#2a7448", "#84cf9e" },
  { "leaf_deep", "#1f5a37", "#a5e2ba" }, { "on_leaf", "#ffffff", "#0d1510" },
  { "bad", "#a3352b", "#ff9e93" },       { "shade", "#1d2721", "#000000" },
};

guint
seed_colours_count (void)
{
  return G_N_ELEMENTS (palette);
}

const char *
seed_colours_get (guint index, gboolean dark)
{
  index %= G_N_ELEMENTS (palette);

  return dark ? palette[index].dark : palette[index].light;
}

const char *
seed_colours_get_card (gboolean dark)
{
  return dark ? names[1].dark : names[1].light;
}

static double
linear (const char *colour, guint at)
{
  double part =
      (g_ascii_xdigit_value (colour[at]) * 16 + g_ascii_xdigit_value (colour[at + 1])) / 255.0;

  return part <= 0.04045 ? part / 12.92 : pow ((part + 0.055) / 1.055, 2.4);
}

static double
luminance (const char *colour)
{
  return 0.2126 * linear (colour, 1) + 0.7152 * linear (colour, 3) + 0.0722 * linear (colour, 5);
}

double
seed_colours_contrast (const char *one, const char *other)
{
  double a = luminance (one);
  double b = luminance (other);

  return (MAX (a, b) + 0.05) / (MIN (a, b) + 0.05);
}

const char *
seed_colours_text_on (const char *colour)
{
  return seed_colours_contrast (colour, "#ffffff") >= 4.5 ? "#ffffff" : "#000000";
}

char *
seed_colours_class (int index)
{
  if (index < 0)
    return g_strdup ("colour-none");

  return g_strdup_printf ("colour-%u", (guint) index % seed_colours_count ());
}

char *
seed_colours_css (gboolean dark)
{
  GString *css = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_string_append_printf (css, "@define-color seed_%s %s;\n", names[i].name,
                            dark ? names[i].dark : names[i].light);

  for (guint i = 0; i < G_N_ELEMENTS (palette); i++)
    {
      const char *colour = seed_colours_get (i, dark);

      g_string_append_printf (css,
                              ".seedshot .colour-%u.badge { background: %s; color: %s; }\n"
                              ".seedshot .colour-%u progress { background: %s; }\n",
                              i, colour, seed_colours_text_on (colour), i, colour);
    }

  return g_string_free (css, FALSE);
}
