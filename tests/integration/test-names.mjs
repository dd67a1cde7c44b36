// SPDX-License-Identifier: MIT

// Names of files and folders, from terminal to terminal.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { get, send } from './harness/cli.mjs';
import { hashFile, listFiles, makeFile } from './harness/files.mjs';
import { scenario } from './harness/scene.mjs';

const LONG = `${'n'.repeat(251)}.txt`;
const names = [
  'two words.txt',
  `it's "quoted".txt`,
  'two\nlines.txt',
  '🌱 sprout.txt',
  'photo\u202egnp.exe',
  LONG,
  `${'é'.repeat(125)}.text`,
  '.hidden',
  '...dots',
  '-o',
  '%s%n.txt',
  'back\\slash',
  'tab\there \x1b[31mred',
  ' ',
  '~',
  'nul',
];

/**
 * @param {import('./harness/scene.mjs').Scene} scene
 * @param {string[]} files
 * @param {string} [into]
 */
async function deliver(scene, files, into = scene.makeFolder('into')) {
  const receiver = get(scene, await send(scene, files).link(), { into });
  assert.equal((await receiver.exit()).code, 0);
  return { into, receiver };
}

scenario('names of every kind arrive as they are', async (scene) => {
  const files = names.map((name) => path.join(scene.folder, 'from', name));
  const hashes = files.map((file, i) => makeFile(file, i * 1000));
  const { into } = await deliver(scene, files);

  assert.deepEqual(listFiles(into), [...names].sort());
  for (const [i, name] of names.entries()) assert.equal(await hashFile(path.join(into, name)), hashes[i]);
});

scenario('what is there already is never overwritten', async (scene) => {
  const file = path.join(scene.folder, 'photo.tar.gz');
  makeFile(file, 5000);
  const into = scene.makeFolder('into');
  fs.writeFileSync(path.join(into, 'photo.tar.gz'), 'mine');
  await deliver(scene, [file], into);
  await deliver(scene, [file], into);

  assert.equal(fs.readFileSync(path.join(into, 'photo.tar.gz'), 'utf8'), 'mine');
  assert.equal(listFiles(into).length, 3);
});

scenario('a link in the folder is not followed', async (scene) => {
  const file = path.join(scene.folder, 'photo.png');
  const elsewhere = path.join(scene.folder, 'elsewhere');
  const hash = makeFile(file, 5000);
  const into = scene.makeFolder('into');
  fs.symlinkSync(elsewhere, path.join(into, 'photo.png'));
  await deliver(scene, [file], into);

  assert.ok(!fs.existsSync(elsewhere));
  assert.ok(fs.lstatSync(path.join(into, 'photo.png')).isSymbolicLink());
  const [other] = listFiles(into).filter((name) => name !== 'photo.png');
  assert.equal(await hashFile(path.join(into, other)), hash);
});

scenario('two files of one name are both there', async (scene) => {
  const files = ['a/same.txt', 'b/same.txt'].map((name) => path.join(scene.folder, name));
  const hashes = files.map((file) => makeFile(file, 3000));
  const { into } = await deliver(scene, files);

  const received = listFiles(into);
  assert.equal(received.length, 2);
  const found = await Promise.all(received.map((name) => hashFile(path.join(into, name))));
  assert.deepEqual(found.sort(), hashes.sort());
});

scenario('a folder arrives with everything in it', async (scene) => {
  const folder = path.join(scene.folder, 'trip');
  const inside = ['a.txt', 'empty', 'deep/er/and/er/b.bin', '.hidden/c'];
  const hashes = inside.map((name, i) => makeFile(path.join(folder, name), i * 100000));
  fs.symlinkSync('/etc', path.join(folder, 'link'));
  fs.mkdirSync(path.join(folder, 'void'));
  const { into } = await deliver(scene, [folder]);

  assert.deepEqual(listFiles(into), inside.map((name) => path.join('trip', name)).sort());
  for (const [i, name] of inside.entries())
    assert.equal(await hashFile(path.join(into, 'trip', name)), hashes[i]);
});

scenario('a folder named by dots keeps its own name', async (scene) => {
  const folder = path.join(scene.folder, 'trip', 'inner');
  const hash = makeFile(path.join(scene.folder, 'trip', 'a.txt'), 1000);
  fs.mkdirSync(folder);
  const sender = send(scene, ['..'], { cwd: folder });
  const into = scene.makeFolder('into');

  assert.equal((await get(scene, await sender.link(), { into }).exit()).code, 0);
  const [name] = listFiles(into);
  assert.equal(path.basename(name), 'a.txt');
  assert.ok(!name.startsWith('..'));
  assert.equal(await hashFile(path.join(into, name)), hash);
});

scenario('five hundred files arrive', async (scene) => {
  const folder = path.join(scene.folder, 'many');
  const inside = Array.from({ length: 500 }, (_, i) => `file ${i}.bin`);
  for (const [i, name] of inside.entries()) makeFile(path.join(folder, name), i);
  const { into, receiver } = await deliver(scene, [folder]);

  assert.deepEqual(listFiles(into), inside.map((name) => path.join('many', name)).sort());
  assert.equal((await receiver.events.find({ event: 'done' })).files, 500);
});

scenario('files go to standard output one after another', async (scene) => {
  const files = ['a.bin', 'b.bin'].map((name) => path.join(scene.folder, name));
  for (const file of files) makeFile(file, 2500000);
  const link = await send(scene, files).link();
  const receiver = get(scene, link, { into: '-', eventsOn: 'stderr' });

  assert.equal((await receiver.exit()).code, 0);
  assert.ok(receiver.stdout.equals(Buffer.concat(files.map((file) => fs.readFileSync(file)))));
  assert.equal((await receiver.events.find({ event: 'done' })).files, 2);
});
