// SPDX-License-Identifier: MIT

// Base64 with the alphabet that is safe in a URL, without padding (RFC 4648, section 5).

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function encode(bytes) {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer> | undefined} undefined when it is not base64url
 */
export function decode(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined;

  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));

  // Bits behind the last byte would let two texts mean the same.
  return encode(bytes) === text ? bytes : undefined;
}

/**
 * @param {number} length in bytes
 * @returns {string} as many bytes fit for a key, as text
 */
export function random(length) {
  return encode(crypto.getRandomValues(new Uint8Array(length)));
}
