// SPDX-License-Identifier: MIT

// HKDF-SHA256 and AES-256-GCM by WebCrypto, where the page is a secure context.

/** @type {import('./seal.js').Cipher} */
export const subtleCipher = {
  async derive(secret, salt, info) {
    const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
    return crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt, info },
      base,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt', 'decrypt'],
    );
  },

  async close(key, iv, additionalData, text) {
    const parameters = { name: 'AES-GCM', iv, additionalData };
    return new Uint8Array(await crypto.subtle.encrypt(parameters, key, text));
  },

  async open(key, iv, additionalData, closed) {
    const parameters = { name: 'AES-GCM', iv, additionalData };
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, closed));
  },
};
