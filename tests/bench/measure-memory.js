// SPDX-License-Identifier: MIT

import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { peakBytes } from './processes.js';
import { GIB, makeSparse, MIB } from './samples.js';
import { receive, Sender } from './seedshot.js';
import { atMost } from './table.js';

const LIMIT_MIB = 80;
// Left free beside what is received.
const SPARE = 2 * GIB;

/**
 * @param {import('./main.js').Bench} bench
 * @param {number} size
 * @param {string} output
 * @returns {Promise<import('./table.js').Row[]>}
 */
async function measureOne(bench, size, output) {
  const sender = await Sender.start(bench.program, bench.network, makeSparse(bench.folder, size));
  try {
    const { peak } = await receive(bench.program, sender.link, output);
    const sent = peakBytes(sender.pid) / MIB;
    const what = `${size / GIB} GiB to ${output === '-' ? 'standard output' : 'a folder'}`;
    bench.detail(`${what}: sender ${sent.toFixed(1)} MiB, receiver ${(peak / MIB).toFixed(1)} MiB`);
    return [
      { what: `${what}, sender, peak`, value: sent, unit: 'MiB', aim: atMost(sent, LIMIT_MIB, 'MiB') },
      { what: `${what}, receiver, peak`, value: peak / MIB, unit: 'MiB' },
    ];
  } finally {
    await sender.stop();
  }
}

/**
 * @param {import('./main.js').Bench} bench
 * @returns {Promise<import('./table.js').Row[]>}
 */
export async function measureMemory(bench) {
  const rows = [];
  for (const size of bench.named ? [GIB, 8 * GIB] : [GIB]) {
    rows.push(...(await measureOne(bench, size, '-')));
    const folder = join(bench.folder, 'received');
    const { bavail, bsize } = statfsSync(bench.folder);
    if (bavail * bsize < size + SPARE) {
      bench.tell(`${size / GIB} GiB to a folder is left out: too little space in ${bench.folder}.`);
      continue;
    }
    mkdirSync(folder);
    rows.push(...(await measureOne(bench, size, folder)));
    rmSync(folder, { recursive: true });
  }
  return rows;
}
