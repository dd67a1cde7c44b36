// SPDX-License-Identifier: MIT

/** The largest file, in bytes, that is saved as a Blob. Browsers spool Blobs to their disk, but hand
 * them over for saving with up to twice their size in memory. */
export const SAVE_MAX = 2 * 1024 ** 3;
