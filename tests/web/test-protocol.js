// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import protocol from '../../src/protocol/protocol.json' with { type: 'json' };
import { build, constants, parse } from '../../src/web/protocol.js';
import { messageVectors, readVectors } from './vectors.js';

/**
 * @typedef {{to: any, message: any, repeat?: Record<string, [any, number]>, code?: string,
 *            why?: string}} Vector
 * @typedef {{channel: any, to: any, text: string, pad?: number, 'repeat-text'?: number, is?: any,
 *            hex?: string, code?: string, why?: string}} TextVector
 */

/**
 * @param {Vector} vector
 * @returns {any} the message in full
 */
function messageOf({ message, repeat = {} }) {
  const long = Object.entries(repeat).map(([field, [item, count]]) => {
    return [field, typeof item === 'string' ? item.repeat(count) : new Array(count).fill(item)];
  });
  return { ...message, ...Object.fromEntries(long) };
}

/** @param {TextVector} vector */
function textOf({ text, pad = 0, 'repeat-text': times = 1 }) {
  return text.repeat(times).padEnd(pad - Buffer.byteLength(text) + text.length);
}

/** @param {string} file */
function channelOf(file) {
  const name = path.basename(file, '.json');
  return /** @type {any} */ (protocol.messages)[name].channel;
}

test('every message has vectors', () => {
  const covered = messageVectors().map((file) => path.basename(file, '.json'));
  assert.deepEqual(covered.sort(), Object.keys(protocol.messages).sort());
});

for (const file of messageVectors()) {
  const channel = channelOf(file);
  const { valid, invalid } = /** @type {Record<string, Vector[]>} */ (readVectors(file));

  test(`${file} valid`, () => {
    for (const vector of valid) {
      const expected = messageOf(vector);
      const parsed = parse(JSON.stringify(expected), channel, vector.to);
      delete expected.later;
      assert.deepEqual(parsed, expected, vector.why);
    }
  });

  test(`${file} invalid`, () => {
    for (const vector of invalid) {
      const text = JSON.stringify(messageOf(vector));
      assert.throws(() => parse(text, channel, vector.to), { code: vector.code }, vector.why);
    }
  });
}

const texts = /** @type {Record<string, TextVector[]>} */ (readVectors('texts.json'));

for (const vector of texts.valid.filter(({ hex }) => hex === undefined)) {
  test(`takes a text: ${vector.why}`, () => {
    assert.deepEqual(parse(textOf(vector), vector.channel, vector.to), vector.is);
  });
}

for (const vector of texts.invalid.filter(({ hex }) => hex === undefined)) {
  test(`refuses a text: ${vector.why}`, () => {
    const { channel, to, code } = vector;
    assert.throws(() => parse(textOf(vector), channel, to), { code });
  });
}

/** @type {[string, string, string][]} what it is, the text, the code */
const nonsense = [
  ['nothing', '', 'bad-message'],
  ['no JSON', '{"type":', 'bad-message'],
  ['null', 'null', 'bad-message'],
  ['a list', '[]', 'bad-message'],
  ['no type', '{}', 'bad-message'],
  ['a number as type', '{"type":3}', 'bad-message'],
  ['what every object has as type', '{"type":"constructor"}', 'unknown-type'],
  ['a NUL', '{"type":"stop","code":"failed\\u0000"}', 'bad-message'],
  ['half a character', '{"type":"stop","code":"\\ud800"}', 'bad-message'],
  ['what every object has as code', '{"type":"stop","code":"toString"}', 'bad-message'],
  ['too deep', `{"type":"noted","x":${'['.repeat(20)}${']'.repeat(20)}}`, 'bad-message'],
  ['too large', `{"type":"noted","x":"${'x'.repeat(constants['control-message-max'])}"}`, 'too-large'],
  ['another channel', '{"type":"joined","ice":[]}', 'unknown-type'],
];

for (const [what, text, code] of nonsense) {
  test(`refuses ${what}`, () => {
    assert.throws(() => parse(text, 'control', 'receiver'), { code });
  });
}

test('refuses what is no text', () => {
  assert.throws(() => parse(new ArrayBuffer(3), 'control', 'receiver'), { code: 'bad-message' });
});

test('brackets in a string are not depth', () => {
  const text = JSON.stringify({ type: 'noted', x: '"{[{[{[{[{[{[\\"' });
  assert.equal(parse(text, 'control', 'receiver').type, 'noted');
});

test('builds what it would take', () => {
  const text = build('want', { file: 1, offset: 2, length: 3 });
  assert.deepEqual(parse(text, 'control', 'owner'), { type: 'want', file: 1, offset: 2, length: 3 });
});

test('builds nothing that breaks the protocol', () => {
  assert.throws(() => build('want', { file: 1, offset: 2 }), { code: 'bad-message' });
});
