// SPDX-License-Identifier: MIT
#include "seed-server-limits.h"

struct _SeedServerLimits
{
  const SeedServerConfig *config;
  GHashTable *origins; /* SeedServerAddressKey, inside the value → SeedServerOrigin */
};

SeedServerLimits *
seed_server_limits_new (const SeedServerConfig *config)
{
  SeedServerLimits *self = g_new0 (SeedServerLimits, 1);

  self->config = config;
  self->origins = g_hash_table_new_full (seed_server_address_key_hash,
                                         seed_server_address_key_equal, NULL, g_free);

  return self;
}

void
seed_server_limits_free (SeedServerLimits *self)
{
  g_hash_table_unref (self->origins);
  g_free (self);
}

SeedServerOrigin *
seed_server_limits_get (SeedServerLimits *self, GInetAddress *address)
{
  SeedServerAddressKey key = seed_server_address_key (address);
  SeedServerOrigin *origin = g_hash_table_lookup (self->origins, &key);

  if (origin == NULL)
    {
      origin = g_new0 (SeedServerOrigin, 1);
      origin->key = key;
      origin->limits = self;
      g_hash_table_insert (self->origins, &origin->key, origin);
    }

  return seed_server_origin_ref (origin);
}

SeedServerOrigin *
seed_server_origin_ref (SeedServerOrigin *self)
{
  self->references++;
  return self;
}

/* An origin without references stays until the next sweep: what it did is not forgotten at once. */
void
seed_server_origin_unref (SeedServerOrigin *self)
{
  self->references--;
}

static gboolean
take (SeedServerBucket *bucket, guint per_minute, gint64 now)
{
  return seed_server_bucket_take (bucket, 1, per_minute / 60.0, per_minute, now);
}

gboolean
seed_server_origin_may_create (SeedServerOrigin *self, gint64 now)
{
  return take (&self->creates, self->limits->config->creates_per_minute, now);
}

gboolean
seed_server_origin_may_join (SeedServerOrigin *self, gint64 now)
{
  return take (&self->joins, self->limits->config->joins_per_minute, now);
}

void
seed_server_limits_sweep (SeedServerLimits *self, gint64 now)
{
  const SeedServerConfig *config = self->config;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->origins);

  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SeedServerOrigin *origin = value;

      if (origin->references == 0 &&
          seed_server_bucket_is_full (&origin->creates, config->creates_per_minute / 60.0, now) &&
          seed_server_bucket_is_full (&origin->joins, config->joins_per_minute / 60.0, now))
        g_hash_table_iter_remove (&iter);
    }
}

guint
seed_server_limits_size (SeedServerLimits *self)
{
  return g_hash_table_size (self->origins);
}
