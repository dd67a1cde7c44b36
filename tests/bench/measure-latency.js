// SPDX-License-Identifier: MIT

import { readFileSync } from 'node:fs';
import { launchChromium, launchSender } from './browsers.js';
import { countDropped } from './network.js';
import { installClock, readClock } from './page-clock.js';
import { Introducer } from './raw/introducer.js';
import { makePicture } from './samples.js';
import { Sender } from './seedshot.js';
import { median, quantile, spread } from './statistics.js';
import { atMost } from './table.js';

const RUNS = 30;
const MEDIAN_LIMIT_MS = 200;
const WORST_LIMIT_MS = 400;
const PATIENCE_MS = 30000;

// Not a time, but what most often explains a long one: a lost datagram near the end is sent again only
// after a second.
const DROPPED = 'datagrams dropped by the browser’s socket';

/** @typedef {Record<string, number>} Times */

/**
 * @param {import('puppeteer-core').Browser | import('puppeteer-core').BrowserContext} where
 * @param {string} url
 * @returns {Promise<Times>} when, since the navigation began, the page came where
 */
async function visit(where, url) {
  const page = await where.newPage();
  const dropped = countDropped();
  await page.evaluateOnNewDocument(installClock);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.waitForFunction(() => 'shown' in /** @type {any} */ (globalThis).benchTimes, {
    timeout: PATIENCE_MS,
    polling: 50,
  });
  const times = { ...(await page.evaluate(readClock)), [DROPPED]: countDropped() - dropped };
  await page.close();
  return times;
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} url
 * @returns {Promise<Times>} the same for someone who was never here
 */
async function firstVisit(browser, url) {
  const context = await browser.createBrowserContext();
  try {
    return await visit(context, url);
  } finally {
    await context.close();
  }
}

/**
 * @param {string} title
 * @param {Times[]} runs
 */
function describe(title, runs) {
  const names = Object.keys(runs[0]);
  const rows = names
    .map((name) => ({ name, times: runs.map((run) => run[name]).filter((time) => time !== undefined) }))
    .map(({ name, times }) => ({ name, middle: median(times), ...spread(times) }))
    .sort((a, b) => a.middle - b.middle)
    .map(({ name, middle, least, most }) =>
      [middle, least, most].map((time) => time.toFixed(0).padStart(6)).join(' ') + `  ${name}`,
    );
  return [`${title}: ms since navigation (median, least, most)`, ...rows].join('\n');
}

/**
 * @param {string} what
 * @param {number[]} times
 * @param {number[]} raws
 * @returns {import('./table.js').Row[]}
 */
function toRows(what, times, raws) {
  const worst = Math.max(...times);
  const middle = median(times);
  return [
    {
      what: `${what}, median`,
      value: middle,
      unit: 'ms',
      ...spread(times),
      raw: median(raws),
      aim: atMost(middle, MEDIAN_LIMIT_MS, 'ms'),
    },
    { what: `${what}, p95`, value: quantile(times, 0.95), unit: 'ms', raw: quantile(raws, 0.95) },
    {
      what: `${what}, worst`,
      value: worst,
      unit: 'ms',
      raw: Math.max(...raws),
      aim: atMost(worst, WORST_LIMIT_MS, 'ms'),
    },
  ];
}

const titles = {
  raw: 'raw',
  again: 'picture',
  rawFirst: 'raw, first visit',
  first: 'picture, first visit',
};

/**
 * @param {import('./main.js').Bench} bench
 * @returns {Promise<import('./table.js').Row[]>}
 */
export async function measureLatency(bench) {
  const picture = makePicture(bench.folder);
  const introducer = await Introducer.start(readFileSync(picture));
  const [browser, rawSender] = [await launchChromium(), await launchSender(bench.network, bench.folder)];
  const rawPage = await rawSender.newPage();
  await rawPage.goto(introducer.url('sender.html'));
  await rawPage.waitForSelector('html[data-ready]');
  const sender = await Sender.start(bench.program, bench.network, picture);

  const rawLink = introducer.url('receiver.html?0');
  const runs = /** @type {Record<string, Times[]>} */ ({ rawFirst: [], raw: [], first: [], again: [] });
  try {
    await visit(browser, rawLink);
    for (let i = 0; i < (bench.runs ?? RUNS); i++) {
      runs.raw.push(await visit(browser, rawLink));
      runs.again.push(await visit(browser, sender.link));
      runs.rawFirst.push(await firstVisit(browser, rawLink));
      runs.first.push(await firstVisit(browser, sender.link));
    }
  } finally {
    await Promise.all([browser.close(), rawSender.close(), sender.stop()]);
    introducer.close();
  }

  for (const [name, of] of Object.entries(titles)) bench.detail(describe(of, runs[name]));
  const shown = (/** @type {Times[]} */ times) => times.map((one) => one.shown);
  return [
    ...toRows('1 MiB picture shown', shown(runs.again), shown(runs.raw)),
    ...toRows('1 MiB picture shown, first visit', shown(runs.first), shown(runs.rawFirst)),
  ];
}
