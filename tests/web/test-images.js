// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { automatic, isPicture } from '../../src/web/images.js';

/** @param {string} text */
const head = (text) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** @type {[string, string][]} */
const pictures = [
  ['image/png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ['image/jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
  ['image/gif', 'GIF89a\x01\0'],
  ['image/gif', 'GIF87a\x01\0'],
  ['image/webp', 'RIFF\n\r\u2028'.slice(0, 6) + '\0\0WEBPVP8 '],
  ['image/avif', '\0\0\0\x20ftypavif'],
  ['image/bmp', 'BM\0\0'],
];

for (const [type, text] of pictures) {
  test(`${type} is shown`, () => assert.ok(isPicture(type, head(text))));
  test(`${type} that is a page is not`, () => assert.ok(!isPicture(type, head('<!doctype html>'))));
  test(`${type} that is empty is not`, () => assert.ok(!isPicture(type, new Uint8Array())));
}

for (const type of ['image/svg+xml', 'text/html', 'image/tiff', '', 'toString', 'IMAGE/PNG'])
  test(`${type} is not shown`, () => assert.ok(!isPicture(type, head('\x89PNG\r\n\x1a\n'))));

/** @param {string} type @param {number} size */
const entry = (type, size) => ({ path: 'a', type, size, piece: 1048576, time: 0 });

test('a picture alone is fetched', () => {
  assert.deepEqual(automatic([entry('image/png', 1e6)], 1), [0]);
});

test('pictures among others are fetched', () => {
  const entries = [entry('text/plain', 1), entry('image/png', 1), entry('image/jpeg', 1)];
  assert.deepEqual(automatic(entries, 3), [1, 2]);
});

test('of many files none is fetched unasked', () => {
  assert.deepEqual(automatic(new Array(100).fill(entry('image/png', 1)), 100), []);
});

test('what is large, empty, or large in sum is not fetched unasked', () => {
  assert.deepEqual(automatic([entry('image/png', 1e9)], 1), []);
  assert.deepEqual(automatic([entry('image/png', 0)], 1), []);
  assert.deepEqual(automatic(new Array(5).fill(entry('image/png', 25e6)), 5), [0, 1]);
});
