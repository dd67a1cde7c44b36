// SPDX-License-Identifier: MIT

import { createSHA256 } from 'hash-wasm';

/** @returns {Promise<import('./hash.js').Digest>} */
export async function wasmDigest() {
  const hasher = await createSHA256();
  return async (bytes) => hasher.init().update(bytes).digest('binary');
}
