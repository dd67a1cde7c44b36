// SPDX-License-Identifier: MIT

// A server, or whoever stands before it, that alters what it passes on, and links that lack the
// right key: both ends refuse by name.

import assert from 'node:assert/strict';
import path from 'node:path';
import { kinds } from './harness/browser.mjs';
import { get, send } from './harness/cli.mjs';
import { hashFile, listFiles, makeFile, MiB } from './harness/files.mjs';
import { Proxy } from './harness/proxy.mjs';
import { scenario } from './harness/scene.mjs';

/** @param {string} sealed */
function alterOneCharacter(sealed) {
  const middle = Math.floor(sealed.length / 2);
  const other = sealed[middle] === 'A' ? 'B' : 'A';
  return sealed.slice(0, middle) + other + sealed.slice(middle + 1);
}

/**
 * @param {(sealed: string) => string[]} change
 * @param {import('./harness/proxy.mjs').Direction} only
 * @returns {import('./harness/proxy.mjs').Alter}
 */
function changeSealed(change, only) {
  return (message, direction) => {
    if (message.type !== 'relay' || direction !== only) return [message];
    return change(message.sealed).map((sealed) => ({ ...message, sealed }));
  };
}

/** @returns {(sealed: string) => string[]} keeps the first back until the second has gone by */
function swapFirstTwo() {
  /** @type {string | undefined} */
  let first;
  let swapped = false;
  return (sealed) => {
    if (swapped) return [sealed];
    if (first === undefined) {
      first = sealed;
      return [];
    }
    swapped = true;
    return [sealed, first];
  };
}

/** @returns {(sealed: string) => string[]} says the first message in place of each later one */
function repeatFirst() {
  /** @type {string | undefined} */
  let first;
  return (sealed) => [(first ??= sealed)];
}

/** @type {[string, () => (sealed: string) => string[]][]} */
const changes = [
  ['one character altered', () => (sealed) => [alterOneCharacter(sealed)]],
  ['a message said again', repeatFirst],
  ['two messages swapped', swapFirstTwo],
  ['a message said in reverse', () => (sealed) => [[...sealed].reverse().join('')]],
];
const ways = /** @type {const} */ ({ down: 'sender to receiver', up: 'receiver to sender' });

/** @param {import('./harness/scene.mjs').Scene} scene */
function share(scene) {
  const file = path.join(scene.folder, 'sent.bin');
  const hash = makeFile(file, MiB);
  return { sender: send(scene, [file]), hash };
}

/** @param {import('./harness/cli.mjs').Sender} sender */
async function assertRefusedBySender(sender) {
  const row = await sender.row({ state: 'failed' });
  assert.equal(row.code, 'seal-broken');
  assert.equal(row.bytes, 0);
}

scenario('an honest proxy changes nothing', async (scene) => {
  const { sender, hash } = share(scene);
  const link = await Proxy.before(scene, await sender.link());
  const into = scene.makeFolder('into');

  assert.equal((await get(scene, link, { into }).exit()).code, 0);
  assert.equal(await hashFile(path.join(into, 'sent.bin')), hash);
  for (const kind of kinds) {
    const page = await (await scene.visit(kind)).open(link);
    await page.phase('ready');
    assert.equal((await page.save()).hash, hash);
  }
});

for (const [name, make] of changes)
  for (const [direction, way] of Object.entries(ways)) {
    scenario(`${name}, ${way}, in the terminal`, async (scene) => {
      const { sender } = share(scene);
      const alter = changeSealed(make(), /** @type {any} */ (direction));
      const link = await Proxy.before(scene, await sender.link(), alter);
      const into = scene.makeFolder('into');
      const receiver = get(scene, link, { into });

      assert.equal((await receiver.exit()).code, 4);
      await receiver.events.find({ event: 'error', code: 'seal-broken' });
      await assertRefusedBySender(sender);
      assert.deepEqual(listFiles(into), []);
    });
  }

for (const kind of kinds)
  for (const [direction, way] of Object.entries(ways))
    scenario(`one character altered, ${way}, in ${kind}`, async (scene) => {
      const { sender } = share(scene);
      const alter = changeSealed((sealed) => [alterOneCharacter(sealed)], /** @type {any} */ (direction));
      const page = await (await scene.visit(kind)).open(await Proxy.before(scene, await sender.link(), alter));

      assert.equal((await page.phase('refused')).code, 'seal-broken');
      await assertRefusedBySender(sender);
    });

/** @param {string} link */
const withWrongKey = (link) => link.replace(/#.*/, '#AAAAAAAAAAAAAAAAAAAAAA');

scenario('the wrong key in the terminal', async (scene) => {
  const { sender } = share(scene);
  const into = scene.makeFolder('into');
  const receiver = get(scene, withWrongKey(await sender.link()), { into });

  assert.equal((await receiver.exit()).code, 4);
  await receiver.events.find({ event: 'error', code: 'seal-broken' });
  await assertRefusedBySender(sender);
  assert.deepEqual(listFiles(into), []);
});

scenario('no key in the terminal', async (scene) => {
  const { sender } = share(scene);
  const receiver = get(scene, (await sender.link()).replace(/#.*/, ''));

  assert.equal((await receiver.exit()).code, 2);
  await receiver.events.find({ event: 'error', code: 'bad-link' });
});

for (const kind of kinds) {
  scenario(`the wrong key in ${kind}`, async (scene) => {
    const { sender } = share(scene);
    const page = await (await scene.visit(kind)).open(withWrongKey(await sender.link()));

    assert.equal((await page.phase('refused')).code, 'seal-broken');
    await assertRefusedBySender(sender);
  });

  scenario(`no key in ${kind}`, async (scene) => {
    const { sender } = share(scene);
    const page = await (await scene.visit(kind)).open((await sender.link()).replace(/#.*/, ''));

    assert.equal((await page.phase('refused')).code, 'bad-link');
    assert.deepEqual(sender.events.filter({ event: 'receiver' }), []);
  });
}

scenario('whoever was refused does not keep others out', async (scene) => {
  const { sender, hash } = share(scene);
  const link = await sender.link();
  assert.equal((await get(scene, withWrongKey(link), { into: scene.makeFolder('wrong') }).exit()).code, 4);

  const into = scene.makeFolder('into');
  assert.equal((await get(scene, link, { into }).exit()).code, 0);
  assert.equal(await hashFile(path.join(into, 'sent.bin')), hash);
});
