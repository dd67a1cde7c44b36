// SPDX-License-Identifier: MIT

import fs from 'node:fs';
import path from 'node:path';

const root = process.env.SEED_VECTORS ?? '';

/**
 * @param {string} name of a file among the vectors
 * @returns {any}
 */
export function readVectors(name) {
  return JSON.parse(fs.readFileSync(path.join(root, name), 'utf8'));
}

/** @returns {string[]} the names of all messages that have vectors */
export function messageVectors() {
  return fs.readdirSync(path.join(root, 'messages')).map((name) => path.join('messages', name));
}

/** @param {string} hex */
export function fromHex(hex) {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** @param {string} hex @param {number} [zeros] to append */
export function padded(hex, zeros = 0) {
  const bytes = fromHex(hex);
  const all = new Uint8Array(bytes.length + zeros);
  all.set(bytes);
  return all;
}
