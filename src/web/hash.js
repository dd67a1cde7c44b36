// SPDX-License-Identifier: MIT

// The SHA-256 of whole pieces. WebCrypto hashes off the main thread, but exists in secure contexts
// alone; hash-wasm comes next, at a third of its speed, and plain JavaScript where WebAssembly is
// switched off.

/** @typedef {(bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>} Digest */

/** @returns {Promise<Digest>} the fastest that this page may use */
export async function pickDigest() {
  if (globalThis.crypto?.subtle !== undefined) return subtleDigest;
  try {
    return await (await import('./hash-wasm.js')).wasmDigest();
  } catch {
    const { nobleDigest } = await import('./seal-noble.js');
    return async (bytes) => nobleDigest(bytes);
  }
}

/** @type {Digest} */
async function subtleDigest(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
