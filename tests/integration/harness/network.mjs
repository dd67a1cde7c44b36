// SPDX-License-Identifier: MIT

// Makes and removes the network of a suite: a namespace for each machine, all on one bridge, each
// with a default route, for WebRTC finds no address on a loopback device alone. Nothing of it is
// visible to the network of the machine that runs the suite.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { addresses, namespaceOf } from './machines.mjs';

const NAMESPACES = '/run/netns';
const PREFIX = 'seedtest';
const GATEWAY = '10.77.0.254';

/**
 * @param {string[]} lines
 * @param {string} [namespace]
 */
function ip(lines, namespace) {
  const where = namespace === undefined ? [] : ['-n', namespace];
  execFileSync('ip', [...where, '-batch', '-'], {
    input: `${lines.join('\n')}\n`,
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: 20000,
  });
}

/** @returns {string | undefined} why no network can be made here */
export function whyImpossible() {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const probe = `${PREFIX}-${process.pid}-probe`;
  try {
    ip([`netns add ${probe}`]);
    try {
      ip(['link set lo up'], probe);
    } finally {
      ip([`netns del ${probe}`]);
    }
  } catch (error) {
    return `network namespaces can't be made: ${String(error.stderr || error.message).trim()}`;
  }
}

export class Network {
  prefix = `${PREFIX}-${process.pid}`;
  #switch = namespaceOf('switch', this.prefix);

  constructor() {
    removeAbandoned();
    const machines = Object.keys(addresses);
    const namespaces = machines.map((machine) => namespaceOf(machine, this.prefix));
    ip([this.#switch, ...namespaces].map((name) => `netns add ${name}`));
    ip(
      [
        'link add br0 type bridge',
        'link set br0 up',
        `address add ${GATEWAY}/24 dev br0`,
        ...machines.flatMap((machine, i) => [
          `link add ${machine} type veth peer name eth0 netns ${namespaces[i]}`,
          `link set ${machine} master br0 up`,
        ]),
      ],
      this.#switch,
    );
    for (const [machine, address] of Object.entries(addresses))
      connect(namespaceOf(machine, this.prefix), address);
  }

  /** Ends what still runs there, too. */
  remove() {
    removeNamespaces(this.prefix);
  }
}

/**
 * @param {string} namespace
 * @param {string} address
 */
function connect(namespace, address) {
  ip(
    [
      'link set lo up',
      `address add ${address}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${GATEWAY}`,
    ],
    namespace,
  );
}

/** @param {string} prefix */
function removeNamespaces(prefix) {
  for (const name of fs.readdirSync(NAMESPACES).filter((each) => each.startsWith(`${prefix}-`))) {
    const pids = execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
    for (const pid of pids.split('\n').filter(Boolean)) kill(Number(pid));
    execFileSync('ip', ['netns', 'del', name]);
  }
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** What suites left that were killed before they could tidy up. */
function removeAbandoned() {
  if (!fs.existsSync(NAMESPACES)) return;
  const owners = fs
    .readdirSync(NAMESPACES)
    .map((name) => new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1])
    .filter((pid) => pid !== undefined && !fs.existsSync(`/proc/${pid}`));
  for (const pid of new Set(owners)) removeNamespaces(`${PREFIX}-${pid}`);
}
