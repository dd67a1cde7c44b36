// SPDX-License-Identifier: MIT

// Bundles the page under names that hold a hash of what is in them, compresses it, and writes it as
// C source for the server to link.
//
//   node build.mjs --out DIR [--npm DIR] [--depfile FILE] [--source FILE --header FILE]
//
// --npm is where the packages are; they are installed there when the lock file has changed since,
// so a build without a network works from the second time on.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants as zlib, gzipSync } from 'node:zlib';

const here = path.dirname(fileURLToPath(import.meta.url));
const RESOURCE_PREFIX = '/org/seedshot/web';
const ASSETS = 'assets';
const INDEX = 'index.html';

/**
 * @param {string} directory where node_modules is or shall be
 * @param {string} [source] where the lock file is
 */
export function installPackages(directory, source = here) {
  if (path.resolve(directory) === path.resolve(source)) return;

  const lock = fs.readFileSync(path.join(source, 'package-lock.json'));
  const stamp = path.join(directory, 'stamp');
  const want = createHash('sha256').update(lock).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === want) return;

  fs.mkdirSync(directory, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    fs.copyFileSync(path.join(source, name), path.join(directory, name));
  const flags = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', flags, { cwd: directory, stdio: ['ignore', 2, 2] });
  fs.writeFileSync(stamp, want);
}

/**
 * @param {string} npm
 * @returns {Promise<typeof import('esbuild')>} the one of that directory
 */
export async function loadEsbuild(npm) {
  const require = createRequire(path.join(path.resolve(npm), 'package.json'));
  return (await import(pathToFileURL(require.resolve('esbuild')).href)).default;
}

/**
 * @param {string} out
 * @param {string} npm
 * @returns {Promise<import('esbuild').Metafile>}
 */
async function bundle(out, npm) {
  const esbuild = await loadEsbuild(npm);
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: ['main.js', 'style.css', 'logo.svg'],
    outdir: path.join(out, ASSETS),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    metafile: true,
    loader: { '.svg': 'copy' },
    entryNames: '[name].[hash]',
    chunkNames: '[name].[hash]',
    assetNames: '[name].[hash]',
    nodePaths: [path.join(path.resolve(npm), 'node_modules')],
    logLevel: 'warning',
  });
  return result.metafile;
}

/**
 * @param {string} out
 * @param {import('esbuild').Metafile} metafile
 */
function writeIndex(out, metafile) {
  let html = fs.readFileSync(path.join(here, INDEX), 'utf8');
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint === undefined) continue;
    const name = `"${ASSETS}/${path.basename(file)}"`;
    html = html.replaceAll(`"${entryPoint}"`, name);
  }
  const lean = html.replace(/<!-- .*? -->\n?/g, '').replace(/^\s+/gm, '');
  fs.writeFileSync(path.join(out, INDEX), lean);
}

/**
 * @param {string} file
 * @returns {string[]} the file and its compressed forms, those that are worth it
 */
function compress(file) {
  const raw = fs.readFileSync(file);
  const quality = { params: { [zlib.BROTLI_PARAM_QUALITY]: zlib.BROTLI_MAX_QUALITY } };
  const forms = { gz: gzipSync(raw, { level: 9 }), br: brotliCompressSync(raw, quality) };

  const names = [file];
  for (const [extension, packed] of Object.entries(forms)) {
    fs.writeFileSync(`${file}.${extension}`, packed);
    names.push(`${file}.${extension}`);
  }
  return names;
}

/**
 * @param {string} out
 * @param {string[]} files
 * @returns {string} the description's path
 */
function describeResource(out, files) {
  const lines = files.map((file) => `    <file>${path.relative(out, file)}</file>`);
  const description = path.join(out, 'web.gresource.xml');
  const opening = '<?xml version="1.0" encoding="UTF-8"?>\n<gresources>';
  fs.writeFileSync(
    description,
    `${opening}\n  <gresource prefix="${RESOURCE_PREFIX}">\n${lines.join('\n')}\n  </gresource>\n</gresources>\n`,
  );
  return description;
}

/**
 * @param {string} description
 * @param {string} out
 * @param {string} target
 * @param {string} kind of --generate-...
 */
function generate(description, out, target, kind) {
  const flags = [`--sourcedir=${out}`, `--generate-${kind}`, '--c-name=seed_web', `--target=${target}`];
  execFileSync('glib-compile-resources', [...flags, description], { stdio: 'inherit' });
}

/**
 * @param {string} depfile
 * @param {string} target
 * @param {import('esbuild').Metafile} metafile
 */
function writeDepfile(depfile, target, metafile) {
  const own = [INDEX, 'package-lock.json', 'build.mjs'];
  const sources = [...Object.keys(metafile.inputs), ...own]
    .map((file) => path.resolve(here, file))
    .filter((file) => !file.includes('node_modules'))
    .map((file) => file.replaceAll(' ', '\\ '));
  fs.writeFileSync(depfile, `${target}: ${sources.join(' ')}\n`);
}

async function main() {
  const text = { type: /** @type {const} */ ('string') };
  const { values } = parseArgs({
    options: { out: text, npm: text, depfile: text, source: text, header: text },
  });
  const out = path.resolve(values.out ?? 'out');
  const npm = values.npm ?? path.join(out, 'npm');

  installPackages(npm);
  const page = path.join(out, 'page');
  fs.rmSync(page, { recursive: true, force: true });
  const metafile = await bundle(page, npm);
  writeIndex(page, metafile);

  const assets = fs.readdirSync(path.join(page, ASSETS)).map((name) => path.join(page, ASSETS, name));
  const files = [path.join(page, INDEX), ...assets.sort()].flatMap(compress);
  const description = describeResource(page, files);
  if (values.source !== undefined) generate(description, page, values.source, 'source');
  if (values.header !== undefined) generate(description, page, values.header, 'header');
  if (values.depfile !== undefined)
    writeDepfile(values.depfile, values.source ?? path.join(page, INDEX), metafile);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
