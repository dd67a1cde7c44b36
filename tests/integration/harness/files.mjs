// SPDX-License-Identifier: MIT

// Files to share, and what is in those that arrived.

import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export const KiB = 1024;
export const MiB = 1024 * KiB;

/** @param {crypto.BinaryLike} bytes */
export function hashBytes(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @param {string} file */
export async function hashFile(file) {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file, { highWaterMark: MiB })) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Fills a file with bytes that can't be compressed, nor guessed.
 *
 * @param {string} file
 * @param {number} size
 * @returns {string} its hash
 */
export function makeFile(file, size) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const cipher = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16));
  const zeros = Buffer.alloc(MiB);
  const hash = createHash('sha256');
  const fd = fs.openSync(file, 'w');
  for (let left = size; left > 0; left -= MiB) {
    const bytes = cipher.update(zeros.subarray(0, Math.min(left, MiB)));
    hash.update(bytes);
    fs.writeSync(fd, bytes);
  }
  fs.closeSync(fd);
  return hash.digest('hex');
}

/**
 * Makes a file of zeros that takes no room, for where only its size matters.
 *
 * @param {string} file
 * @param {number} size
 */
export function makeHollowFile(file, size) {
  fs.writeFileSync(file, '');
  fs.truncateSync(file, size);
}

/**
 * @param {string} folder
 * @returns {string[]} every file below it, in order, as paths relative to it
 */
export function listFiles(folder) {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? listFiles(path.join(folder, entry.name)).map((name) => path.join(entry.name, name))
        : [entry.name],
    )
    .sort();
}
