// SPDX-License-Identifier: MIT
#include "seed-server-token.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <unistd.h>

#include "seed-base64url.h"

#define LABEL "seedshot 1 owner "

struct _SeedServerToken
{
  guint8 key[SEED_SERVER_KEY_SIZE];
  gboolean old;
};

static gboolean
bad_key (const char *path, const char *problem, GError **error)
{
  g_set_error (error, SEED_ERROR, SEED_CODE_BAD_CONFIG,
               _ ("The setting “state-key” names the file “%s”, which can't be used: %s."), path,
               problem);
  return FALSE;
}

/* Returns the bytes read, so that a file that is too long is seen as well; -1 with errno. */
static gssize
read_fully (int fd, guint8 *data, gsize size)
{
  gsize length = 0;

  while (length < size)
    {
      ssize_t count = read (fd, data + length, size - length);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return -1;
      if (count == 0)
        break;

      length += (gsize) count;
    }

  return (gssize) length;
}

static gboolean
read_key (SeedServerToken *self, int fd, const char *path, GError **error)
{
  guint8 data[SEED_SERVER_KEY_SIZE + 1];
  gssize length = read_fully (fd, data, sizeof data);

  if (length < 0)
    return bad_key (path, g_strerror (errno), error);
  if (length != SEED_SERVER_KEY_SIZE)
    return bad_key (path, _ ("it does not hold exactly 32 bytes"), error);

  memcpy (self->key, data, SEED_SERVER_KEY_SIZE);
  gnutls_memset (data, 0, sizeof data);
  self->old = TRUE;
  return TRUE;
}

static gboolean
write_key (SeedServerToken *self, const char *path, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0)
    return bad_key (path, g_strerror (errno), error);

  gboolean written = write (fd, self->key, sizeof self->key) == sizeof self->key && fsync (fd) == 0;
  int problem = errno;

  close (fd);

  if (written)
    return TRUE;

  g_unlink (path);
  return bad_key (path, g_strerror (problem), error);
}

static gboolean
load_key (SeedServerToken *self, const char *path, GError **error)
{
  /* Without O_NONBLOCK, a fifo in its place would keep the server from starting for ever. */
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

  if (fd < 0 && errno == ENOENT)
    return write_key (self, path, error);
  if (fd < 0)
    return bad_key (path, g_strerror (errno), error);

  gboolean loaded = read_key (self, fd, path, error);

  close (fd);
  return loaded;
}

SeedServerToken *
seed_server_token_new (const char *path, GError **error)
{
  g_autoptr (SeedServerToken) self = g_new0 (SeedServerToken, 1);

  seed_random_bytes (self->key, sizeof self->key);

  if (path != NULL && !load_key (self, path, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
seed_server_token_free (SeedServerToken *self)
{
  gnutls_memset (self->key, 0, sizeof self->key);
  g_free (self);
}

gboolean
seed_server_token_is_old (const SeedServerToken *self)
{
  return self->old;
}

char *
seed_server_token_make (const SeedServerToken *self, const char *share)
{
  g_autofree char *text = g_strconcat (LABEL, share, NULL);
  guint8 digest[32];

  if (gnutls_hmac_fast (GNUTLS_MAC_SHA256, self->key, sizeof self->key, text, strlen (text),
                        digest) != 0)
    g_error ("this system has no HMAC-SHA256");

  return seed_base64url_encode (digest, sizeof digest);
}

gboolean
seed_server_token_check (const SeedServerToken *self, const char *share, const char *token)
{
  g_autofree char *expected = seed_server_token_make (self, share);
  gsize length = strlen (expected);

  return strlen (token) == length && gnutls_memcmp (expected, token, length) == 0;
}

char *
seed_server_new_share_id (void)
{
  const gsize letters = strlen (SEED_CHARSET_ID);
  char *id = g_new0 (char, SEED_SHARE_ID_LENGTH + 1);
  gsize length = 0;

  while (length < SEED_SHARE_ID_LENGTH)
    {
      guint8 byte;

      seed_random_bytes (&byte, 1);

      /* Bytes of an incomplete round would make some letters likelier than others. */
      if (byte < 256 / letters * letters)
        id[length++] = SEED_CHARSET_ID[byte % letters];
    }

  return id;
}
