// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeAgent } from '../../src/web/agent.js';

const mozilla = 'Mozilla/5.0';
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

/** @type {[string, string][]} */
const agents = [
  [`${mozilla} (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0`, 'Firefox 153 on Linux'],
  [`${mozilla} (X11; Linux x86_64) ${webkit} Chrome/156.0.0.0 Safari/537.36`, 'Chrome 156 on Linux'],
  [`${mozilla} (X11; Linux x86_64) ${webkit} HeadlessChrome/156.0 Safari/537.36`, 'Chrome 156 on Linux'],
  [`${mozilla} (Windows NT 10.0) ${webkit} Chrome/156.0 Safari/537.36 Edg/156.0`, 'Edge 156 on Windows'],
  [`${mozilla} (Linux; Android 15; Pixel) ${webkit} Chrome/156.0 Mobile Safari/537.36`, 'Chrome 156 on Android'],
  [`${mozilla} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604`, 'Safari 19 on iOS'],
  [`${mozilla} (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/19.0 Safari/605`, 'Safari 19 on macOS'],
  ['', 'A browser'],
];

for (const [userAgent, expected] of agents) {
  test(expected, () => assert.equal(describeAgent({ userAgent }), expected));
}

test('prefers what the browser says of itself', () => {
  const brands = [
    { brand: 'Not/A)Brand', version: '8' },
    { brand: 'Chromium', version: '156' },
    { brand: 'Google Chrome', version: '156' },
  ];
  const userAgentData = { brands, platform: 'Linux' };
  assert.equal(describeAgent({ userAgent: '', userAgentData }), 'Chrome 156 on Linux');
});

test('stays within the bounds of the protocol', () => {
  const brands = [{ brand: `é\n${'é'.repeat(200)}`, version: '1' }];
  const agent = describeAgent({ userAgent: '', userAgentData: { brands, platform: '' } });
  assert.ok(Buffer.byteLength(agent) <= 120);
  assert.ok(!/[\n\ufffd]/.test(agent));
});
