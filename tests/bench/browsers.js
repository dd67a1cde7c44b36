// SPDX-License-Identifier: MIT

// Real browsers, the receivers' in our own namespace, the raw sender's in the other one.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const CHROMIUM = '/usr/bin/chromium';
const FIREFOX = '/usr/bin/firefox-esr';

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Real addresses among the sender's candidates, as every other sender gives them.
const senderArguments = ['--disable-features=WebRtcHideLocalIpsWithMdns'];

/**
 * @typedef {import('puppeteer-core').Browser} Browser
 * @typedef {import('puppeteer-core').Page} Page
 */

/** @returns {Promise<Browser>} */
export function launchChromium() {
  return puppeteer.launch({
    executablePath: CHROMIUM,
    pipe: true,
    args: chromiumArguments,
  });
}

/** @returns {Promise<Browser>} */
export function launchFirefox() {
  return puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX });
}

/**
 * @param {import('./network.js').Network} network
 * @param {string} folder
 * @returns {Promise<Browser>}
 */
export function launchSender(network, folder) {
  const script = join(folder, 'sender-chromium');
  const command = network.amongSenders(CHROMIUM).join(' ');
  writeFileSync(script, `#!/bin/sh\nexec ${command} "$@"\n`);
  chmodSync(script, 0o755);
  return puppeteer.launch({
    executablePath: script,
    pipe: true,
    args: [...chromiumArguments, ...senderArguments],
  });
}

/** @param {Browser} browser */
export function pidOf(browser) {
  return browser.process()?.pid ?? 0;
}
