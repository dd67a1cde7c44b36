// SPDX-License-Identifier: MIT
#pragma once

/* What the tests of this folder share: a folder of their own with files in it, and waiting on the main
 * context with a limit. A Scratch belongs to its test, which frees it; one thread. */

#include "seed-collect.h"

G_BEGIN_DECLS

typedef struct
{
  char *path; /* of the folder, which goes with all that is in it */
} Scratch;

Scratch *scratch_new (void);

/** One in @parent, or %NULL where that can not be. */
Scratch *scratch_new_in (const char *parent);
void scratch_free (Scratch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scratch, scratch_free)

/** (transfer full): the path of @name inside. */
char *scratch_path (const Scratch *self, const char *name);

/** (transfer full): the path of a folder that is made there. */
char *scratch_folder (const Scratch *self, const char *name);

/** (transfer full): the path of a file of @size bytes, which differ by @seed. Its folder is made. */
char *scratch_file (const Scratch *self, const char *name, gsize size, guint32 seed);

/** (transfer full): the bytes that such a file holds. */
GBytes *scratch_bytes (gsize size, guint32 seed);

/** (transfer full): what the file at @path holds. */
GBytes *scratch_read (const char *path);

/** Where the test runs as root, lets it do only what others may do, until called with FALSE. */
void scratch_be_nobody (Scratch *self, gboolean be_nobody);

/** Everything below @path, folders left out: how many files there are. */
guint scratch_count (const char *path);

/** Fails the test unless @path and @other hold the same. */
void scratch_assert_same (const char *path, const char *other);

/** (transfer full): what is collected of @path and, unless %NULL, @other. */
SeedCollection *scratch_collect (const char *path, const char *other);

/** Runs the main context until @condition holds; fails the test after a while. */
#define wait_until(condition)                                                                      \
  do                                                                                               \
    {                                                                                              \
      gboolean too_late_ = FALSE;                                                                  \
      guint limit_ = wait_limit (&too_late_);                                                      \
      while (!(condition) && !too_late_)                                                           \
        g_main_context_iteration (NULL, TRUE);                                                     \
      if (too_late_)                                                                               \
        g_error ("%s:%d: “%s” never came true", __FILE__, __LINE__, #condition);                   \
      g_source_remove (limit_);                                                                    \
    }                                                                                              \
  while (0)

/** For wait_until(): sets @flag after the longest time that a test waits. */
guint wait_limit (gboolean *flag);

/** Runs what the main context has ready, and returns when there is no more. */
void run_ready (void);

/** Runs the main context for a while in which something must not happen. */
void run_for (guint milliseconds);

G_END_DECLS
