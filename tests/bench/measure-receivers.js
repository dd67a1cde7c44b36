// SPDX-License-Identifier: MIT

// Receivers that hold their download open: each reads no more than its pipe takes.

import { once } from 'node:events';
import { residentBytes, threads } from './processes.js';
import { makeSparse, MIB } from './samples.js';
import { hold, Sender } from './seedshot.js';

const COUNTS = [1, 4, 16];
const SIZE = 256 * MIB;

/**
 * @param {string} what
 * @param {string} unit
 * @param {number} count
 * @param {number} value
 * @param {number | undefined} first the same with one receiver
 * @returns {import('./table.js').Row}
 */
function toRow(what, unit, count, value, first) {
  if (first === undefined) return { what, value, unit };
  const each = (value - first) / (count - 1);
  return { what, value, unit, note: `${each.toFixed(1)} for each after the first` };
}

/**
 * @param {import('./main.js').Bench} bench
 * @returns {Promise<import('./table.js').Row[]>}
 */
export async function measureReceivers(bench) {
  const sender = await Sender.start(bench.program, bench.network, makeSparse(bench.folder, SIZE));
  const receivers = [];
  const rows = [];
  /** @type {{bytes: number, threads: number} | undefined} with one receiver, all plugins loaded */
  let first;
  try {
    for (const count of COUNTS) {
      while (receivers.length < count) {
        const busy = sender.receiver(({ state }) => state === 'downloading');
        const receiver = hold(bench.program, sender.link);
        receivers.push({ receiver, ended: once(receiver, 'exit') });
        await busy;
      }
      const now = { bytes: residentBytes(sender.pid), threads: threads(sender.pid) };
      const what = `${count} receiver${count === 1 ? '' : 's'} at once, sender`;
      rows.push(
        toRow(`${what}, memory`, 'MiB', count, now.bytes / MIB, first && first.bytes / MIB),
        toRow(`${what}, threads`, '', count, now.threads, first?.threads),
      );
      first ??= now;
    }
  } finally {
    for (const { receiver } of receivers) receiver.kill('SIGKILL');
    await Promise.all(receivers.map(({ ended }) => ended));
    await sender.stop();
  }
  return rows;
}
