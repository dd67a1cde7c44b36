// SPDX-License-Identifier: MIT

// Our own programs, on one of the machines.

import path from 'node:path';

const BUILD = path.resolve(process.env.SEED_BUILD ?? 'build');
export const cli = path.join(BUILD, 'src/cli/seedshot-cli');
export const server = path.join(BUILD, 'src/server/seedshot-server');

/**
 * @typedef {import('./scene.mjs').Scene} Scene
 * @typedef {import('./program.mjs').Options & {
 *   on?: import('./machines.mjs').Machine,
 *   args?: string[],
 * }} Options
 */

/** Someone who shares. */
export class Sender {
  /** @param {import('./program.mjs').Program} program */
  constructor(program) {
    this.program = program;
    this.events = program.events;
  }

  /** @returns {Promise<string>} */
  async link() {
    return (await this.events.find({ event: 'link' })).url;
  }

  /**
   * @param {Record<string, unknown>} wanted of a receiver's row
   * @param {number} [limit]
   */
  row(wanted, limit) {
    return this.events.find({ event: 'receiver', ...wanted }, limit);
  }

  /** As Ctrl+C does. */
  interrupt() {
    this.program.kill('SIGINT');
  }
}

/**
 * @param {Scene} scene
 * @param {string[]} files
 * @param {Options} [options]
 */
export function send(scene, files, { on = 'owner', args = [], ...rest } = {}) {
  return new Sender(scene.start(on, [cli, 'send', '--json', ...args, '--', ...files], rest));
}

/**
 * @param {Scene} scene
 * @param {string} link
 * @param {Options & {into?: string}} [options]
 */
export function get(scene, link, { on = 'one', args = [], into, ...rest } = {}) {
  const output = into === undefined ? [] : ['-o', into];
  return scene.start(on, [cli, 'get', '--json', ...output, ...args, '--', link], rest);
}

/**
 * @param {Scene} scene
 * @param {Options} [options]
 * @returns {Promise<{program: import('./program.mjs').Program, url: string}>}
 */
export async function serve(scene, { on = 'server', args = [], ...rest } = {}) {
  const listen = args.some((arg) => arg.startsWith('--listen')) ? [] : ['--listen=0.0.0.0:8844'];
  const program = scene.start(on, [server, '--json', ...listen, ...args], rest);
  return { program, url: (await program.events.find({ event: 'listening' })).url };
}
