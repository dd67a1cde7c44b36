// SPDX-License-Identifier: MIT
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "seed-store.h"

#define MIB (1 << 20)

static SeedStore *
open_store (const char *path)
{
  g_autoptr (GError) error = NULL;
  SeedStore *store = seed_store_new_folder (path, &error);

  g_assert_no_error (error);
  return store;
}

static SeedFile
file_called (const char *path, gint64 size)
{
  return (SeedFile){
    .path = (char *) path, .size = size, .piece = MIB, .type = (char *) "", .time = 1000000000
  };
}

/* Stores "hello" as @name, and says where it went. */
static char *
store_as (SeedStore *store, const char *name)
{
  SeedFile file = file_called (name, 5);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  SeedStoreFile *stored = seed_store_begin (store, &file, &error);

  g_assert_no_error (error);
  g_assert_true (seed_store_write (stored, bytes, &error));
  g_assert_true (seed_store_commit (stored, 5, &error));
  g_assert_true (seed_store_finish (stored, &path, &error));
  g_assert_no_error (error);

  return g_steal_pointer (&path);
}

static void
assert_stored (SeedStore *store, const char *name, const Scratch *scratch, const char *expected)
{
  g_autofree char *path = store_as (store, name);
  g_autofree char *there = scratch_path (scratch, expected);
  g_autofree char *content = NULL;
  GStatBuf info;

  g_assert_cmpstr (path, ==, there);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "hello");
  g_assert_cmpint (g_lstat (path, &info), ==, 0);
  g_assert_true (S_ISREG (info.st_mode));
  g_assert_cmpint (info.st_mtime, ==, 1000000000);
}

static void
stores (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *target = scratch_path (scratch, "made/for/it");
  g_autoptr (SeedStore) store = open_store (target);

  assert_stored (store, "photo.png", scratch, "made/for/it/photo.png");
  assert_stored (store, "a/b/c", scratch, "made/for/it/a/b/c");
  assert_stored (store, "a/b/d", scratch, "made/for/it/a/b/d");
  g_assert_cmpuint (scratch_count (scratch->path), ==, 3);
}

static void
never_overwrites (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *old = scratch_file (scratch, "t/photo.png", 9, 1);
  g_autofree char *target = scratch_path (scratch, "t");
  g_autofree char *dangling = scratch_path (scratch, "t/link");
  g_autoptr (SeedStore) store = open_store (target);
  g_autoptr (GBytes) before = scratch_read (old);

  g_free (scratch_folder (scratch, "t/folder"));
  g_assert_cmpint (symlink ("/nonexistent/outside", dangling), ==, 0);
  assert_stored (store, "photo.png", scratch, "t/photo (2).png");
  assert_stored (store, "photo.png", scratch, "t/photo (3).png");
  assert_stored (store, "folder", scratch, "t/folder (2)");
  assert_stored (store, "link", scratch, "t/link (2)");

  g_autoptr (GBytes) after = scratch_read (old);

  g_assert_true (g_bytes_equal (before, after));
}

static void
odd_names (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *target = scratch_folder (scratch, "t");
  g_autoptr (SeedStore) store = open_store (target);

  assert_stored (store, "../../evil", scratch, "t/evil");
  assert_stored (store, "/etc/passwd", scratch, "t/etc/passwd");
  assert_stored (store, "..", scratch, "t/file");
  assert_stored (store, "line\nbreak", scratch, "t/line\nbreak");
  assert_stored (store, "\xe2\x80\xaegnp.exe", scratch, "t/\xe2\x80\xaegnp.exe");
  assert_stored (store, ".bashrc", scratch, "t/.bashrc");
  assert_stored (store, ".bashrc", scratch, "t/.bashrc (2)");
  assert_stored (store, "-rf \"'%s", scratch, "t/-rf \"'%s");
  g_assert_cmpuint (scratch_count (scratch->path), ==, 8);
}

/* The number is kept free of the ending, at the longest name there may be. */
static void
long_names (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (SeedStore) store = open_store (scratch->path);
  g_autofree char *stem = g_strnfill (300, 'n');
  g_autofree char *name = g_strconcat (stem, "/", stem, ".png", NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *path = store_as (store, name);
      g_autofree char *base = g_path_get_basename (path);

      g_assert_cmpuint (strlen (base), ==, 255);
      g_assert_true (g_str_has_suffix (base, i == 0 ? "nn.png" : i == 1 ? " (2).png" : " (3).png"));
    }
}

/* Neither through a link, nor over a file: the whole tree goes into a folder beside it. */
static void
never_outside (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *target = scratch_folder (scratch, "t");
  g_autofree char *outside = scratch_folder (scratch, "outside");
  g_autofree char *link = scratch_path (scratch, "t/tree");
  g_autofree char *inner = scratch_path (scratch, "t/real/inner");
  g_autoptr (SeedStore) store = open_store (target);

  g_assert_cmpint (symlink (outside, link), ==, 0);
  g_free (scratch_folder (scratch, "t/real"));
  g_assert_cmpint (symlink ("../../outside", inner), ==, 0);
  g_free (scratch_file (scratch, "t/plain", 3, 1));

  assert_stored (store, "tree/a", scratch, "t/tree (2)/a");
  assert_stored (store, "tree/b", scratch, "t/tree (2)/b");
  assert_stored (store, "real/inner/c", scratch, "t/real/inner (2)/c");
  assert_stored (store, "plain/d", scratch, "t/plain (2)/d");
  g_assert_cmpuint (scratch_count (outside), ==, 0);
}

static void
nothing_is_left (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (SeedStore) store = open_store (scratch->path);
  SeedFile file = file_called ("folder/big", 100);
  g_autoptr (GBytes) bytes = scratch_bytes (50, 1);
  g_autoptr (GError) error = NULL;
  SeedStoreFile *stored = seed_store_begin (store, &file, &error);

  g_assert_true (seed_store_write (stored, bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (scratch_count (scratch->path), ==, 1);
  seed_store_abandon (stored);
  g_assert_cmpuint (scratch_count (scratch->path), ==, 0);
}

static void
assert_no_store (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SeedStore) store = seed_store_new_folder (path, &error);

  g_assert_null (store);
  g_assert_error (error, SEED_ERROR, SEED_CODE_FILE_UNWRITABLE);
}

static void
not_permitted (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *file = scratch_file (scratch, "file", 1, 1);
  g_autofree char *below_file = scratch_path (scratch, "file/below");
  g_autofree char *closed = scratch_folder (scratch, "closed");
  g_autofree char *within = scratch_path (scratch, "closed/within");

  g_assert_cmpint (chmod (closed, 0500), ==, 0);
  scratch_be_nobody (scratch, TRUE);
  assert_no_store (file);
  assert_no_store (below_file);
  assert_no_store (closed);
  assert_no_store (within);
  scratch_be_nobody (scratch, FALSE);
}

static void
folder_goes_away (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *target = scratch_folder (scratch, "t");
  g_autoptr (SeedStore) store = open_store (target);
  SeedFile file = file_called ("a/b", 1);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (rmdir (target), ==, 0);
  g_assert_null (seed_store_begin (store, &file, &error));
  g_assert_error (error, SEED_ERROR, SEED_CODE_FILE_UNWRITABLE);
}

/* Whatever there is too little of, the error says so. */
static void
no_descriptors (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (SeedStore) store = open_store (scratch->path);
  SeedFile file = file_called ("a/b", 1);
  struct rlimit before;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  for (guint allowed = 0; allowed < 4; allowed++)
    {
      struct rlimit few = { (rlim_t) dup (0), before.rlim_max };
      g_autoptr (GError) error = NULL;

      close ((int) few.rlim_cur);
      few.rlim_cur += allowed;
      g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &few), ==, 0);
      SeedStoreFile *stored = seed_store_begin (store, &file, &error);

      g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
      if (stored != NULL)
        seed_store_abandon (stored);
      else
        g_assert_error (error, SEED_ERROR, SEED_CODE_FILE_UNWRITABLE);
      g_assert_true (stored != NULL || allowed < 3);
    }
}

static void
disk_is_full (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  if (unshare (CLONE_NEWNS) != 0 || mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount ("none", scratch->path, "tmpfs", 0, "size=20m") != 0)
    {
      g_test_skip ("no file system can be mounted here");
      return;
    }

  {
    g_autoptr (SeedStore) store = open_store (scratch->path);
    SeedFile large = file_called ("large", 30 * MIB);
    SeedFile liar = file_called ("liar", 1);
    g_autoptr (GBytes) bytes = scratch_bytes (25 * MIB, 1);
    g_autoptr (GError) error = NULL;

    g_assert_null (seed_store_begin (store, &large, &error));
    g_assert_error (error, SEED_ERROR, SEED_CODE_DISK_FULL);
    g_clear_error (&error);

    SeedStoreFile *stored = seed_store_begin (store, &liar, &error);

    g_assert_no_error (error);
    g_assert_false (seed_store_write (stored, bytes, &error));
    g_assert_error (error, SEED_ERROR, SEED_CODE_DISK_FULL);
    g_assert_nonnull (strstr (error->message, "liar"));
    seed_store_abandon (stored);
    g_assert_cmpuint (scratch_count (scratch->path), ==, 0);
  }

  g_assert_cmpint (umount (scratch->path), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store-folder/stores", stores);
  g_test_add_func ("/store-folder/never-overwrites", never_overwrites);
  g_test_add_func ("/store-folder/never-outside", never_outside);
  g_test_add_func ("/store-folder/names/odd", odd_names);
  g_test_add_func ("/store-folder/names/long", long_names);
  g_test_add_func ("/store-folder/nothing-is-left", nothing_is_left);
  g_test_add_func ("/store-folder/not-permitted", not_permitted);
  g_test_add_func ("/store-folder/folder-goes-away", folder_goes_away);
  g_test_add_func ("/store-folder/no-descriptors", no_descriptors);
  g_test_add_func ("/store-folder/disk-is-full", disk_is_full);

  return g_test_run ();
}
