// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayName, saveName } from '../../src/web/names.js';

/** @type {[string, string][]} */
const saved = [
  ['photo.png', 'photo.png'],
  ['a b#ü "q".txt', 'a b#ü _q_.txt'],
  ['trip/day 1/notes.txt', 'notes.txt'],
  ['../../etc/passwd', 'passwd'],
  ['..', 'file'],
  ['/', 'file'],
  ['...', 'file'],
  ['', 'file'],
  ['.bashrc', 'bashrc'],
  ['C:\\Windows\\evil.exe', 'evil.exe'],
  ['line\nbreak\r\0.txt', 'linebreak.txt'],
  ['photo\u202egnp.exe', 'photognp.exe'],
  ['con.txt', '_con.txt'],
  ['LPT1', '_LPT1'],
  ['console.log', 'console.log'],
  ['trailing. . ', 'trailing'],
  ['שלום.zip', 'שלום.zip'],
  ['🦀.tar.gz', '🦀.tar.gz'],
  ['a<b>c:d|e?f*g', 'a_b_c_d_e_f_g'],
];

for (const [path, name] of saved) {
  test(`${JSON.stringify(path)} is saved as ${name}`, () => assert.equal(saveName(path), name));
}

test('a long name keeps its extension', () => {
  const name = saveName(`${'é'.repeat(255)}.tar.gz`);
  assert.ok(Buffer.byteLength(name) <= 200);
  assert.ok(name.endsWith('é.gz') || name.endsWith('.tar.gz'), name);
});

test('a long name is not cut within a character', () => {
  assert.ok(!/\p{Surrogate}/u.test(saveName('🦀'.repeat(300))));
});

test('an extension may be too long to be one', () => {
  assert.ok(Buffer.byteLength(saveName(`a.${'x'.repeat(4000)}`)) <= 200);
});

/** @type {[string, string, string][]} */
const shown = [
  ['photo.png', '', 'photo.png'],
  ['trip/day 1/notes.txt', 'trip/day 1/', 'notes.txt'],
  ['folder/', '', 'folder/'],
  ['a\nb', '', 'a\u240ab'],
  ['a\x7fb', '', 'a\u2421b'],
  ['a\u202eb', '', 'a\u27e8U+202E\u27e9b'],
  ['a\u200bb\ufeff', '', 'a\u27e8U+200B\u27e9b\u27e8U+FEFF\u27e9'],
];

for (const [path, folder, name] of shown) {
  test(`${JSON.stringify(path)} is shown as ${folder}${name}`, () => {
    assert.deepEqual(displayName(path), { folder, name });
  });
}
