// SPDX-License-Identifier: MIT

// Runs one suite inside a network of its own. Ends with 77, which stands for skipped, where no
// network can be made.
//
//   node run.mjs --npm DIR --build DIR test-NAME.mjs [name of a case]

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { onMachine } from './harness/machines.mjs';
import { Network, whyImpossible } from './harness/network.mjs';

const SKIPPED = 77;

const text = { type: /** @type {const} */ ('string') };
const { values, positionals } = parseArgs({
  options: { npm: text, build: text },
  allowPositionals: true,
});

/** @param {Network} network */
async function run(network) {
  const [file, pattern] = positionals;
  const chosen = pattern === undefined ? [] : [`--test-name-pattern=${pattern}`];
  const node = [process.execPath, '--test', '--test-reporter=tap', ...chosen];
  const suite = fileURLToPath(new URL(file, import.meta.url));
  const [program, ...rest] = onMachine('desk', [...node, suite], network.prefix);
  const child = spawn(program, rest, {
    stdio: 'inherit',
    env: {
      ...process.env,
      TMPDIR: folder,
      SEED_NETWORK: network.prefix,
      SEED_BUILD: values.build,
      SEED_NPM: values.npm,
    },
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

const reason = whyImpossible();
if (reason !== undefined) {
  console.log(`1..0 # SKIP ${reason}`);
  process.exit(SKIPPED);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seedtest-'));
fs.chmodSync(folder, 0o755);
const network = new Network();

function tidyUp() {
  network.remove();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    tidyUp();
    process.exit(1);
  });
try {
  process.exitCode = await run(network);
} finally {
  tidyUp();
}
