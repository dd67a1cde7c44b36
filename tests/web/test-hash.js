// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { wasmDigest } from '../../src/web/hash-wasm.js';
import { pickDigest } from '../../src/web/hash.js';
import { nobleDigest } from '../../src/web/seal-noble.js';
import { sha256, someBytes } from './memory-owner.js';

// Node 18 has it, but does not show it.
/** @type {any} */ (globalThis).crypto ??= webcrypto;

/** @type {[string, import('../../src/web/hash.js').Digest][]} */
const digests = [
  ['WebCrypto', await pickDigest()],
  ['hash-wasm', await wasmDigest()],
  ['noble', async (bytes) => nobleDigest(bytes)],
];

for (const [name, digest] of digests) {
  test(`${name} hashes pieces, also at once`, async () => {
    const pieces = [0, 1, 63, 64, 1048576, 3].map((length) => someBytes(length));
    const hashes = await Promise.all(pieces.map((piece) => digest(/** @type {any} */ (piece))));
    assert.deepEqual(hashes, pieces.map(sha256));
  });
}
