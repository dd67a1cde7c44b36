// SPDX-License-Identifier: MIT

// Two network namespaces with one wire between them. We run in the one of the receivers, which
// netns-run.sh has made; the other one is made here, holds the senders, and goes with us.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export const RECEIVERS = '192.168.77.1';
export const SENDERS = '192.168.77.2';

const READY = 'up';

export class Network {
  #holder;

  /** @param {import('node:child_process').ChildProcess} holder */
  constructor(holder) {
    this.#holder = holder;
  }

  /** @returns {Promise<Network>} */
  static async make() {
    // It lives for as long as its standard input is open, so it can't outlive us.
    const holder = spawn('unshare', ['--net', 'sh', '-c', `echo ${READY}; exec cat`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const network = new Network(holder);
    network.#connect();
    return network;
  }

  #connect() {
    ip('link', 'set', 'wire1', 'netns', String(this.#holder.pid));
    for (const change of [
      ['link', 'set', 'lo', 'up'],
      ['address', 'add', `${SENDERS}/24`, 'dev', 'wire1'],
      ['link', 'set', 'wire1', 'up'],
      ['route', 'add', 'default', 'dev', 'wire1'],
    ]) {
      const [command, ...rest] = this.amongSenders('ip', ...change);
      execFileSync(command, rest);
    }
  }

  /**
   * @param {...string} command
   * @returns {string[]} what runs it in the senders' namespace, under the process id it is started
   *   with, and ends it should we be killed
   */
  amongSenders(...command) {
    const enter = ['nsenter', `--net=/proc/${this.#holder.pid}/ns/net`];
    return ['setpriv', '--pdeathsig', 'KILL', ...enter, ...command];
  }

  close() {
    this.#holder.stdin?.end();
  }
}

/** @returns {number} datagrams that came to our sockets and found no room there, so far */
export function countDropped() {
  const [names, values] = readFileSync('/proc/self/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('RcvbufErrors')]);
}

/** @param {...string} rest */
function ip(...rest) {
  execFileSync('ip', rest);
}
