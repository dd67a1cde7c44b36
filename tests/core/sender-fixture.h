// SPDX-License-Identifier: MIT
#pragma once

/* A SeedSender whose receiver the test plays, and what it told. The test owns it; one main context. */

#include "far-end.h"
#include "scratch.h"
#include "seed-sender.h"

G_BEGIN_DECLS

typedef struct
{
  Scratch *scratch;
  MemoryChannel *channel; /* the sender's end */
  FarEnd *far;
  SeedSender *sender;
  GString *log; /* "hello agent; progress 5; " */
  gboolean has_ended;
} SenderTest;

/** (transfer full): one that has nothing to send yet, not started. */
SenderTest *sender_test_new (void);

/** (transfer full): one of a file of @size bytes, made with seed 1, and started. */
SenderTest *sender_test_new_with_file (gsize size);

void sender_test_free (SenderTest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SenderTest, sender_test_free)

/** Gives it @path and, unless %NULL, @other to send. */
void sender_test_offer (SenderTest *self, const char *path, const char *other);

/** Asks for a range, sound or not. */
void sender_test_want (SenderTest *self, guint file, gint64 offset, gint64 length);

/** Waits until it has ended for the reason @how, "well" where without one, and closed its channel. */
void sender_test_assert_ends (SenderTest *self, const char *how);

G_END_DECLS
