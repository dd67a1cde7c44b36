// SPDX-License-Identifier: MIT

// The programs that are measured.

import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { cpuSeconds, peakBytes } from './processes.js';

const PATIENCE_MS = 600000;
const SAMPLE_MS = 50;

/** @param {string} directory of the build */
export function findProgram(directory) {
  const path = resolve(directory, 'src/cli/seedshot-cli');
  if (!existsSync(path)) throw new Error(`There is no ${path}; build it first.`);
  return path;
}

/** Shares one file until it is stopped. Emits what the program prints, each event under its name. */
export class Sender extends EventEmitter {
  /** @type {string} */
  link = '';

  /**
   * @param {string} program
   * @param {import('./network.js').Network} network
   * @param {string} file
   */
  static async start(program, network, file) {
    const [command, ...rest] = network.amongSenders(program, 'send', '--json', file);
    const sender = new Sender(spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] }));
    const [{ url }] = await once(sender, 'link', { signal: AbortSignal.timeout(10000) });
    sender.link = url;
    return sender;
  }

  /** @param {import('node:child_process').ChildProcess} child */
  constructor(child) {
    super();
    this.setMaxListeners(0);
    this.child = child;
    this.ended = once(child, 'exit');
    const lines = createInterface({ input: /** @type {any} */ (child.stdout) });
    lines.on('line', (line) => {
      const event = JSON.parse(line);
      // An "error" that no one listens to would end us.
      this.emit(event.event === 'error' ? 'problem' : event.event, event);
    });
  }

  get pid() {
    return this.child.pid ?? 0;
  }

  /**
   * @param {(event: {state: string, id: number}) => boolean} fits
   * @returns {Promise<any>} the first such event of a receiver from now on
   */
  receiver(fits) {
    return new Promise((done, fail) => {
      const timeout = setTimeout(() => finish(fail, new Error('no receiver in time')), PATIENCE_MS);
      const finish = (/** @type {Function} */ how, /** @type {unknown} */ what) => {
        clearTimeout(timeout);
        this.off('receiver', take);
        how(what);
      };
      const take = (/** @type {any} */ event) => {
        if (event.state === 'failed') finish(fail, new Error(`receiver failed: ${event.code}`));
        else if (fits(event)) finish(done, event);
      };
      this.on('receiver', take);
    });
  }

  async stop() {
    this.child.kill('SIGINT');
    await this.ended;
  }
}

/**
 * @typedef {{status: number, cpu: number, peak: number}} Received
 */

/**
 * Runs `seedshot-cli get` to its end. A shell stands above it, so that its time is known afterwards.
 *
 * @param {string} program
 * @param {string} link
 * @param {string} output "-", which goes nowhere, or a folder
 * @returns {Promise<Received>}
 */
export async function receive(program, link, output) {
  const script = '"$@" </dev/null & echo $! >&3; wait $!; echo $? >&3; read -r _';
  const shell = spawn('sh', ['-c', script, 'sh', program, 'get', '-o', output, link], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: /** @type {any} */ (shell.stdio[3]) });
  const [pid] = await once(lines, 'line');
  let peak = 0;
  const sample = () => (peak = Math.max(peak, peakBytes(Number(pid))));
  const timer = setInterval(sample, SAMPLE_MS);
  const [status] = await once(lines, 'line');
  clearInterval(timer);
  const cpu = cpuSeconds(shell.pid ?? 0);
  shell.stdin?.end('\n');
  if (Number(status) !== 0) throw new Error(`seedshot-cli get ended with ${status}`);
  return { status: Number(status), cpu, peak };
}

/**
 * Starts a receiver that takes what fits into its pipe, and then waits.
 *
 * @param {string} program
 * @param {string} link
 */
export function hold(program, link) {
  return spawn(program, ['get', '-o', '-', link], { stdio: ['ignore', 'pipe', 'ignore'] });
}
