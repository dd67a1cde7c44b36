// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { wasmIncremental } from '../../src/web/hash-wasm.js';
import { lateHasher, pickHasher } from '../../src/web/hash.js';
import { nobleIncremental } from '../../src/web/seal-noble.js';
import { sha256, someBytes } from './memory-owner.js';

// Node 18 has it, but does not show it.
/** @type {any} */ (globalThis).crypto ??= webcrypto;

/** @type {[string, import('../../src/web/hash.js').MakeHasher][]} */
const hashers = [
  ['WebCrypto', pickHasher()],
  ['hash-wasm', lateHasher(wasmIncremental())],
  ['noble', lateHasher(Promise.resolve(nobleIncremental))],
];

const pieces = [0, 1, 63, 64, 1048576, 300000].map((length, seed) => {
  return /** @type {Uint8Array<ArrayBuffer>} */ (someBytes(length, seed));
});
const expected = pieces.map(sha256);

for (const [name, make] of hashers) {
  test(`${name} hashes whole pieces`, async () => {
    const hashes = await Promise.all(pieces.map((piece) => make().digest(piece)));
    assert.deepEqual(hashes, expected);
  });

  test(`${name} hashes pieces as they arrive, also in turns`, async () => {
    const running = pieces.map((piece) => ({ piece, hasher: make(), arrived: 0 }));
    for (let i = 0; i < 80; i++) {
      for (const one of running) {
        one.arrived = Math.min(one.arrived + 16384, one.piece.length);
        one.hasher.update(one.piece, one.arrived);
      }
    }
    const hashes = await Promise.all(running.map(({ piece, hasher }) => hasher.digest(piece)));
    assert.deepEqual(hashes, expected);
  });
}

test('bytes may arrive before what hashes them', async () => {
  /** @type {(make: typeof nobleIncremental) => void} */
  let loaded = () => {};
  const hasher = lateHasher(new Promise((resolve) => { loaded = resolve; }))();
  hasher.update(pieces[4], 500000);
  const digest = hasher.digest(pieces[4]);
  loaded(nobleIncremental);
  assert.deepEqual(await digest, expected[4]);
});
