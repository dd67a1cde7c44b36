// SPDX-License-Identifier: MIT

// What a person sees in a terminal, and a program in a pipe.

import assert from 'node:assert/strict';
import path from 'node:path';
import { cli, get, send } from './harness/cli.mjs';
import { makeFile, makeHollowFile, MiB } from './harness/files.mjs';
import { openHostile } from './harness/hostile.mjs';
import { addresses } from './harness/machines.mjs';
import { scenario } from './harness/scene.mjs';

const LINK = /^http:\/\/10\.77\.0\.2:\d+\/\w{10}#[\w-]{22}\r?\n/;
const CONTROLS = /\x1b\[(\d+A|K|J|38;5;\d+m|0m)/g;
const INTERRUPT = '\x03';

/** @param {string} text */
const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * @param {import('./harness/scene.mjs').Scene} scene
 * @param {import('./harness/machines.mjs').Machine} machine
 * @param {string[]} command
 * @param {Record<string, string | undefined>} [env]
 */
function inTerminal(scene, machine, command, env) {
  const line = `stty cols 110 rows 30; exec ${command.map(quote).join(' ')}`;
  return scene.start(machine, ['script', '--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
    interactive: true,
    env: { TERM: 'xterm-256color', NO_COLOR: undefined, ...env },
  });
}

/** @param {string} printed */
function assertHarmless(printed) {
  const rest = printed.replace(CONTROLS, '');
  assert.doesNotMatch(rest, /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]/);
}

for (const [name, env, coloured] of /** @type {[string, Record<string, string>, boolean][]} */ ([
  ['in colour', {}, true],
  ['without colour where that is asked for', { NO_COLOR: '1' }, false],
]))
  scenario(`send draws bars ${name}, below the link`, async (scene) => {
    const file = path.join(scene.folder, 'large.bin');
    makeHollowFile(file, 300 * MiB);
    const sender = inTerminal(scene, 'owner', [cli, 'send', file], env);
    const link = (await sender.prints(LINK))[0].trim();
    const receiver = get(scene, link, { into: scene.makeFolder('into') });

    await sender.prints(/10\.77\.0\.4.*Seedshot.*[█▉▊▋▌▍▎▏].* [1-9]\d? %/);
    sender.child.stdin.write(INTERRUPT);
    assert.equal((await sender.exit()).code, 0);
    assert.equal((await receiver.exit()).code, 3);

    const printed = sender.stdout.toString();
    assert.equal(/38;5;/.test(printed), coloured);
    assert.match(printed, /MB\/s/);
    assertHarmless(printed);
  });

scenario('send says a line for each change in a pipe', async (scene) => {
  const file = path.join(scene.folder, 'sent.bin');
  makeFile(file, 3 * MiB);
  const sender = scene.start('owner', [cli, 'send', file], { env: { TERM: 'xterm-256color' } });
  const link = (await sender.prints(LINK))[0].trim();
  assert.equal((await get(scene, link, { into: scene.makeFolder('into') }).exit()).code, 0);

  await sender.prints(/^1 {2}10\.77\.0\.4 {2}Seedshot [\d.]+ on Linux {2}100 % {2}complete, then left$/m);
  sender.kill('SIGINT');
  assert.equal((await sender.exit()).code, 0);
  const lines = sender.stdout.toString().trimEnd().split('\n');
  assert.ok(lines.slice(1).every((line) => /^1 {2}\S+ {2}.* {2}\d+ % {2}[\w ,]+$/.test(line)), lines.join('\n'));
  assertHarmless(lines.join('\n'));
});

scenario('what a receiver calls itself draws nothing', async (scene) => {
  const file = path.join(scene.folder, 'sent.bin');
  makeFile(file, 1000);
  const sender = inTerminal(scene, 'owner', [cli, 'send', file]);
  const link = (await sender.prints(LINK))[0].trim();
  const agent = 'Evil\x1b[2J\x1b]0;title\x07\r\n\u202e\u009b31m';
  const hello = JSON.stringify({ type: 'hello', agent });
  await openHostile(link, await scene.visit('Chromium'), 'hello', [hello]);

  await sender.prints(/Evil/);
  sender.child.stdin.write(INTERRUPT);
  await sender.exit();
  assertHarmless(sender.stdout.toString());
});

scenario('what a file is called draws nothing', async (scene) => {
  const name = 'evil\x1b[2J\x07\u202e.bin';
  const file = path.join(scene.folder, name);
  makeFile(file, 3 * MiB);
  const sender = send(scene, [file]);
  const into = scene.makeFolder('into');
  const receiver = inTerminal(scene, 'one', [cli, 'get', '-o', into, await sender.link()]);

  assert.equal((await receiver.exit()).code, 0);
  const printed = receiver.stdout.toString();
  assert.match(printed, /evil.*\.bin/);
  assert.match(printed, /100 %/);
  assertHarmless(printed);
});

scenario('a secret given by standard input is not in the list of processes', async (scene) => {
  const file = path.join(scene.folder, 'large.bin');
  makeHollowFile(file, 2000 * MiB);
  const sender = send(scene, [file]);
  const link = await sender.link();
  get(scene, '-', { input: `${link}\n`, into: scene.makeFolder('into') });
  await sender.row({ ip: addresses.one, state: 'downloading' });

  const list = scene.start('one', ['ps', '-eo', 'args']);
  await list.exit();
  assert.ok(list.stdout.includes('seedshot-cli get'));
  assert.ok(!list.stdout.includes(link.split('#')[1]));
});
