// SPDX-License-Identifier: MIT

// HKDF-SHA256 and AES-256-GCM where WebCrypto is withheld, which is any page on plain http.
// Loaded only there.

import { gcm } from '@noble/ciphers/aes.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** @type {import('./seal.js').Cipher} */
export const nobleCipher = {
  derive: async (secret, salt, info) => hkdf(sha256, secret, salt, info, 32),
  close: async (key, nonce, extra, text) => plain(gcm(key, nonce, extra).encrypt(text)),
  open: async (key, nonce, extra, closed) => plain(gcm(key, nonce, extra).decrypt(closed)),
};

/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array<ArrayBuffer>}
 */
function plain(bytes) {
  return /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
}

/** @returns {import('./hash.js').Incremental} */
export function nobleIncremental() {
  const hasher = sha256.create();
  return { update: (bytes) => hasher.update(bytes), digest: () => hasher.digest() };
}
