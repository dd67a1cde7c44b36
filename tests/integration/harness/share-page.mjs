// SPDX-License-Identifier: MIT

// The page of a share, as a visitor and as a program see it.

import fs from 'node:fs';
import path from 'node:path';
import { hashFile } from './files.mjs';
import { within } from './within.mjs';

const PHASE_LIMIT = 30000;
const UNFINISHED = /\.(part|crdownload)$/;

/** Phases that no other follows. */
const ends = ['gone', 'refused', 'failed'];

/** @typedef {{phase: string, code?: string, says: string}} Told */

export class SharePage {
  #downloads;

  /**
   * @param {import('puppeteer-core').Page} page
   * @param {string} downloads
   */
  constructor(page, downloads) {
    this.page = page;
    this.#downloads = downloads;
  }

  /**
   * @param {string} wanted
   * @param {number} [limit]
   * @returns {Promise<Told>} rejected when it ends in another way
   */
  async phase(wanted, limit = PHASE_LIMIT) {
    const last = [wanted, ...ends];
    try {
      await this.page.waitForFunction(
        (names) => names.includes(document.querySelector('main')?.dataset.phase ?? ''),
        { timeout: limit, polling: 50 },
        last,
      );
    } catch (error) {
      throw new Error(`no phase ${wanted}: ${JSON.stringify(await this.told())}`, { cause: error });
    }
    const told = await this.told();
    if (told.phase !== wanted) throw new Error(`no phase ${wanted}: ${JSON.stringify(told)}`);
    return told;
  }

  /** @returns {Promise<Told>} */
  told() {
    return this.page.evaluate(() => {
      const main = /** @type {HTMLElement} */ (document.querySelector('main'));
      const says = main.querySelector('.says')?.textContent ?? '';
      return { phase: main.dataset.phase ?? '', code: main.dataset.code, says };
    });
  }

  /** @returns {Promise<{name: string, size: string}[]>} what the list shows */
  files() {
    return this.page.$$eval('li.file', (rows) =>
      rows.map((row) => ({
        name: row.querySelector('.name')?.textContent ?? '',
        size: row.querySelector('.size')?.textContent ?? '',
      })),
    );
  }

  /**
   * Presses the button of a file of the list.
   *
   * @param {number} [file]
   */
  async press(file = 0) {
    await this.page.locator(`li.file[data-file="${file}"] button`).click();
  }

  /**
   * Saves a file of the list.
   *
   * @param {number} [file]
   * @param {number} [limit]
   */
  save(file = 0, limit = PHASE_LIMIT) {
    return this.#saveBy(() => this.press(file), limit);
  }

  /** Saves a picture that is shown. */
  savePicture() {
    return this.#saveBy(() => this.page.locator('figure button').click(), PHASE_LIMIT);
  }

  /**
   * @param {() => Promise<void>} press
   * @param {number} limit
   * @returns {Promise<{name: string, hash: string}>} what is in the downloads then
   */
  async #saveBy(press, limit) {
    const before = new Set(this.downloaded());
    await press();
    await this.phase('saved', limit);
    const name = await within(this.#newDownload(before), limit, 'the download');
    return { name, hash: await hashFile(path.join(this.#downloads, name)) };
  }

  /** @returns {string[]} */
  downloaded() {
    return fs.readdirSync(this.#downloads);
  }

  /**
   * @param {Set<string>} before
   * @returns {Promise<string>}
   */
  async #newDownload(before) {
    const watcher = fs.promises.watch(this.#downloads, { signal: AbortSignal.timeout(PHASE_LIMIT) });
    const look = () => {
      const names = this.downloaded().filter((name) => !before.has(name));
      return names.some((name) => UNFINISHED.test(name)) ? undefined : names[0];
    };
    const now = look();
    if (now !== undefined) return now;
    for await (const _ of watcher) {
      const name = look();
      if (name !== undefined) return name;
    }
    throw new Error('nothing was downloaded');
  }

  /** @returns {Promise<string[]>} the pictures that can be seen, each as its own width × height */
  pictures() {
    return this.page.$$eval('img.picture', (images) =>
      images.map((image) => {
        const { naturalWidth, naturalHeight } = /** @type {HTMLImageElement} */ (image);
        return `${naturalWidth} × ${naturalHeight}`;
      }),
    );
  }
}
