// SPDX-License-Identifier: MIT

// Bundles the tests of the page, so that they load the same packages and JSON as the page does on
// any version of Node, and runs them.
//
//   node run.mjs --npm DIR --out DIR [name of a test]

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installPackages, loadEsbuild } from '../../src/web/build.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  options: { npm: { type: 'string' }, out: { type: 'string' } },
  allowPositionals: true,
});
const npm = path.resolve(values.npm ?? '.');
const out = path.resolve(values.out ?? 'out');
const wanted = (/** @type {string} */ name) =>
  /^test-.*\.js$/.test(name) && (positionals.length === 0 || positionals.includes(name));

installPackages(npm);
fs.rmSync(out, { recursive: true, force: true });
const esbuild = await loadEsbuild(npm);
await esbuild.build({
  absWorkingDir: here,
  entryPoints: fs.readdirSync(here).filter(wanted),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node18',
  sourcemap: 'inline',
  nodePaths: [path.join(npm, 'node_modules')],
  logLevel: 'warning',
});

const tests = fs.readdirSync(out).map((name) => path.join(out, name));
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...tests], {
  stdio: 'inherit',
  env: { ...process.env, SEED_VECTORS: path.resolve(here, '../vectors') },
  timeout: 120000,
});
process.exitCode = status ?? 1;
