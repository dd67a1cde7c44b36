// SPDX-License-Identifier: MIT
#pragma once

/* Writes down what a SeedSignalling emits, one line an event, and lets a test wait for a line.
 * Lives on the main context of the test; the test frees it after the SeedSignalling. */

#include "seed-signalling.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *lines; /* of char *, such as "receiver ABC" or "failed share-unknown" */
  GError *error;    /* of the last "failed" */
  guint read;       /* lines that were waited for */
} Recorder;

Recorder *recorder_new (SeedSignalling *signalling);

/** Runs the main context until a line not yet waited for is like @pattern (a glob), and returns
 * it; fails the test after a while. Lines before it count as waited for as well. */
const char *recorder_wait (Recorder *self, const char *pattern);

/** Whether any line at all, waited for or not, is like @pattern. */
gboolean recorder_has (Recorder *self, const char *pattern);

void recorder_free (Recorder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recorder, recorder_free)

/** Runs the main context until @flag is set; fails the test after a while. */
void wait_until_set (gboolean *flag);

/** Closes @signalling in order and waits for the end of that. */
void close_and_wait (SeedSignalling *signalling);

/** Runs the main context for a while in which something must not happen. */
void run_for (guint milliseconds);

G_END_DECLS
