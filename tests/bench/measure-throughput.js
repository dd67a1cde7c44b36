// SPDX-License-Identifier: MIT

// Rounds of one transfer by each way, so that whatever else the machine does falls on all alike.

import { launchChromium, launchFirefox, launchSender, pidOf } from './browsers.js';
import { cpuSeconds } from './processes.js';
import { Introducer } from './raw/introducer.js';
import { GIB, makeNoise, MIB } from './samples.js';
import { receive, Sender } from './seedshot.js';
import { median, spread } from './statistics.js';

const SIZE = 64 * MIB;
const RUNS = 5;
const PATIENCE_MS = 120000;

/** @typedef {{speed: number, cpu: number}} Run MiB a second, and CPU-seconds a GiB */
/** @typedef {() => Promise<Run>} Way */

/**
 * @param {number} ms
 * @param {number} cpu seconds
 * @returns {Run}
 */
function toRun(ms, cpu) {
  return { speed: SIZE / MIB / (ms / 1000), cpu: cpu / (SIZE / GIB) };
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {number} senderPid
 * @param {string} url
 * @returns {Promise<Run>}
 */
async function runRaw(browser, senderPid, url) {
  const page = await browser.newPage();
  const before = cpuSeconds(pidOf(browser), senderPid);
  await page.goto(url);
  const done = await page.waitForSelector('html[data-done]', { timeout: PATIENCE_MS });
  const ms = Number(await done?.evaluate((html) => html.getAttribute('data-done')));
  const cpu = cpuSeconds(pidOf(browser), senderPid) - before;
  await page.close();
  return toRun(ms, cpu);
}

/** In the page: presses Save, and waits until everything is there and verified. The browser's own
 * copying of the finished file to its downloads is left out.
 * @returns {Promise<number>} milliseconds */
function saveInPage() {
  const main = /** @type {HTMLElement} */ (document.querySelector('main'));
  HTMLAnchorElement.prototype.click = () => {};
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    new MutationObserver(() => {
      const phase = String(main.dataset.phase);
      if (phase === 'saved') resolve(performance.now() - begun);
      else if (phase !== 'downloading') reject(new Error(main.innerText));
    }).observe(main, { attributeFilter: ['data-phase'] });
    /** @type {HTMLElement} */ (document.querySelector('.file button')).click();
  });
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {Sender} sender
 * @returns {Promise<Run>}
 */
async function runPage(browser, sender) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const before = cpuSeconds(pidOf(browser), sender.pid);
  await page.goto(sender.link);
  await page.waitForSelector('.file button');
  const ms = await page.evaluate(saveInPage);
  const cpu = cpuSeconds(pidOf(browser), sender.pid) - before;
  await page.close();
  return toRun(ms, cpu);
}

/**
 * @param {import('./main.js').Bench} bench
 * @param {Sender} sender
 * @returns {Promise<Run>}
 */
async function runTerminal(bench, sender) {
  const before = cpuSeconds(sender.pid);
  let id = 0;
  const begun = sender.receiver(({ state }) => state === 'downloading').then((event) => {
    id = event.id;
    return performance.now();
  });
  const ended = sender
    .receiver((event) => event.id === id && event.state === 'viewing')
    .then(() => performance.now());
  const { cpu } = await receive(bench.program, sender.link, '-');
  const ms = (await ended) - (await begun);
  return toRun(ms, cpu + cpuSeconds(sender.pid) - before);
}

/**
 * @param {import('./main.js').Bench} bench
 * @param {Record<string, Way>} ways
 */
async function runRounds(bench, ways) {
  /** @type {Record<string, Run[]>} */
  const runs = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < (bench.runs ?? RUNS); round++)
    for (const [name, way] of Object.entries(ways)) {
      const run = await way();
      bench.detail(`64 MiB ${name}: ${run.speed.toFixed(1)} MiB/s, ${run.cpu.toFixed(1)} CPU-s/GiB`);
      runs[name].push(run);
    }
  return runs;
}

/**
 * @param {string} name
 * @param {Run[]} runs
 * @param {Run[]} raws
 * @returns {import('./table.js').Row[]}
 */
function toRows(name, runs, raws) {
  const speeds = runs.map(({ speed }) => speed);
  const costs = runs.map(({ cpu }) => cpu);
  const value = median(speeds);
  const raw = median(raws.map(({ speed }) => speed));
  const aim = raws === runs ? undefined : { text: '≥ raw', met: value >= raw };
  return [
    { what: `64 MiB ${name}`, value, unit: 'MiB/s', ...spread(speeds), raw, aim },
    {
      what: `64 MiB ${name}, both ends`,
      value: median(costs),
      unit: 'CPU-s/GiB',
      ...spread(costs),
      raw: median(raws.map(({ cpu }) => cpu)),
    },
  ];
}

/**
 * @param {import('./main.js').Bench} bench
 * @returns {Promise<import('./table.js').Row[]>}
 */
export async function measureThroughput(bench) {
  const introducer = await Introducer.start(Buffer.alloc(1));
  const chromium = await launchChromium();
  const firefox = await launchFirefox();
  const rawSender = await launchSender(bench.network, bench.folder);
  const rawPage = await rawSender.newPage();
  await rawPage.goto(introducer.url('sender.html'));
  await rawPage.waitForSelector('html[data-ready]');
  const sender = await Sender.start(bench.program, bench.network, makeNoise(bench.folder, SIZE));

  const RAW = 'Chromium → Chromium, raw';
  try {
    const runs = await runRounds(bench, {
      [RAW]: () => runRaw(chromium, pidOf(rawSender), introducer.url(`receiver.html?${SIZE}`)),
      'seedshot-cli → Chromium': () => runPage(chromium, sender),
      'seedshot-cli → Firefox': () => runPage(firefox, sender),
      'seedshot-cli → seedshot-cli': () => runTerminal(bench, sender),
    });
    return Object.entries(runs).flatMap(([name, own]) => toRows(name, own, runs[RAW]));
  } finally {
    await Promise.all([chromium.close(), firefox.close(), rawSender.close(), sender.stop()]);
    introducer.close();
  }
}
