// SPDX-License-Identifier: MIT
#pragma once

/* What a fuzz target is to libFuzzer, and to replay.c, which runs the seeds without it. */

#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);
