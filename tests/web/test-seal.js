// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { decode, encode } from '../../src/web/base64url.js';
import { nobleCipher } from '../../src/web/seal-noble.js';
import { subtleCipher } from '../../src/web/seal-subtle.js';
import { Seal } from '../../src/web/seal.js';
import { fromHex, readVectors } from './vectors.js';

// Node 18 has it, but does not show it.
/** @type {any} */ (globalThis).crypto ??= webcrypto;

const link = { server: 'http://x', share: '23456789AB', secret: new Uint8Array(16).fill(7) };
const peer = 'ABCDEFGHIJKLMNOPQRSTUg';
const text = 'sdp: ünï\n'.repeat(100);

/** @type {[string, import('../../src/web/seal.js').Cipher][]} */
const ciphers = [
  ['WebCrypto', subtleCipher],
  ['noble', nobleCipher],
];

/**
 * @param {import('../../src/web/seal.js').Cipher} cipher
 * @param {Partial<typeof link>} [other]
 */
function pair(cipher, other = {}) {
  return {
    owner: new Seal('owner', link, peer, cipher),
    receiver: new Seal('receiver', { ...link, ...other }, peer, cipher),
  };
}

/** @param {string} sealed @param {number} at */
function alter(sealed, at) {
  const raw = decode(sealed) ?? new Uint8Array();
  raw[at] ^= 1;
  return encode(raw);
}

const broken = { code: 'seal-broken' };

for (const [name, cipher] of ciphers) {
  test(`${name} seals there and back`, async () => {
    const { owner, receiver } = pair(cipher);
    assert.equal(await receiver.open(await owner.close(text)), text);
    assert.equal(await owner.open(await receiver.close(text)), text);
    assert.equal(await receiver.open(await owner.close('')), '');
  });

  test(`${name} refuses every altered part`, async () => {
    const sealed = await pair(cipher).owner.close('{}');
    const length = decode(sealed)?.length ?? 0;
    for (let at = 0; at < length; at++)
      await assert.rejects(pair(cipher).receiver.open(alter(sealed, at)), broken, `byte ${at}`);
  });

  test(`${name} refuses a replay, and the past`, async () => {
    const { owner, receiver } = pair(cipher);
    const [first, second] = [await owner.close('1'), await owner.close('2')];
    assert.equal(await receiver.open(second), '2');
    await assert.rejects(receiver.open(second), broken);
    await assert.rejects(receiver.open(first), broken);
    assert.equal(await receiver.open(await owner.close('3')), '3');
  });

  test(`${name} refuses what was sealed for others`, async () => {
    const { owner } = pair(cipher);
    const sealed = await owner.close(text);
    const secret = new Uint8Array(16).fill(8);
    const other = new Seal('receiver', link, peer.replace('A', 'B'), cipher);
    await assert.rejects(pair(cipher, { secret }).receiver.open(sealed), broken);
    await assert.rejects(pair(cipher, { share: '23456789AC' }).receiver.open(sealed), broken);
    await assert.rejects(other.open(sealed), broken);
    await assert.rejects(owner.open(sealed), broken, 'its own words');
  });

  test(`${name} refuses another session`, async () => {
    const { owner, receiver } = pair(cipher);
    await receiver.open(await owner.close('1'));
    const again = pair(cipher).owner;
    await again.close('1');
    await assert.rejects(receiver.open(await again.close('2')), broken);
  });

  test(`${name} goes on after a forgery`, async () => {
    const { owner, receiver } = pair(cipher);
    const sealed = await owner.close('1');
    await assert.rejects(receiver.open(alter(sealed, 3)), broken);
    assert.equal(await receiver.open(sealed), '1');
  });
}

test('both ways to seal are the same', async () => {
  const salt = new Uint8Array(16).fill(1);
  const [one, other] = ciphers.map(([, cipher]) => new Seal('owner', link, peer, cipher, salt));
  assert.equal(await one.close(text), await other.close(text));
});

for (const sealed of ['', 'A', '!!!', 'A'.repeat(53), 'A'.repeat(54)]) {
  test(`refuses ${JSON.stringify(sealed)}`, async () => {
    await assert.rejects(pair(nobleCipher).receiver.open(sealed), broken);
  });
}

const vectors = readVectors('seal.json');
const vectorLink = { server: 'http://x', share: vectors.share, secret: fromHex(vectors.secret) };

for (const [name, cipher] of ciphers) {
  const receiver = () => new Seal('receiver', vectorLink, vectors.peer, cipher);
  const owner = () => new Seal('owner', vectorLink, vectors.peer, cipher, fromHex(vectors.salt));

  test(`${name} seals and opens the shared vectors`, async () => {
    const [one, other] = [owner(), receiver()];
    for (const vector of vectors.owner) {
      assert.equal(await one.close(vector.text), vector.sealed);
      assert.equal(await other.open(vector.sealed), vector.text);
      await assert.rejects(other.open(vector.sealed), broken);
    }
    for (const vector of vectors.receiver) {
      assert.equal(await other.close(vector.text), vector.sealed);
      assert.equal(await one.open(vector.sealed), vector.text);
    }
    await assert.rejects(other.open(vectors['other-session']), broken);
  });

  test(`${name} refuses the shared vectors that are broken`, async () => {
    for (const { sealed, why } of vectors.refused)
      await assert.rejects(receiver().open(sealed), broken, why);
    await receiver().open(vectors['other-session']);
  });
}
