// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildFrame, parseFrame } from '../../src/web/frame.js';
import { frames } from '../../src/web/protocol.js';
import { padded, readVectors } from './vectors.js';

test('there and back', () => {
  const frame = { kind: frames.data, file: 99999, offset: 2 ** 53 - 1, data: new Uint8Array([1, 2]) };
  assert.deepEqual(parseFrame(buildFrame(frame)), frame);
});

test('is big-endian', () => {
  const built = buildFrame({ kind: 1, file: 2, offset: 2 ** 32 + 3, data: new Uint8Array([9]) });
  const expected = [1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 9];
  assert.deepEqual([...new Uint8Array(built)], expected);
});

/** @type {[string, unknown][]} */
const nonsense = [
  ['a text', 'x'.repeat(40)],
  ['a Blob', new Blob(['x'.repeat(40)])],
  ['a view', new Uint8Array(40)],
];

for (const [what, bytes] of nonsense) {
  test(`refuses ${what}`, () => assert.throws(() => parseFrame(bytes), { code: 'bad-message' }));
}

const vectors = readVectors('frame.json');

for (const { hex, pad, kind, file, offset, data, why } of vectors.valid) {
  test(`the shared vectors: ${why ?? kind}`, () => {
    const message = padded(hex, pad).buffer;
    const frame = parseFrame(message);
    const expected = { kind: /** @type {any} */ (frames)[kind], file, offset, data: padded(data, pad) };
    assert.deepEqual(frame, expected);
    assert.deepEqual(buildFrame(frame), message);
  });
}

for (const { hex, pad, why } of vectors.invalid) {
  test(`the shared vectors: ${why}`, () => {
    assert.throws(() => parseFrame(padded(hex, pad).buffer), { code: 'bad-message' });
  });
}
