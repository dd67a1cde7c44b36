// SPDX-License-Identifier: MIT

// A program that runs on one of the machines: what it prints, how it ends.

import { spawn } from 'node:child_process';
import os from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import { EventLog } from './event-log.mjs';
import { onMachine } from './machines.mjs';
import { within } from './within.mjs';

const EXIT_LIMIT = 20000;
const PRINT_LIMIT = 15000;
const CRASHES = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGTRAP', 'SIGSYS'];
const SANITIZED = /ERROR: (Address|Leak|Undefined)|runtime error:/;

/**
 * @typedef {object} Options
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env]
 * @property {string} [input] what it reads
 * @property {boolean} [interactive] keeps its input open for more
 * @property {'stdout' | 'stderr'} [eventsOn]
 */

export class Program {
  /** What it printed as JSON, a line each. */
  events = new EventLog();
  /** @type {{stdout: Buffer[], stderr: Buffer[]}} */
  #chunks = { stdout: [], stderr: [] };
  /** @type {Promise<{code: number | null, signal: NodeJS.Signals | null}>} */
  #exit;
  /** @type {{code: number | null, signal: NodeJS.Signals | null} | undefined} */
  #ended;

  /**
   * @param {import('./machines.mjs').Machine} machine
   * @param {string[]} command
   * @param {Options} [options]
   */
  constructor(machine, command, { cwd = os.tmpdir(), env, input = '', interactive, eventsOn = 'stdout' } = {}) {
    const [file, ...rest] = onMachine(machine, command);
    this.command = command;
    this.child = spawn(file, rest, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
    // Who ends before it has read everything is no fault of ours.
    this.child.stdin.on('error', () => {});
    if (interactive) this.child.stdin.write(input);
    else this.child.stdin.end(input);

    for (const name of /** @type {const} */ (['stdout', 'stderr']))
      this.child[name].on('data', (chunk) => this.#chunks[name].push(chunk));
    this.#readEvents(this.child[eventsOn]);
    this.#exit = new Promise((resolve) => {
      this.child.once('error', () => resolve({ code: 127, signal: null }));
      this.child.once('close', (code, signal) => resolve({ code, signal }));
    });
    this.#exit.then((ended) => {
      this.#ended = ended;
      this.events.end();
    });
  }

  /** @param {import('node:stream').Readable} stream */
  #readEvents(stream) {
    const decoder = new StringDecoder();
    let rest = '';
    stream.on('data', (chunk) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('{"event":')) this.events.push(JSON.parse(line));
    });
  }

  get stdout() {
    return Buffer.concat(this.#chunks.stdout);
  }

  get stderr() {
    return Buffer.concat(this.#chunks.stderr).toString();
  }

  /** @returns {string | undefined} what should never happen, if it did */
  get crash() {
    const signal = this.#ended?.signal;
    if (signal && CRASHES.includes(signal)) return signal;
    if (/-(CRITICAL|ERROR) \*\*:/.test(this.stderr)) return 'a critical message';
    if (SANITIZED.test(this.stderr)) return 'a sanitizer’s finding';
  }

  /**
   * @param {RegExp} pattern
   * @param {number} [limit]
   * @returns {Promise<RegExpExecArray>} once its output has it
   */
  prints(pattern, limit = PRINT_LIMIT) {
    const found = new Promise((/** @type {(match: RegExpExecArray) => void} */ resolve, reject) => {
      const look = () => {
        const match = pattern.exec(this.stdout.toString());
        if (match !== null) resolve(match);
      };
      this.child.stdout.on('data', look);
      this.child.stdout.once('close', () => reject(new Error(`ended without ${pattern}`)));
      look();
    });
    return within(found, limit, () => `${pattern} from ${this.command.join(' ')}`);
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    this.child.kill(signal);
  }

  /** @param {number} [limit] */
  exit(limit = EXIT_LIMIT) {
    return within(this.#exit, limit, () => `the end of ${this.command.join(' ')}`);
  }

  /** @returns {string} for whoever has to find out what went wrong */
  describe() {
    const cut = (/** @type {string} */ text) => (text.length > 3000 ? `…${text.slice(-3000)}` : text);
    const printed = this.events.all.length > 0 || this.stdout.length < 3000 ? this.stdout.toString() : '(bytes)';
    const end = this.#ended === undefined ? 'still running' : (this.#ended.signal ?? `exit ${this.#ended.code}`);
    return `$ ${this.command.join(' ')}\n${cut(printed)}${cut(this.stderr)}(${end})`;
  }
}
