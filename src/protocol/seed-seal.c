// SPDX-License-Identifier: MIT
#include "seed-seal.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "seed-base64url.h"

#define KEY_SIZE 32
#define NONCE_SIZE 12
#define TAG_SIZE 16
#define COUNTER_SIZE 8
#define HEADER_SIZE (SEED_SALT_SIZE + COUNTER_SIZE)

struct _SeedSeal
{
  guint8 secret[SEED_SECRET_SIZE];
  char *share;
  char *peer;
  gboolean is_owner;

  gboolean has_salt;
  guint8 salt[SEED_SALT_SIZE];
  gnutls_aead_cipher_hd_t closing;
  gnutls_aead_cipher_hd_t opening;
  guint64 sent;     /* counters used so far; the first is 1 */
  guint64 received; /* the highest counter opened */
};

static gnutls_aead_cipher_hd_t
derive (const SeedSeal *self, const char *label, const guint8 *salt)
{
  g_autoptr (GByteArray) info = g_byte_array_new ();
  guint8 extracted[KEY_SIZE];
  guint8 key[KEY_SIZE];
  gnutls_aead_cipher_hd_t cipher = NULL;
  gnutls_datum_t secret = { (guint8 *) self->secret, SEED_SECRET_SIZE };
  gnutls_datum_t salt_datum = { (guint8 *) salt, SEED_SALT_SIZE };
  gnutls_datum_t extracted_datum = { extracted, sizeof extracted };
  gnutls_datum_t key_datum = { key, sizeof key };

  /* The zero bytes that end label and share keep the three apart. */
  g_byte_array_append (info, (const guint8 *) label, strlen (label) + 1);
  g_byte_array_append (info, (const guint8 *) self->share, strlen (self->share) + 1);
  g_byte_array_append (info, (const guint8 *) self->peer, strlen (self->peer));
  gnutls_datum_t info_datum = { info->data, info->len };

  if (gnutls_hkdf_extract (GNUTLS_MAC_SHA256, &secret, &salt_datum, extracted) != 0 ||
      gnutls_hkdf_expand (GNUTLS_MAC_SHA256, &extracted_datum, &info_datum, key, sizeof key) != 0 ||
      gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &key_datum) != 0)
    g_error ("GnuTLS has no HKDF-SHA256 or AES-256-GCM");

  gnutls_memset (extracted, 0, sizeof extracted);
  gnutls_memset (key, 0, sizeof key);

  return cipher;
}

static gnutls_aead_cipher_hd_t
derive_opening (const SeedSeal *self, const guint8 *salt)
{
  return derive (self, self->is_owner ? SEED_LABEL_SEAL_RECEIVER : SEED_LABEL_SEAL_OWNER, salt);
}

/* Takes @opening, which may be NULL. */
static void
set_salt (SeedSeal *self, const guint8 *salt, gnutls_aead_cipher_hd_t opening)
{
  const char *label = self->is_owner ? SEED_LABEL_SEAL_OWNER : SEED_LABEL_SEAL_RECEIVER;

  memcpy (self->salt, salt, SEED_SALT_SIZE);
  self->has_salt = TRUE;
  self->closing = derive (self, label, salt);
  self->opening = opening != NULL ? opening : derive_opening (self, salt);
}

static SeedSeal *
seal_new (const SeedLink *link, const char *peer, gboolean is_owner)
{
  SeedSeal *self = g_new0 (SeedSeal, 1);

  memcpy (self->secret, link->secret, sizeof self->secret);
  self->share = g_strdup (link->share);
  self->peer = g_strdup (peer);
  self->is_owner = is_owner;

  return self;
}

SeedSeal *
seed_seal_new_owner_with_salt (const SeedLink *link, const char *peer, const guint8 *salt)
{
  SeedSeal *self = seal_new (link, peer, TRUE);

  set_salt (self, salt, NULL);
  return self;
}

SeedSeal *
seed_seal_new_owner (const SeedLink *link, const char *peer)
{
  guint8 salt[SEED_SALT_SIZE];

  seed_random_bytes (salt, sizeof salt);
  return seed_seal_new_owner_with_salt (link, peer, salt);
}

SeedSeal *
seed_seal_new_receiver (const SeedLink *link, const char *peer)
{
  return seal_new (link, peer, FALSE);
}

gboolean
seed_seal_is_ready (const SeedSeal *self)
{
  return self->has_salt;
}

static void
write_counter (guint8 *into, guint64 counter)
{
  guint64 big_endian = GUINT64_TO_BE (counter);

  memcpy (into, &big_endian, COUNTER_SIZE);
}

char *
seed_seal_close (SeedSeal *self, const char *text)
{
  g_assert (self->has_salt);

  gsize text_length = strlen (text);
  gsize closed_length = text_length + TAG_SIZE;
  guint8 nonce[NONCE_SIZE] = { 0 };
  g_autofree guint8 *raw = g_malloc (HEADER_SIZE + closed_length);

  self->sent++;
  memcpy (raw, self->salt, SEED_SALT_SIZE);
  write_counter (raw + SEED_SALT_SIZE, self->sent);
  write_counter (nonce + NONCE_SIZE - COUNTER_SIZE, self->sent);

  if (gnutls_aead_cipher_encrypt (self->closing, nonce, sizeof nonce, raw, HEADER_SIZE, TAG_SIZE,
                                  text, text_length, raw + HEADER_SIZE, &closed_length) != 0)
    g_error ("GnuTLS could not seal a message");

  return seed_base64url_encode (raw, HEADER_SIZE + closed_length);
}

static char *
broken (GError **error)
{
  g_propagate_error (error, seed_error_new_code (SEED_CODE_SEAL_BROKEN));
  return NULL;
}

static char *
open_with (gnutls_aead_cipher_hd_t cipher, const guint8 *raw, gsize length, guint64 counter,
           gsize *text_length)
{
  gsize size = length - HEADER_SIZE - TAG_SIZE;
  guint8 nonce[NONCE_SIZE] = { 0 };
  g_autofree char *text = g_malloc (size + 1);

  write_counter (nonce + NONCE_SIZE - COUNTER_SIZE, counter);

  if (gnutls_aead_cipher_decrypt (cipher, nonce, sizeof nonce, raw, HEADER_SIZE, TAG_SIZE,
                                  raw + HEADER_SIZE, length - HEADER_SIZE, text, &size) != 0)
    return NULL;

  text[size] = '\0';
  *text_length = size;

  return g_steal_pointer (&text);
}

char *
seed_seal_open (SeedSeal *self, const char *sealed, gsize *text_length, GError **error)
{
  gsize length = 0;
  g_autofree guint8 *raw = seed_base64url_decode (sealed, &length);
  guint64 counter;

  if (raw == NULL || length < HEADER_SIZE + TAG_SIZE)
    return broken (error);

  memcpy (&counter, raw + SEED_SALT_SIZE, sizeof counter);
  counter = GUINT64_FROM_BE (counter);

  if (counter <= self->received)
    return broken (error);
  if (self->has_salt && memcmp (raw, self->salt, SEED_SALT_SIZE) != 0)
    return broken (error);

  gnutls_aead_cipher_hd_t cipher = self->has_salt ? self->opening : derive_opening (self, raw);
  char *text = open_with (cipher, raw, length, counter, text_length);

  /* A receiver trusts a salt only once something opened under it. */
  if (!self->has_salt && text != NULL)
    set_salt (self, raw, cipher);
  else if (!self->has_salt)
    gnutls_aead_cipher_deinit (cipher);

  if (text == NULL)
    return broken (error);

  self->received = counter;
  return text;
}

void
seed_seal_free (SeedSeal *self)
{
  g_clear_pointer (&self->closing, gnutls_aead_cipher_deinit);
  g_clear_pointer (&self->opening, gnutls_aead_cipher_deinit);
  gnutls_memset (self->secret, 0, sizeof self->secret);
  g_free (self->share);
  g_free (self->peer);
  g_free (self);
}
