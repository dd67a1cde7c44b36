// SPDX-License-Identifier: MIT

// The machines of the small network that a suite runs in. The suite itself, with the browsers it
// drives, is on `desk`; programs are started on any of them.

const PREFIX = process.env.SEED_NETWORK ?? '';

/** @typedef {'desk' | 'owner' | 'server' | 'one' | 'two' | 'three'} Machine */

/** @type {Record<Machine, string>} */
export const addresses = {
  desk: '10.77.0.1',
  owner: '10.77.0.2',
  server: '10.77.0.3',
  one: '10.77.0.4',
  two: '10.77.0.5',
  three: '10.77.0.6',
};

/**
 * @param {Machine} machine
 * @param {string[]} command
 * @param {string} [prefix]
 * @returns {string[]} the command that runs it there, as the same process
 */
export function onMachine(machine, command, prefix = PREFIX) {
  return ['nsenter', `--net=/run/netns/${namespaceOf(machine, prefix)}`, '--', ...command];
}

/**
 * @param {string} machine
 * @param {string} [prefix]
 */
export function namespaceOf(machine, prefix = PREFIX) {
  return `${prefix}-${machine}`;
}
