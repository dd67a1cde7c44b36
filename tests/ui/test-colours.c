// SPDX-License-Identifier: MIT
#include "seed-colours.h"

#include <string.h>

static void
test_contrast (void)
{
  g_assert_cmpfloat_with_epsilon (seed_colours_contrast ("#000000", "#ffffff"), 21, 0.001);
  g_assert_cmpfloat_with_epsilon (seed_colours_contrast ("#ffffff", "#ffffff"), 1, 0.001);
  g_assert_cmpfloat_with_epsilon (seed_colours_contrast ("#777777", "#ffffff"), 4.48, 0.01);
}

/* A bar is seen on its card, and a number upon the colour is read: WCAG 2.1, 1.4.11 and 1.4.3. */
static void
test_legible (void)
{
  for (int dark = 0; dark < 2; dark++)
    {
      for (guint i = 0; i < seed_colours_count (); i++)
        {
          const char *colour = seed_colours_get (i, dark);

          g_test_message ("%s", colour);
          g_assert_cmpfloat (seed_colours_contrast (colour, seed_colours_get_card (dark)), >=, 3);
          g_assert_cmpfloat (seed_colours_contrast (colour, seed_colours_text_on (colour)), >=,
                             4.5);
        }
    }
}

static void
test_distinct (void)
{
  for (int dark = 0; dark < 2; dark++)
    {
      for (guint i = 0; i < seed_colours_count (); i++)
        {
          for (guint j = 0; j < i; j++)
            g_assert_cmpstr (seed_colours_get (i, dark), !=, seed_colours_get (j, dark));
        }
    }
}

static void
check_class (int index, const char *expected)
{
  g_autofree char *name = seed_colours_class (index);

  g_assert_cmpstr (name, ==, expected);
}

static void
test_class (void)
{
  check_class (-1, "colour-none");
  check_class (0, "colour-0");
  check_class ((int) seed_colours_count (), "colour-0");
  check_class ((int) seed_colours_count () + 2, "colour-2");
}

static void
test_css (void)
{
  g_autofree char *light = seed_colours_css (FALSE);
  g_autofree char *dark = seed_colours_css (TRUE);

  g_assert_cmpstr (light, !=, dark);
  g_assert_nonnull (strstr (light, seed_colours_get (5, FALSE)));
  g_assert_nonnull (strstr (dark, seed_colours_get (5, TRUE)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/colours/contrast", test_contrast);
  g_test_add_func ("/colours/legible", test_legible);
  g_test_add_func ("/colours/distinct", test_distinct);
  g_test_add_func ("/colours/class", test_class);
  g_test_add_func ("/colours/css", test_css);

  return g_test_run ();
}
