// SPDX-License-Identifier: MIT

// Receivers that hold their download open: each reads no more than its pipe takes.

import { once } from 'node:events';
import { residentBytes, threads } from './processes.js';
import { makeSparse, MIB } from './samples.js';
import { hold, Sender } from './seedshot.js';

const COUNTS = [1, 4, 16];
const SIZE = 256 * MIB;

/**
 * @param {import('./main.js').Bench} bench
 * @returns {Promise<import('./table.js').Row[]>}
 */
export async function measureReceivers(bench) {
  const sender = await Sender.start(bench.program, bench.network, makeSparse(bench.folder, SIZE));
  const receivers = [];
  const rows = [];
  const alone = { bytes: residentBytes(sender.pid), threads: threads(sender.pid) };
  rows.push(
    { what: 'sender alone, memory', value: alone.bytes / MIB, unit: 'MiB' },
    { what: 'sender alone, threads', value: alone.threads, unit: '' },
  );
  try {
    for (const count of COUNTS) {
      while (receivers.length < count) {
        const busy = sender.receiver(({ state }) => state === 'downloading');
        const receiver = hold(bench.program, sender.link);
        receivers.push({ receiver, ended: once(receiver, 'exit') });
        await busy;
      }
      const more = residentBytes(sender.pid) - alone.bytes;
      const what = `${count} receiver${count === 1 ? '' : 's'}, sender, each`;
      rows.push(
        { what: `${what}, memory`, value: more / count / MIB, unit: 'MiB' },
        { what: `${what}, threads`, value: (threads(sender.pid) - alone.threads) / count, unit: '' },
      );
    }
  } finally {
    for (const { receiver } of receivers) receiver.kill('SIGKILL');
    await Promise.all(receivers.map(({ ended }) => ended));
    await sender.stop();
  }
  return rows;
}
