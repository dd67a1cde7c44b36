// SPDX-License-Identifier: MIT

// What processes take of the machine, out of /proc.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK']));

/**
 * @typedef {{pid: number, parent: number, ticks: number}} Stat
 */

/**
 * @param {number} pid
 * @returns {Stat | undefined} its time includes that of children which have ended
 */
function stat(pid) {
  const text = read(pid, 'stat');
  if (text === undefined) return undefined;
  // The name, in brackets, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number);
  return { pid, parent: Number(fields[1]), ticks: user + system + childUser + childSystem };
}

/**
 * @param {number} pid
 * @param {string} file
 */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param {number} root
 * @returns {Stat[]} it and everything below it
 */
function tree(root) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => stat(Number(name)))
    .filter((one) => one !== undefined);
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/**
 * @param {...number} roots
 * @returns {number} seconds of processor time that they and everything below them have used so far
 */
export function cpuSeconds(...roots) {
  const ticks = roots.flatMap(tree).reduce((sum, one) => sum + one.ticks, 0);
  return ticks / TICKS;
}

/**
 * @param {number} pid
 * @param {string} name
 * @returns {number} a field of its status; 0 when it has ended
 */
function status(pid, name) {
  return Number(read(pid, 'status')?.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1] ?? 0);
}

/** @param {number} pid */
export const peakBytes = (pid) => status(pid, 'VmHWM') * 1024;
/** @param {number} pid */
export const residentBytes = (pid) => status(pid, 'VmRSS') * 1024;
/** @param {number} pid */
export const threads = (pid) => status(pid, 'Threads');

/**
 * @param {number} root
 * @returns {number} bytes that it and everything below it hold, what is shared counted once
 */
export function treeBytes(root) {
  const pss = (/** @type {number} */ pid) =>
    Number(read(pid, 'smaps_rollup')?.match(/^Pss:\s+(\d+)/m)?.[1] ?? 0) * 1024;
  return tree(root).reduce((sum, { pid }) => sum + pss(pid), 0);
}

/**
 * @param {number} root
 * @returns {number} threads of it and everything below it
 */
export function treeThreads(root) {
  return tree(root).reduce((sum, { pid }) => sum + threads(pid), 0);
}
