// SPDX-License-Identifier: MIT

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { launchSender } from './browsers.js';
import { Introducer } from './raw/introducer.js';
import { GIB, makeSparse, MIB } from './samples.js';
import { median, spread } from './statistics.js';
import { atMost } from './table.js';

const RUNS = 20;
const RAW_RUNS = 3;
const LIMIT_MS = 150;

/**
 * @param {import('./main.js').Bench} bench
 * @param {string} file
 * @returns {Promise<number>} milliseconds from the start of the program to its first line
 */
async function startOnce(bench, file) {
  const [command, ...rest] = bench.network.amongSenders(bench.program, 'send', file);
  const begun = performance.now();
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  let text = '';
  for await (const part of /** @type {import('node:stream').Readable} */ (child.stdout)) {
    text += part;
    if (text.includes('\n')) break;
  }
  const elapsed = performance.now() - begun;
  child.kill('SIGINT');
  await ended;
  if (!text.startsWith('http')) throw new Error(`No link was printed, but “${text}”.`);
  return elapsed;
}

/** @param {import('./main.js').Bench} bench */
async function rawOnce({ network, folder }) {
  const introducer = await Introducer.start(Buffer.alloc(1));
  const begun = performance.now();
  const browser = await launchSender(network, folder);
  const page = await browser.newPage();
  await page.goto(introducer.url('sender.html'));
  await page.waitForSelector('html[data-ready]');
  const elapsed = performance.now() - begun;
  await browser.close();
  introducer.close();
  return elapsed;
}

/**
 * @param {import('./main.js').Bench} bench
 * @returns {Promise<import('./table.js').Row[]>}
 */
export async function measureStart(bench) {
  const raws = [];
  for (let i = 0; i < Math.min(RAW_RUNS, bench.runs ?? RAW_RUNS); i++) raws.push(await rawOnce(bench));

  const files = { '1 MiB': makeSparse(bench.folder, MIB), '100 GiB': makeSparse(bench.folder, 100 * GIB) };
  const rows = [];
  for (const [size, file] of Object.entries(files)) {
    const times = [];
    for (let i = 0; i < (bench.runs ?? RUNS); i++) times.push(await startOnce(bench, file));
    bench.detail(`start to link, ${size}: ${times.map((time) => time.toFixed(0)).join(' ')}`);
    const { least, most } = spread(times);
    const raw = median(raws);
    rows.push(
      { what: `start to link, ${size}, median`, value: median(times), unit: 'ms', least, most, raw },
      { what: `start to link, ${size}, worst`, value: most, unit: 'ms', raw, aim: atMost(most, LIMIT_MS, 'ms') },
    );
  }
  return rows;
}
