// SPDX-License-Identifier: MIT

// What the page makes of a share: pictures at once, everything else as a list, and nothing of a
// sender's as markup.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { kinds } from './harness/browser.mjs';
import { send } from './harness/cli.mjs';
import { hashBytes, makeFile } from './harness/files.mjs';
import { paint } from './harness/pictures.mjs';
import { scenario } from './harness/scene.mjs';

const shown = { 'image/png': 'one.png', 'image/jpeg': 'two.jpg', 'image/webp': 'three.webp' };

for (const kind of kinds) {
  for (const [type, name] of Object.entries(shown))
    scenario(`${name} is shown at once in ${kind}`, async (scene) => {
      const visit = await scene.visit(kind);
      const file = path.join(scene.folder, name);
      const hash = await paint(visit, file, { type, width: 321, height: 123 });
      const sender = send(scene, [file]);
      const page = await visit.open(await sender.link());

      await page.phase('ready');
      assert.deepEqual(await page.pictures(), ['321 × 123']);
      assert.deepEqual(await page.files(), []);
      await sender.row({ state: 'viewing', bytes: fs.statSync(file).size });
      assert.deepEqual(await page.savePicture(), { name, hash });
    });

  scenario(`several pictures are shown above the list in ${kind}`, async (scene) => {
    const visit = await scene.visit(kind);
    const files = ['a.png', 'b.png', 'c.bin'].map((name) => path.join(scene.folder, name));
    const hashes = [
      await paint(visit, files[0], { type: 'image/png', width: 40, height: 30 }),
      await paint(visit, files[1], { type: 'image/png', width: 50, height: 20 }),
    ];
    const hash = makeFile(files[2], 5000);
    const page = await visit.open(await send(scene, files).link());

    await page.phase('ready');
    assert.deepEqual(await page.pictures(), ['40 × 30', '50 × 20']);
    assert.deepEqual((await page.files()).map(({ name }) => name), ['a.png', 'b.png', 'c.bin']);
    assert.deepEqual(await page.save(2), { name: 'c.bin', hash });
    assert.deepEqual(await page.save(0), { name: 'a.png', hash: hashes[0] });
  });

  scenario(`a drawing that could hold a script is only saved in ${kind}`, async (scene) => {
    const file = path.join(scene.folder, 'drawing.svg');
    const text = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title="run"</script></svg>';
    fs.writeFileSync(file, text);
    const page = await (await scene.visit(kind)).open(await send(scene, [file]).link());

    await page.phase('ready');
    assert.deepEqual(await page.pictures(), []);
    assert.deepEqual(await page.save(), { name: 'drawing.svg', hash: hashBytes(text) });
    assert.notEqual(await page.page.title(), 'run');
  });

  scenario(`what only claims to be a picture is listed in ${kind}`, async (scene) => {
    const file = path.join(scene.folder, 'photo.png');
    fs.writeFileSync(file, '<html><script>document.title="run"</script></html>');
    const page = await (await scene.visit(kind)).open(await send(scene, [file]).link());

    await page.phase('ready');
    assert.deepEqual(await page.pictures(), []);
    assert.deepEqual((await page.files()).map(({ name }) => name), ['photo.png']);
  });

  scenario(`a folder is a list that can be taken one by one in ${kind}`, async (scene) => {
    const folder = path.join(scene.folder, 'trip');
    const hashes = ['a.txt', 'deep/er/b.txt'].map((name) => makeFile(path.join(folder, name), 3000));
    const page = await (await scene.visit(kind)).open(await send(scene, [folder]).link());

    await page.phase('ready');
    assert.deepEqual((await page.files()).map(({ name }) => name), ['trip/a.txt', 'trip/deep/er/b.txt']);
    assert.deepEqual(await page.save(1), { name: 'b.txt', hash: hashes[1] });
    assert.deepEqual(await page.save(0), { name: 'a.txt', hash: hashes[0] });
  });

  scenario(`names are text, never markup, in ${kind}`, async (scene) => {
    const names = ['<img src=x onerror="document.title=\'run\'">', '&amp;&lt;b&gt;', "it's \"quoted\".txt"];
    const files = names.map((name) => path.join(scene.folder, name));
    for (const file of files) makeFile(file, 10);
    const page = await (await scene.visit(kind)).open(await send(scene, files).link());

    await page.phase('ready');
    assert.deepEqual((await page.files()).map(({ name }) => name), names);
    for (const file of [0, 1, 2]) await page.save(file);
    assert.equal(await page.page.$$eval('main img', (images) => images.length), 0);
    assert.notEqual(await page.page.title(), 'run');
  });

  scenario(`names that mislead are shown for what they are in ${kind}`, async (scene) => {
    const names = ['photo\u202egnp.exe', 'two\nlines.txt', ' .hidden ', '🌱🌱.txt', `${'é'.repeat(125)}.text`];
    const files = names.map((name) => path.join(scene.folder, name));
    const hashes = files.map((file) => makeFile(file, 10));
    const page = await (await scene.visit(kind)).open(await send(scene, files).link());

    await page.phase('ready');
    const [exe, lines, hidden, emoji, long] = (await page.files()).map(({ name }) => name);
    assert.deepEqual(
      [exe, lines, hidden, emoji, long],
      ['photo⟨U+202E⟩gnp.exe', 'two␊lines.txt', names[2], names[3], names[4]],
    );
    for (const file of [0, 1, 2, 3, 4]) {
      const saved = await page.save(file);
      assert.equal(saved.hash, hashes[file]);
      assert.doesNotMatch(saved.name, /[\p{Cc}\u202e]|^\./u);
      assert.ok(Buffer.byteLength(saved.name) <= 255);
    }
  });

  scenario(`an origin that is a secure context serves ${kind} as well`, async (scene) => {
    const file = path.join(scene.folder, 'sent.bin');
    const hash = makeFile(file, 3000000);
    const sender = send(scene, [file], { on: 'desk', args: ['--listen=127.0.0.1:0'] });
    const page = await (await scene.visit(kind)).open(await sender.link());

    assert.equal(await page.page.evaluate(() => isSecureContext), true);
    await page.phase('ready');
    assert.deepEqual(await page.save(), { name: 'sent.bin', hash });
  });
}
