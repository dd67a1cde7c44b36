// SPDX-License-Identifier: MIT

import { createSHA256 } from 'hash-wasm';

/**
 * Pieces that are hashed at the same time take turns on one instance.
 *
 * @returns {Promise<() => import('./hash.js').Incremental>}
 */
export async function wasmIncremental() {
  const hasher = await createSHA256();
  /** @type {{state?: Uint8Array} | undefined} */
  let current;

  const switchTo = (/** @type {{state?: Uint8Array}} */ piece) => {
    if (current === piece) return;
    if (current !== undefined) current.state = hasher.save();
    if (piece.state === undefined) hasher.init();
    else hasher.load(piece.state);
    current = piece;
  };

  return () => {
    const piece = {};
    return {
      update(bytes) {
        switchTo(piece);
        hasher.update(bytes);
      },
      digest() {
        switchTo(piece);
        current = undefined;
        return hasher.digest('binary');
      },
    };
  };
}
