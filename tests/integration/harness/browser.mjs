// SPDX-License-Identifier: MIT

// A browser without a window and with a profile of its own, whose downloads go to a folder that we
// look into. A suite keeps one of each kind for all of its cases, each of which sees a context that
// knows nothing of the others; a case that harms its browser opens another.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
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

// Our programs end at the first critical of GLib; Firefox, which has some of its own, need not.
const { G_DEBUG: _, ...environment } = process.env;

/** @type {Map<Kind, Promise<Browser>>} */
const kept = new Map();

after(async () => {
  for (const browser of kept.values()) await (await browser).close();
});

export class Browser {
  #browser;
  #folder;
  #killed = false;

  /**
   * @param {import('puppeteer-core').Browser} browser
   * @param {string} folder
   */
  constructor(browser, folder) {
    this.#browser = browser;
    this.#folder = folder;
    this.downloads = path.join(folder, 'downloads');
  }

  /** @param {Kind} kind */
  static async open(kind) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seedtest-browser-'));
    fs.mkdirSync(path.join(folder, 'downloads'));
    return new Browser(await launchers[kind](folder), folder);
  }

  /** @param {Kind} kind */
  static async keep(kind) {
    const before = await kept.get(kind);
    if (before?.isAlive) return before;

    // The case in which it died has failed for that; the others need not.
    await before?.close();
    const browser = Browser.open(kind);
    kept.set(kind, browser);
    return browser;
  }

  get isAlive() {
    const child = this.#browser.process();
    return child !== null && child.exitCode === null && child.signalCode === null;
  }

  /** @returns {Promise<Visit>} */
  async newVisit() {
    for (const name of fs.readdirSync(this.downloads)) fs.rmSync(path.join(this.downloads, name));
    const downloadBehavior = { policy: /** @type {const} */ ('allow'), downloadPath: this.downloads };
    const context = await this.#browser.createBrowserContext({ downloadBehavior });
    return new Visit(this, context);
  }

  /** As if it had crashed, with all of its processes. */
  kill() {
    const pid = this.#browser.process()?.pid;
    this.#killed = true;
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }

  async close() {
    const child = this.#browser.process();
    if (child !== null && this.isAlive) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      this.kill();
      await gone;
    } else if (!this.#killed) {
      console.error(`a browser ended by itself: ${child?.signalCode ?? child?.exitCode}`);
    }
    fs.rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Someone at a browser, for the time of one case. */
export class Visit {
  #context;

  /**
   * @param {Browser} browser
   * @param {import('puppeteer-core').BrowserContext} context
   */
  constructor(browser, context) {
    this.browser = browser;
    this.#context = context;
  }

  newPage() {
    return this.#context.newPage();
  }

  /**
   * @param {string} link
   * @param {(page: import('puppeteer-core').Page) => Promise<unknown>} [prepare]
   * @returns {Promise<SharePage>}
   */
  async open(link, prepare) {
    const page = await this.newPage();
    await prepare?.(page);
    await page.goto(link, { waitUntil: 'domcontentloaded' });
    return new SharePage(page, this.browser.downloads);
  }

  close() {
    return this.#context.close();
  }
}

/** @type {Record<Kind, (folder: string) => Promise<import('puppeteer-core').Browser>>} */
const launchers = {
  Chromium: (folder) =>
    puppeteer.launch({
      executablePath: '/usr/bin/chromium',
      headless: true,
      env: environment,
      userDataDir: path.join(folder, 'profile'),
      args: chromiumFlags,
    }),
  Firefox: (folder) =>
    puppeteer.launch({
      browser: 'firefox',
      executablePath: '/usr/bin/firefox-esr',
      headless: true,
      env: environment,
      userDataDir: path.join(folder, 'profile'),
      extraPrefsFirefox: {
        'browser.download.dir': path.join(folder, 'downloads'),
        'browser.download.folderList': 2,
        'browser.download.useDownloadDir': true,
        'browser.download.always_ask_before_handling_new_types': false,
        'browser.helperApps.neverAsk.saveToDisk': 'application/octet-stream',
      },
    }),
};
