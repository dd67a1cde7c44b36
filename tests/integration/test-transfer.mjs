// SPDX-License-Identifier: MIT

// Files of every size arrive as they were sent, in the terminal and in both browsers.

import assert from 'node:assert/strict';
import path from 'node:path';
import { kinds } from './harness/browser.mjs';
import { get, send } from './harness/cli.mjs';
import { hashFile, listFiles, makeFile, MiB } from './harness/files.mjs';
import { scenario } from './harness/scene.mjs';

/** @type {[string, number][]} */
const sizes = [
  ['0 bytes', 0],
  ['1 byte', 1],
  ['1 MiB', MiB],
  ['300 MiB', 300 * MiB],
];
const LIMIT = 120000;

for (const [size, bytes] of sizes) {
  scenario(
    `${size} from terminal to terminal`,
    async (scene) => {
      const file = path.join(scene.folder, 'sent.bin');
      const hash = makeFile(file, bytes);
      const sender = send(scene, [file]);
      const into = scene.makeFolder('into');
      const receiver = get(scene, await sender.link(), { into });

      assert.equal((await receiver.exit(LIMIT)).code, 0);
      assert.deepEqual(listFiles(into), ['sent.bin']);
      assert.equal(await hashFile(path.join(into, 'sent.bin')), hash);
      const done = await receiver.events.find({ event: 'done' });
      assert.deepEqual([done.files, done.bytes], [1, bytes]);
      await sender.row({ state: 'viewing', bytes, size: bytes });
    },
    { limit: LIMIT },
  );

  for (const kind of kinds) {
    scenario(
      `${size} from terminal to ${kind}`,
      async (scene) => {
        const file = path.join(scene.folder, 'sent.bin');
        const hash = makeFile(file, bytes);
        const sender = send(scene, [file]);
        const visit = await scene.visit(kind);
        const page = await visit.open(await sender.link());

        await page.phase('ready');
        assert.deepEqual((await page.files()).map(({ name }) => name), ['sent.bin']);
        assert.deepEqual(await page.save(0, LIMIT), { name: 'sent.bin', hash });
        await sender.row({ state: 'viewing', bytes, size: bytes });
      },
      { limit: LIMIT },
    );
  }
}
