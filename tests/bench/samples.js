// SPDX-License-Identifier: MIT

// What is sent: a picture of noise, which no compression makes smaller, and sparse files of any size.

import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from './png-parts.js';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

// Three bytes a pixel and one a row, which makes a little less than 1 MiB.
const WIDTH = 590;
const HEIGHT = 591;

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const length = Buffer.alloc(4);
  const check = Buffer.alloc(4);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** @returns {Buffer} a PNG of about 1 MiB */
function noise() {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = 1 + 3 * WIDTH;
  const pixels = randomBytes(row * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) pixels[y * row] = 0;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** @param {string} folder */
export function makePicture(folder) {
  const path = join(folder, 'noise.png');
  writeFileSync(path, noise());
  return path;
}

/**
 * @param {string} folder
 * @param {number} size
 */
export function makeNoise(folder, size) {
  const path = join(folder, `noise-${size}.bin`);
  writeFileSync(path, randomBytes(size));
  return path;
}

/**
 * @param {string} folder
 * @param {number} size of a file that takes no space
 */
export function makeSparse(folder, size) {
  const path = join(folder, `sparse-${size}.bin`);
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  closeSync(file);
  return path;
}
