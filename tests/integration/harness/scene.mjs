// SPDX-License-Identifier: MIT

// One case of a suite: owns a folder, programs, browsers and servers, and puts all of it away
// whatever happens. A case in which one of our programs crashed has failed, whatever else it saw.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Browser } from './browser.mjs';
import { Program } from './program.mjs';

const CASE_LIMIT = 60000;

export class Scene {
  #cleanups = [];
  /** @type {Program[]} */
  #programs = [];

  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seedtest-'));
    this.defer(() => fs.rmSync(this.folder, { recursive: true, force: true }));
  }

  /** @param {() => unknown} cleanup called in the end, the last first */
  defer(cleanup) {
    this.#cleanups.push(cleanup);
  }

  /**
   * @param {string} name
   * @returns {string} a new folder
   */
  makeFolder(name) {
    const folder = fs.mkdtempSync(path.join(this.folder, `${name}-`));
    fs.chmodSync(folder, 0o755);
    return folder;
  }

  /**
   * @param {ConstructorParameters<typeof Program>} args
   * @returns {Program}
   */
  start(...args) {
    const program = new Program(...args);
    this.#programs.push(program);
    this.defer(async () => {
      program.kill('SIGKILL');
      await program.exit();
    });
    return program;
  }

  /**
   * @param {import('./browser.mjs').Kind} kind
   * @param {{alone?: boolean}} [options] `alone`: with a browser that no other case uses
   * @returns {Promise<import('./browser.mjs').Visit>}
   */
  async visit(kind, { alone = false } = {}) {
    const browser = await (alone ? Browser.open(kind) : Browser.keep(kind));
    if (alone) this.defer(() => browser.close());
    const visit = await browser.newVisit();
    if (!alone) this.defer(() => visit.close());
    return visit;
  }

  async close() {
    const crashes = this.#programs.filter(({ crash }) => crash !== undefined);
    for (const cleanup of this.#cleanups.reverse()) await cleanup();
    assert.deepEqual(crashes.map(({ command, crash }) => `${crash}: ${command.join(' ')}`), []);
  }

  /** @returns {string} */
  describe() {
    return this.#programs.map((program) => program.describe()).join('\n');
  }
}

/**
 * @param {string} name
 * @param {(scene: Scene) => Promise<void>} play
 * @param {{limit?: number}} [options]
 */
export function scenario(name, play, { limit = CASE_LIMIT } = {}) {
  test(name, { timeout: limit }, async (t) => {
    const scene = new Scene();
    // A case that ran into its limit is not waited for, but its programs are still to be ended.
    t.after(() => scene.close());
    try {
      await play(scene);
    } catch (error) {
      for (const line of scene.describe().split('\n')) t.diagnostic(line);
      throw error;
    }
  });
}
