// SPDX-License-Identifier: MIT

// Receivers that say what they must not: each fails by name, and nobody else is harmed.

import assert from 'node:assert/strict';
import path from 'node:path';
import { get, send } from './harness/cli.mjs';
import { hashFile, makeFile, MiB } from './harness/files.mjs';
import { openHostile } from './harness/hostile.mjs';
import { scenario } from './harness/scene.mjs';

/** @param {Record<string, unknown>} fields */
const want = (fields) => JSON.stringify({ type: 'want', file: 0, offset: 0, length: 1, ...fields });

/** @type {[string, string, (string | number[])[]][]} */
const sins = [
  ['no JSON', 'bad-message', ['{"type":']],
  ['a list', 'bad-message', ['[]']],
  ['a kind of message nobody knows', 'unknown-type', ['{"type":"frobnicate"}']],
  ['what only the sender may say', 'unknown-type', ['{"type":"noted"}']],
  ['bytes on the control channel', 'bad-message', [[1, 2, 3]]],
  ['a message that is too large', 'too-large', [`{"type":"hello","agent":"${'x'.repeat(62000)}"}`]],
  ['a wish for a file that is not there', 'bad-message', [want({ file: 7 })]],
  ['a wish for bytes behind the end', 'bad-message', [want({ offset: 3 * MiB })]],
  ['a wish across two pieces', 'bad-message', [want({ offset: MiB - 10, length: 20 })]],
  ['a wish for less than nothing', 'bad-message', [want({ length: -1 })]],
  ['a wish for half a byte', 'bad-message', [want({ length: 0.5 })]],
  ['more wishes than may be open', 'bad-message', Array(5000).fill(want({ length: MiB }))],
];

for (const [name, code, messages] of sins)
  scenario(`a receiver that says ${name}`, async (scene) => {
    const file = path.join(scene.folder, 'sent.bin');
    const hash = makeFile(file, 3 * MiB);
    const sender = send(scene, [file]);
    const link = await sender.link();
    await openHostile(link, await scene.visit('Chromium'), 'hello', messages);

    const { code: told } = await sender.row({ id: 1, state: 'failed' });
    assert.equal(told, code);
    const into = scene.makeFolder('into');
    assert.equal((await get(scene, link, { into }).exit()).code, 0);
    assert.equal(await hashFile(path.join(into, 'sent.bin')), hash);
  });

scenario('a receiver that claims more bytes than there are', async (scene) => {
  const file = path.join(scene.folder, 'sent.bin');
  makeFile(file, 3 * MiB);
  const sender = send(scene, [file]);
  const claims = [4 * MiB, 2 ** 53 - 1].map((bytes) => JSON.stringify({ type: 'progress', bytes }));
  await openHostile(await sender.link(), await scene.visit('Chromium'), 'hello', claims);

  await sender.row({ bytes: 3 * MiB });
  assert.ok(sender.events.filter({ event: 'receiver' }).every(({ bytes }) => bytes <= 3 * MiB));
});
