// SPDX-License-Identifier: MIT

// Several receivers at once, as the sender's rows tell of them.

import assert from 'node:assert/strict';
import path from 'node:path';
import { kinds } from './harness/browser.mjs';
import { get, send } from './harness/cli.mjs';
import { hashFile, makeFile, MiB } from './harness/files.mjs';
import { addresses } from './harness/machines.mjs';
import { states } from './harness/protocol.mjs';
import { scenario } from './harness/scene.mjs';

const EVENTS_A_SECOND = 10;
const agents = {
  terminal: /^Seedshot [\d.]+ on Linux$/,
  Chromium: /^Chrom\w+ \d+ on Linux$/,
  Firefox: /^Firefox \d+ on Linux$/,
};

/** @param {keyof typeof agents} kind */
const isAgent = (kind) => (/** @type {string} */ text) => agents[kind].test(text);

/**
 * @param {import('./harness/cli.mjs').Sender} sender
 * @param {number} id
 * @param {number} size
 */
function checkRow(sender, id, size) {
  const events = sender.events.filter({ event: 'receiver', id });
  assert.equal(events[0].state, 'waiting');
  for (const [i, { state, bytes }] of events.slice(1).entries()) {
    const before = events[i];
    assert.ok(state === before.state || states[before.state].includes(state), `${before.state} to ${state}`);
    assert.ok(bytes >= before.bytes);
  }
  assert.equal(events.at(-1)?.bytes, size);
  assert.ok(events.every((event) => event.size === size));
  checkPace(events.filter(({ state }) => state === 'downloading'));
}

/** @param {{at: number}[]} events of one state */
function checkPace(events) {
  // The first is the change of state; reading them in portions may push two close together.
  const [first, last] = [events[0], events[events.length - 1]];
  const seconds = (last.at - first.at) / 1000;
  assert.ok(events.length <= seconds * EVENTS_A_SECOND + 3, `${events.length} in ${seconds} s`);
}

scenario('four receivers at once, terminal and browsers', async (scene) => {
  const size = 40 * MiB;
  const file = path.join(scene.folder, 'sent.bin');
  const hash = makeFile(file, size);
  const sender = send(scene, [file]);
  const link = await sender.link();
  const machines = /** @type {const} */ (['one', 'two']);
  const folders = machines.map((machine) => scene.makeFolder(machine));

  const programs = machines.map((on, i) => get(scene, link, { on, into: folders[i] }));
  const pages = await Promise.all(kinds.map(async (kind) => (await scene.visit(kind)).open(link)));
  await Promise.all(pages.map((page) => page.phase('ready')));
  const saved = await Promise.all(pages.map((page) => page.save()));

  assert.deepEqual(saved.map((each) => each.hash), [hash, hash]);
  for (const program of programs) assert.equal((await program.exit()).code, 0);
  for (const folder of folders) assert.equal(await hashFile(path.join(folder, 'sent.bin')), hash);

  for (const ip of machines.map((machine) => addresses[machine])) {
    const row = { ip, state: 'left', path: 'lan', agent: isAgent('terminal') };
    const { id } = await sender.row(row);
    checkRow(sender, id, size);
  }
  for (const kind of kinds) {
    const row = { ip: addresses.desk, state: 'viewing', path: 'lan', agent: isAgent(kind) };
    const { id } = await sender.row(row);
    checkRow(sender, id, size);
  }
});

scenario('whoever comes again gets a row of their own', async (scene) => {
  const file = path.join(scene.folder, 'sent.bin');
  makeFile(file, 5 * MiB);
  const sender = send(scene, [file]);
  const link = await sender.link();

  for (const on of /** @type {const} */ (['one', 'two', 'three', 'one'])) {
    const receiver = get(scene, link, { on, into: scene.makeFolder(on) });
    assert.equal((await receiver.exit()).code, 0);
  }
  const rows = sender.events.filter({ event: 'receiver', state: 'left' });
  assert.deepEqual(rows.map(({ id }) => id), [1, 2, 3, 4]);
});
