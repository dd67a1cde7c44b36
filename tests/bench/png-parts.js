// SPDX-License-Identifier: MIT

import { constants, deflateSync as deflate } from 'node:zlib';

const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

/**
 * @param {Uint8Array} bytes
 * @returns {number} zlib has it, but hands it out only in newer versions of Node.js
 */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** @param {Uint8Array} bytes */
export function deflateSync(bytes) {
  return deflate(bytes, { level: constants.Z_NO_COMPRESSION });
}
