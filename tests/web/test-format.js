// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPercent, formatRate, formatSize, formatTimeLeft } from '../../src/web/format.js';
import { fill, ngettext } from '../../src/web/i18n.js';
import { Rate } from '../../src/web/rate.js';
import { next, phaseOf, says } from '../../src/web/sentences.js';

/** @type {[number, string][]} */
const sizes = [
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [1048576, '1 MB'],
  [123456789, '123 MB'],
  [5.25e9, '5.3 GB'],
  [2 ** 53 - 1, '9,007 TB'],
];

for (const [bytes, text] of sizes) {
  test(`${bytes} bytes read as ${text}`, () => assert.equal(formatSize(bytes), text));
}

test('a rate names its second', () => assert.equal(formatRate(19.84e6), '19.8 MB/s'));

test('only what is whole reads as whole', () => {
  assert.equal(formatPercent(0.9999), '99%');
  assert.equal(formatPercent(1), '100%');
});

/** @type {[number, string][]} */
const times = [
  [0.2, '1 second left'],
  [59, '59 seconds left'],
  [61, '2 minutes left'],
  [3600, '1 hour left'],
  [7201, '3 hours left'],
  [1e9, 'more than two days left'],
  [Infinity, 'more than two days left'],
];

for (const [seconds, text] of times) {
  test(`${seconds} s read as ${text}`, () => assert.equal(formatTimeLeft(seconds), text));
}

test('what is filled in is not read again', () => {
  assert.equal(fill('{name} of {size}', { name: '{size}', size: 3 }), '{size} of 3');
  assert.equal(ngettext('one', 'many', 1), 'one');
});

test('a rate is that of the last seconds', () => {
  const rate = new Rate();
  assert.equal(rate.perSecond, 0);
  for (let second = 0; second <= 20; second++) rate.add(second < 10 ? second * 100 : 1000, second * 1000);
  assert.equal(rate.perSecond, 0);
  rate.add(1500, 21000);
  assert.ok(rate.perSecond > 100 && rate.perSecond < 500);
});

test('each end has its phase', () => {
  assert.equal(phaseOf('share-closed'), 'gone');
  assert.equal(phaseOf('seal-broken'), 'refused');
  assert.equal(phaseOf('bad-link'), 'refused');
  assert.equal(phaseOf('timeout-ice'), 'failed');
  assert.ok(says('share-lost').length > 0 && next('share-lost').length > 0);
});
