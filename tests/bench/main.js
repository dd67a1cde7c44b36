// SPDX-License-Identifier: MIT

// Measures Seedshot beside a raw data channel between two Chromiums, in the same run and on the same
// wire. A number that misses its aim is told, and is no failure.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureLatency } from './measure-latency.js';
import { measureMemory } from './measure-memory.js';
import { measureReceivers } from './measure-receivers.js';
import { measureStart } from './measure-start.js';
import { measureThroughput } from './measure-throughput.js';
import { Network } from './network.js';
import { findProgram } from './seedshot.js';
import { drawTable, toPlain } from './table.js';

const measurements = {
  start: measureStart,
  latency: measureLatency,
  throughput: measureThroughput,
  receivers: measureReceivers,
  memory: measureMemory,
};

const USAGE = `Usage: ./dev bench [OPTION…] [NAME…]

  start        from the start of the program to the link
  latency      from navigation to the picture in the page
  throughput   to Chromium, Firefox and the terminal, and what it costs
  receivers    threads and memory for each of several receivers
  memory       the most that sender and receiver hold of a large file; by name also of 8 GiB

  --runs N       repetitions of each (default: as many as each needs)
  --build DIR    what was built there (default: build)
  --json         print a JSON document
  --verbose      tell more of single runs

Everything is beside "raw": one data channel from a page in one Chromium to a page in another, over
the same wire, which sends 16 KiB messages and hashes, verifies and acknowledges nothing.`;

/**
 * @typedef {object} Bench
 * @property {string} program
 * @property {import('./network.js').Network} network
 * @property {string} folder for files
 * @property {number | undefined} runs
 * @property {boolean} named whether this measurement was asked for by name
 * @property {(text: string) => void} tell on the way
 * @property {(text: string) => void} detail on the way, where it was asked for
 */

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      build: { type: 'string', default: 'build' },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.find((name) => !Object.hasOwn(measurements, name));
  if (unknown !== undefined) throw new Error(`There is no measurement called ${unknown}.`);
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0))
    throw new Error('--runs needs a number from 1 on.');
  return { ...values, runs, names: positionals };
}

/** @param {ReturnType<typeof readArguments>} options */
async function measure(options) {
  const tell = (/** @type {string} */ text) => console.error(text);
  const folder = mkdtempSync(join(tmpdir(), 'seedshot-bench-'));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  // Senders and browsers end with us; files would stay.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (clean(), process.exit(1)));
  const network = await Network.make();
  const rows = [];
  try {
    for (const [name, run] of Object.entries(measurements)) {
      const named = options.names.includes(name);
      if (options.names.length > 0 && !named) continue;
      tell(`Measuring ${name}…`);
      const program = findProgram(options.build);
      const detail = options.verbose ? tell : () => {};
      rows.push(...(await run({ program, network, folder, runs: options.runs, named, tell, detail })));
    }
  } finally {
    network.close();
    clean();
  }
  return rows;
}

async function main() {
  const options = readArguments();
  if (options.help) return console.log(USAGE);

  const rows = await measure(options);
  if (options.json) console.log(JSON.stringify({ rows: toPlain(rows) }, null, 2));
  else console.log(drawTable(rows));
}

main().catch((error) => {
  console.error(`bench: ${error.stack ?? error}`);
  process.exitCode = 1;
});
