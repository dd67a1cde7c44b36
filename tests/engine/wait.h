// SPDX-License-Identifier: MIT
#pragma once

/* Waiting for something to become true while the default main context runs. */

#include <glib.h>

G_BEGIN_DECLS

static inline gboolean
wait_over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/** Runs the main context until @condition holds; fails the test after twenty seconds. */
#define wait_for(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gboolean wait_over = FALSE;                                                                    \
    guint wait_source = g_timeout_add_seconds (20, wait_over_cb, &wait_over);                      \
    while (!(condition) && !wait_over)                                                             \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_assert_true (condition);                                                                     \
    if (!wait_over)                                                                                \
      g_source_remove (wait_source);                                                               \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
