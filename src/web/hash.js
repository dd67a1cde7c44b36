// SPDX-License-Identifier: MIT

// The SHA-256 of pieces. WebCrypto hashes a whole piece off the main thread, but exists in secure
// contexts alone. Elsewhere hash-wasm hashes while the bytes arrive, so that hardly anything is left
// to do when the last one is here; plain JavaScript does where WebAssembly is switched off.

/**
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 *
 * @typedef {object} Hasher of one piece
 * @property {(piece: Bytes, arrived: number) => void} update as bytes arrive, from the beginning
 * @property {(piece: Bytes) => Promise<Uint8Array>} digest once, when all are here
 *
 * @typedef {() => Hasher} MakeHasher
 *
 * @typedef {object} Incremental
 * @property {(bytes: Bytes) => void} update
 * @property {() => Uint8Array} digest
 */

/** @returns {MakeHasher} the fastest that this page may use */
export function pickHasher() {
  return globalThis.crypto?.subtle === undefined ? lateHasher(loadIncremental()) : subtleHasher;
}

/** @type {MakeHasher} */
function subtleHasher() {
  return {
    update() {},
    digest: async (piece) => new Uint8Array(await crypto.subtle.digest('SHA-256', piece)),
  };
}

/** @returns {Promise<() => Incremental>} */
async function loadIncremental() {
  try {
    return await (await import('./hash-wasm.js')).wasmIncremental();
  } catch {
    return (await import('./seal-noble.js')).nobleIncremental;
  }
}

/**
 * @param {Promise<() => Incremental>} loading what hashes; bytes may arrive before it is there
 * @returns {MakeHasher}
 */
export function lateHasher(loading) {
  /** @type {(() => Incremental) | undefined} */
  let make;
  loading.then((made) => {
    make = made;
  });

  return () => {
    /** @type {Incremental | undefined} */
    let incremental;
    let hashed = 0;
    const update = (/** @type {Bytes} */ piece, /** @type {number} */ arrived) => {
      incremental ??= make?.();
      incremental?.update(piece.subarray(hashed, arrived));
      if (incremental !== undefined) hashed = arrived;
    };
    const digest = async (/** @type {Bytes} */ piece) => {
      make ??= await loading;
      update(piece, piece.length);
      return /** @type {Incremental} */ (incremental).digest();
    };
    return { update, digest };
  };
}
