// SPDX-License-Identifier: MIT

// Ends that vanish half way, and ends that are asked to stop.

import assert from 'node:assert/strict';
import path from 'node:path';
import { kinds } from './harness/browser.mjs';
import { get, send } from './harness/cli.mjs';
import { hashFile, listFiles, makeFile, makeHollowFile, MiB } from './harness/files.mjs';
import { addresses } from './harness/machines.mjs';
import { scenario } from './harness/scene.mjs';

// Too much to be through before the beginning of it is noticed.
const SIZE = 2000 * MiB;
const ENOUGH = 8 * MiB;
const NOTICE = 10000;

const started = { state: 'downloading', bytes: (/** @type {number} */ bytes) => bytes > ENOUGH };

/** @param {import('./harness/scene.mjs').Scene} scene */
function shareLarge(scene) {
  const file = path.join(scene.folder, 'large.bin');
  makeHollowFile(file, SIZE);
  return { sender: send(scene, [file]) };
}

scenario('a killed terminal is noticed, and others go on', async (scene) => {
  const file = path.join(scene.folder, 'sent.bin');
  const hash = makeFile(file, 100 * MiB);
  const sender = send(scene, [file]);
  const link = await sender.link();
  const [killed, kept] = [scene.makeFolder('killed'), scene.makeFolder('kept')];
  const victim = get(scene, link, { on: 'one', into: killed });
  const other = get(scene, link, { on: 'two', into: kept });

  await sender.row({ ip: addresses.one, ...started });
  victim.kill('SIGKILL');
  const { id } = await sender.row({ ip: addresses.one, state: 'left' }, NOTICE);
  assert.ok(!listFiles(killed).includes('sent.bin'));

  assert.equal((await other.exit()).code, 0);
  assert.equal(await hashFile(path.join(kept, 'sent.bin')), hash);
  assert.notEqual((await sender.row({ ip: addresses.two, state: 'viewing' })).id, id);
});

for (const kind of kinds)
  scenario(`a killed ${kind} is noticed`, async (scene) => {
    const { sender } = shareLarge(scene);
    const visit = await scene.visit(kind, { alone: true });
    const page = await visit.open(await sender.link());
    await page.phase('ready');
    await page.press();

    await sender.row({ ip: addresses.desk, ...started });
    visit.browser.kill();
    await sender.row({ ip: addresses.desk, state: 'left' }, NOTICE);
  });

scenario('a tab that is closed has left', async (scene) => {
  const { sender } = shareLarge(scene);
  const page = await (await scene.visit('Chromium')).open(await sender.link());
  await page.phase('ready');
  await page.press();

  await sender.row(started);
  await page.page.close();
  await sender.row({ state: 'left' }, NOTICE);
});

scenario('a killed sender is noticed in the terminal', async (scene) => {
  const { sender } = shareLarge(scene);
  const into = scene.makeFolder('into');
  const receiver = get(scene, await sender.link(), { into });

  await sender.row(started);
  sender.program.kill('SIGKILL');
  assert.equal((await receiver.exit(NOTICE)).code, 1);
  await receiver.events.find({ event: 'error', code: 'peer-lost' });
  assert.deepEqual(listFiles(into), []);
});

for (const kind of kinds)
  scenario(`a killed sender is noticed in ${kind}`, async (scene) => {
    const { sender } = shareLarge(scene);
    const page = await (await scene.visit(kind)).open(await sender.link());
    await page.phase('ready');
    await page.press();

    await sender.row(started);
    sender.program.kill('SIGKILL');
    const { code } = await page.phase('failed', NOTICE);
    assert.equal(code, 'peer-lost');
    assert.deepEqual(page.downloaded(), []);
  });

scenario('Ctrl+C at the sender tells every receiver', async (scene) => {
  const { sender } = shareLarge(scene);
  const link = await sender.link();
  const into = scene.makeFolder('into');
  const receiver = get(scene, link, { into });
  const pages = await Promise.all(kinds.map(async (kind) => (await scene.visit(kind)).open(link)));
  await Promise.all(pages.map((page) => page.phase('ready')));
  await pages[0].press();

  await sender.row({ ip: addresses.one, ...started });
  sender.interrupt();
  const gone = Promise.all(pages.map((page) => page.phase('gone', NOTICE)));
  assert.equal((await receiver.exit(NOTICE)).code, 3);
  await receiver.events.find({ event: 'error', code: 'share-closed' });
  assert.deepEqual(listFiles(into), []);
  await gone;
  assert.equal((await sender.program.exit(NOTICE)).code, 0);
  assert.equal((await sender.events.find({ event: 'done' })).receivers, 3);
  assert.equal(sender.events.filter({ event: 'receiver', state: 'stopped' }).length, 3);
});

scenario('Ctrl+C before anyone came ends the share at once', async (scene) => {
  const file = path.join(scene.folder, 'sent.bin');
  makeFile(file, MiB);
  const sender = send(scene, [file]);
  await sender.link();

  sender.interrupt();
  assert.equal((await sender.program.exit(3000)).code, 0);
  assert.equal((await sender.events.find({ event: 'done' })).receivers, 0);
});

scenario('Ctrl+C at a receiver says good-bye and keeps nothing', async (scene) => {
  const { sender } = shareLarge(scene);
  const into = scene.makeFolder('into');
  const receiver = get(scene, await sender.link(), { into });

  await sender.row(started);
  receiver.kill('SIGINT');
  const told = sender.row({ state: 'left' }, 3000);
  assert.equal((await receiver.exit(5000)).code, 1);
  await told;
  assert.deepEqual(listFiles(into), []);
});

scenario('a receiver that stands still for a moment goes on', async (scene) => {
  const file = path.join(scene.folder, 'sent.bin');
  const hash = makeFile(file, 100 * MiB);
  const sender = send(scene, [file]);
  const into = scene.makeFolder('into');
  const receiver = get(scene, await sender.link(), { into });

  await sender.row(started);
  receiver.kill('SIGSTOP');
  await assert.rejects(sender.row({ state: 'left' }, 2000), /not within/);
  receiver.kill('SIGCONT');
  assert.equal((await receiver.exit(30000)).code, 0);
  assert.equal(await hashFile(path.join(into, 'sent.bin')), hash);
});
