// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from '../../src/web/base64url.js';
import { namesShare, parseLink, socketAddress } from '../../src/web/link.js';
import { fromHex, readVectors } from './vectors.js';

const KEY = 'AAECAwQFBgcICQoLDA0ODw';
const SECRET = Uint8Array.from({ length: 16 }, (_, i) => i);

test('takes a link apart', () => {
  assert.deepEqual(parseLink(` https://example.org/23456789AB#${KEY}\n`), {
    server: 'https://example.org',
    share: '23456789AB',
    secret: SECRET,
  });
});

test('a server may live under a path', () => {
  const link = parseLink(`http://[fd00::2]:8080/seed/23456789AB#${KEY}`);
  assert.equal(link.server, 'http://[fd00::2]:8080/seed');
  assert.equal(socketAddress(link.server), 'ws://[fd00::2]:8080/seed/ws');
});

test('the socket of an https server is secure', () => {
  assert.equal(socketAddress('https://example.org'), 'wss://example.org/ws');
});

test('the front page names no share', () => {
  assert.ok(!namesShare('/'));
  assert.ok(!namesShare('/seed/'));
  assert.ok(namesShare('/seed/23456789AB'));
});

const links = readVectors('link.json');

for (const { text, server, share, secret, why } of [...links.valid, ...links.trimmed]) {
  test(`the shared vectors: ${why ?? text}`, () => {
    assert.deepEqual(parseLink(text), { server, share, secret: fromHex(secret) });
  });
}

for (const { text, why } of links.invalid) {
  test(`the shared vectors: ${why}`, () => {
    assert.throws(() => parseLink(text), { code: 'bad-link' });
  });
}

const encoded = readVectors('base64url.json');

test('base64url as in the shared vectors', () => {
  for (const { text, hex } of encoded.valid) {
    assert.deepEqual(decode(text), fromHex(hex));
    assert.equal(encode(fromHex(hex)), text);
  }
  for (const { text, why } of encoded.invalid) assert.equal(decode(text), undefined, why);
});

test('base64url there and back', () => {
  for (let length = 0; length < 40; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 89) & 255);
    assert.deepEqual(decode(encode(bytes)), bytes);
  }
});
