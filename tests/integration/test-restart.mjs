// SPDX-License-Identifier: MIT

// A server that goes away while bytes flow past it, and comes back or does not.

import assert from 'node:assert/strict';
import path from 'node:path';
import { kinds } from './harness/browser.mjs';
import { get, send, serve } from './harness/cli.mjs';
import { hashFile, makeFile, MiB } from './harness/files.mjs';
import { addresses } from './harness/machines.mjs';
import { scenario } from './harness/scene.mjs';

const URL = `http://${addresses.server}:8844`;
const SIZE = 120 * MiB;
const RETURN_LIMIT = 20000;

/** @param {number} least */
const beyond = (least) => ({ bytes: (/** @type {number} */ bytes) => bytes > least });

/** @param {import('./harness/scene.mjs').Scene} scene */
async function shareByServer(scene) {
  const args = [`--state-key=${path.join(scene.folder, 'key')}`, `--public-url=${URL}`];
  const first = await serve(scene, { args });
  const file = path.join(scene.folder, 'sent.bin');
  const hash = makeFile(file, SIZE);
  const sender = send(scene, [file], { args: ['--server', URL] });
  const link = await sender.link();
  assert.ok(link.startsWith(`${URL}/`));
  return { server: first.program, args, hash, sender, link };
}

/**
 * Receives as soon as the share is there again.
 *
 * @param {import('./harness/scene.mjs').Scene} scene
 * @param {string} link
 */
async function getOnReturn(scene, link) {
  const giveUpAt = performance.now() + RETURN_LIMIT;
  for (;;) {
    const into = scene.makeFolder('late');
    const receiver = get(scene, link, { on: 'two', into });
    const { code } = await receiver.exit(60000);
    if (code === 0) return path.join(into, 'sent.bin');
    assert.equal(code, 3);
    assert.ok(performance.now() < giveUpAt, 'the share was not taken up again');
  }
}

for (const signal of /** @type {const} */ (['SIGKILL', 'SIGTERM']))
  scenario(
    `a server restarted after ${signal} in mid-transfer`,
    async (scene) => {
      const { server, args, hash, sender, link } = await shareByServer(scene);
      const into = scene.makeFolder('into');
      const receiver = get(scene, link, { into });

      await sender.row({ state: 'downloading', ...beyond(8 * MiB) });
      server.kill(signal);
      await server.exit();
      const last = sender.events.all.at(-1)?.bytes;
      await sender.row({ ...beyond(last + 8 * MiB) });

      await serve(scene, { args });
      assert.equal(await hashFile(await getOnReturn(scene, link)), hash);
      assert.equal((await receiver.exit(60000)).code, 0);
      assert.equal(await hashFile(path.join(into, 'sent.bin')), hash);
      assert.deepEqual(sender.events.filter({ state: 'failed' }), []);
    },
    { limit: 120000 },
  );

scenario(
  'a server that never comes back',
  async (scene) => {
    const { server, hash, sender, link } = await shareByServer(scene);
    const into = scene.makeFolder('into');
    const receiver = get(scene, link, { into });
    const pages = await Promise.all(kinds.map(async (kind) => (await scene.visit(kind)).open(link)));
    await Promise.all(pages.map((page) => page.phase('ready')));

    await sender.row({ ip: addresses.one, state: 'downloading', ...beyond(8 * MiB) });
    server.kill('SIGKILL');
    await server.exit();
    const saved = Promise.all(pages.map((page) => page.save(0, 90000)));
    assert.equal((await receiver.exit(90000)).code, 0);
    assert.equal(await hashFile(path.join(into, 'sent.bin')), hash);
    assert.deepEqual((await saved).map((each) => each.hash), [hash, hash]);

    sender.interrupt();
    assert.equal((await sender.program.exit(8000)).code, 0);
  },
  { limit: 120000 },
);

scenario('a share without its key file is not taken up by the next server', async (scene) => {
  const first = await serve(scene, { args: [`--public-url=${URL}`] });
  const file = path.join(scene.folder, 'sent.bin');
  makeFile(file, MiB);
  const sender = send(scene, [file], { args: ['--server', URL] });
  await sender.link();
  first.program.kill('SIGKILL');
  await first.program.exit();

  await serve(scene, { args: [`--public-url=${URL}`] });
  assert.equal((await sender.program.exit(RETURN_LIMIT)).code, 1);
  await sender.events.find({ event: 'error', code: 'bad-token' });
});
