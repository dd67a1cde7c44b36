// SPDX-License-Identifier: MIT

// A browser without a window and with a profile of its own, whose downloads go to a folder that we
// look into.

import fs from 'node:fs';
import path from 'node:path';
import { puppeteer } from './packages.mjs';
import { SharePage } from './share-page.mjs';

/** @typedef {'Chromium' | 'Firefox'} Kind */

/** @type {Kind[]} */
export const kinds = ['Chromium', 'Firefox'];

// A sandbox can't be had as root; the rest keeps it from looking for a network that is not there.
const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export class Browser {
  /** @type {import('puppeteer-core').Browser} */
  #browser;

  /**
   * @param {Kind} kind
   * @param {string} folder
   * @param {import('puppeteer-core').Browser} browser
   */
  constructor(kind, folder, browser) {
    this.kind = kind;
    this.downloads = path.join(folder, 'downloads');
    this.#browser = browser;
  }

  /**
   * @param {Kind} kind
   * @param {string} folder
   */
  static async open(kind, folder) {
    fs.mkdirSync(path.join(folder, 'downloads'));
    const launch = kind === 'Chromium' ? launchChromium : launchFirefox;
    return new Browser(kind, folder, await launch(folder));
  }

  /**
   * @param {string} link
   * @returns {Promise<SharePage>}
   */
  async visit(link) {
    const page = await this.#browser.newPage();
    await page.goto(link, { waitUntil: 'domcontentloaded' });
    return new SharePage(page, this.downloads);
  }

  /** As if it had crashed, with all of its processes. */
  kill() {
    const pid = this.#browser.process()?.pid;
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }

  async close() {
    const child = this.#browser.process();
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    this.kill();
    await gone;
  }
}

/** @param {string} folder */
async function launchChromium(folder) {
  const browser = await puppeteer.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    userDataDir: path.join(folder, 'profile'),
    args: chromiumFlags,
  });
  const session = await browser.target().createCDPSession();
  const downloadPath = path.join(folder, 'downloads');
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath });
  return browser;
}

/** @param {string} folder */
function launchFirefox(folder) {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    userDataDir: path.join(folder, 'profile'),
    extraPrefsFirefox: {
      'browser.download.dir': path.join(folder, 'downloads'),
      'browser.download.folderList': 2,
      'browser.download.useDownloadDir': true,
      'browser.download.always_ask_before_handling_new_types': false,
      'browser.helperApps.neverAsk.saveToDisk': 'application/octet-stream',
    },
  });
}
