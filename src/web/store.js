// SPDX-License-Identifier: MIT

// Where verified pieces are kept: as Blobs, which both browsers move to their disk.

import { SeedError } from './errors.js';
import { Code } from './protocol.js';

/** @typedef {(bytes: Uint8Array<ArrayBuffer>) => Promise<Blob>} Keep */

// Up to here a Blob stays in memory and is there at once.
const UNCHECKED_BYTES = 8 * 1024 * 1024;

/** @returns {Keep} */
export function blobStore() {
  let total = 0;

  return async (bytes) => {
    const blob = new Blob([bytes]);
    total += bytes.length;
    if (total > UNCHECKED_BYTES) await check(blob);
    return blob;
  };
}

/**
 * A browser makes a Blob for which it has no space, and only fails to read it.
 *
 * @param {Blob} blob
 */
async function check(blob) {
  try {
    await blob.slice(0, 1).arrayBuffer();
  } catch {
    throw new SeedError(Code['disk-full']);
  }
}
