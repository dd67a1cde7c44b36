// SPDX-License-Identifier: MIT
#pragma once

/* The shape of the table that gen-protocol.py writes from protocol.json: what each message
 * holds, who may receive it and within which bounds. Read by seed-message.c alone, and
 * by seed-error.c for the codes. Immutable; any thread. */

#include "seed-protocol.h"

G_BEGIN_DECLS

/** Where a message travels. */
typedef enum
{
  SEED_CHANNEL_SIGNALLING,
  SEED_CHANNEL_SEALED,
  SEED_CHANNEL_CONTROL,
} SeedMessageChannel;

/** Who reads a message; flags, since some go to more than one. */
typedef enum
{
  SEED_ROLE_SERVER = 1 << 0,
  SEED_ROLE_OWNER = 1 << 1,
  SEED_ROLE_RECEIVER = 1 << 2,
} SeedRole;

typedef enum
{
  SEED_TYPE_STRING,
  SEED_TYPE_UINT,
  SEED_TYPE_BOOL,
  SEED_TYPE_CODE,
  SEED_TYPE_LIST,
} SeedFieldType;

typedef struct _SeedRecordSpec SeedRecordSpec;

typedef struct
{
  const char *name;
  SeedFieldType type;
  gboolean optional;
  gint64 min; /* bytes of a string, items of a list, or the value itself */
  gint64 max;
  const char *charset;         /* NULL: any UTF-8 without NUL */
  const SeedRecordSpec *items; /* of a list */
} SeedFieldSpec;

struct _SeedRecordSpec
{
  const SeedFieldSpec *fields;
  guint n_fields;
};

typedef struct
{
  const char *name;
  SeedMessageChannel channel;
  SeedRole to;
  SeedRecordSpec record;
} SeedMessageSpec;

typedef struct
{
  const char *name;
  int exit_status;
  const char *says; /* untranslated */
  const char *next; /* untranslated */
} SeedCodeSpec;

extern const SeedMessageSpec seed_message_specs[]; /* by SeedMessageType */
extern const SeedCodeSpec seed_code_specs[];       /* by SeedCode */
extern const guint seed_receiver_state_edges[];    /* by SeedReceiverState: bits of targets */
extern const char *const seed_receiver_state_names[];
extern const char *const seed_path_names[];
extern const char *const seed_phase_names[];

G_END_DECLS
