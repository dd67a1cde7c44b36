// SPDX-License-Identifier: MIT
#pragma once

/* A SeedReceiver whose owner the test plays, and what it told. The test owns it; one main context. */

#include "far-end.h"
#include "scratch.h"
#include "seed-receiver.h"

G_BEGIN_DECLS

typedef struct
{
  Scratch *scratch;
  MemoryChannel *channel; /* the receiver's end */
  FarEnd *far;
  SeedReceiver *receiver;
  GString *log; /* "manifest; finished 0 f; complete; ended code; " */
  gboolean has_ended;
} ReceiverTest;

/** (transfer full): one that receives into the folder of `scratch`. */
ReceiverTest *receiver_test_new (void);

/** (transfer full): the same, not started yet. */
ReceiverTest *receiver_test_new_unstarted (void);

/** Closes the receiver as an application does, with an owner who plays along. */
void receiver_test_close (ReceiverTest *self);

void receiver_test_free (ReceiverTest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReceiverTest, receiver_test_free)

/** Announces @n files of @size bytes each, all called "f". */
void receiver_test_offer (ReceiverTest *self, guint n, gint64 size);

/** Waits until it says good-bye for the reason @how, answers, and waits until it has ended so. */
void receiver_test_assert_ends (ReceiverTest *self, const char *how);

/** Waits until there is as much in the log as @expected, and compares. */
void receiver_test_assert_log (ReceiverTest *self, const char *expected);

G_END_DECLS
