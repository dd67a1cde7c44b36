// SPDX-License-Identifier: MIT

// What can be wrong with what the programs are given: a clear sentence, the right exit status, and
// nothing half-written under a final name.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { cli, get, send, serve, server } from './harness/cli.mjs';
import { rawServer, socketServer } from './harness/fake-server.mjs';
import { hashFile, listFiles, makeFile, makeHollowFile, MiB } from './harness/files.mjs';
import { addresses } from './harness/machines.mjs';
import { codes } from './harness/protocol.mjs';
import { scenario } from './harness/scene.mjs';

/**
 * @param {import('./harness/program.mjs').Program} program
 * @param {string} code
 * @param {number} [limit]
 */
async function assertFails(program, code, limit) {
  assert.equal((await program.exit(limit)).code, codes[code].exit);
  const error = await program.events.find({ event: 'error' });
  assert.equal(error.code, code);
  assert.ok(error.message.length > 10);
  const [line, ...more] = program.stderr.trimEnd().split('\n');
  assert.match(line, /^seedshot-cli: \S.*\.$/);
  assert.deepEqual(more, []);
}

/**
 * @param {string} name
 * @param {string} code
 * @param {(scene: import('./harness/scene.mjs').Scene) => string[] | Promise<string[]>} prepare
 */
function sendFails(name, code, prepare) {
  scenario(`send: ${name}`, async (scene) => {
    const files = await prepare(scene);
    const sender = send(scene, files);
    await assertFails(sender.program, code);
    assert.equal(sender.program.events.filter({ event: 'receiver' }).length, 0);
  });
}

sendFails('a file that is not there', 'file-unreadable', () => ['/nowhere/at all']);
sendFails('no file at all', 'usage', () => []);
sendFails('an empty name', 'file-unreadable', () => ['']);
sendFails('a device', 'file-special', () => ['/dev/zero']);
sendFails('a pipe', 'file-special', ({ folder }) => {
  execFileSync('mkfifo', [path.join(folder, 'pipe')]);
  return [path.join(folder, 'pipe')];
});
sendFails('a socket', 'file-special', async (scene) => {
  const socket = path.join(scene.folder, 'socket');
  const listener = net.createServer().listen(socket);
  await new Promise((resolve) => listener.once('listening', resolve));
  scene.defer(() => listener.close());
  return [socket];
});
sendFails('a good file beside a bad one', 'file-unreadable', ({ folder }) => {
  makeFile(path.join(folder, 'good'), 10);
  return [path.join(folder, 'good'), path.join(folder, 'bad')];
});
sendFails('a link that leads nowhere', 'file-unreadable', ({ folder }) => {
  fs.symlinkSync('nowhere', path.join(folder, 'link'));
  return [path.join(folder, 'link')];
});

scenario('send: a folder with nothing in it', async (scene) => {
  const { program } = send(scene, [scene.makeFolder('void')]);
  const { code } = await program.exit();
  assert.ok(code === 2 || code === 6, `exit status ${code}`);
  assert.match(program.stderr, /^seedshot-cli: \S/);
});

scenario('send: a file of someone else', async (scene) => {
  const file = path.join(scene.folder, 'secret');
  makeFile(file, 10);
  fs.chmodSync(file, 0o600);
  fs.chmodSync(scene.folder, 0o755);
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];
  const program = scene.start('owner', [...nobody, cli, 'send', '--json', file]);
  await assertFails(program, 'file-unreadable');
});

for (const [name, args] of /** @type {[string, string[]][]} */ ([
  ['an option that does not exist', ['send', '--frobnicate', '/etc/hostname']],
  ['an option without its value', ['send', '/etc/hostname', '--server']],
  ['no command', []],
  ['a command that does not exist', ['frobnicate']],
  ['get without a link', ['get']],
  ['get with two links', ['get', 'http://a/b#c', 'http://a/b#c']],
  ['a server and an address to listen on', ['send', '--server=http://a', '--listen=:0', '/etc/hostname']],
  ...['ftp://a', 'nonsense', 'http://', 'http://a b', 'http://user:pass@'].map(
    (url) => /** @type {[string, string[]]} */ ([`--server=${url}`, ['send', `--server=${url}`, '/etc/hostname']]),
  ),
  ...['nonsense', ':99999', '1.2.3:80', '[::1', ':', '10.77.0.2:x'].map(
    (listen) => /** @type {[string, string[]]} */ ([`--listen=${listen}`, ['send', `--listen=${listen}`, '/etc/hostname']]),
  ),
]))
  scenario(`usage: ${name}`, async (scene) => {
    const program = scene.start('owner', [cli, ...args]);
    assert.equal((await program.exit()).code, 2);
    assert.match(program.stderr, /\S/);
  });

for (const link of [
  '',
  'nonsense',
  'http://10.77.0.2:8844/',
  'http://10.77.0.2:8844/abcdefghjk',
  'http://10.77.0.2:8844/abcdefghjk#short',
  'http://10.77.0.2:8844/0OIl0OIl0O#AAAAAAAAAAAAAAAAAAAAAA',
  'ftp://10.77.0.2/abcdefghjk#AAAAAAAAAAAAAAAAAAAAAA',
  `http://10.77.0.2:8844/abcdefghjk#${'A'.repeat(100000)}`,
  'http://[::/abcdefghjk#AAAAAAAAAAAAAAAAAAAAAA',
])
  scenario(`get: the link ${JSON.stringify(link.slice(0, 60))}`, async (scene) => {
    await assertFails(get(scene, link), 'bad-link');
  });

scenario('get: a share that does not exist', async (scene) => {
  const { url } = await serve(scene, { args: [`--public-url=http://${addresses.server}:8844`] });
  assert.ok(url);
  const into = scene.makeFolder('into');
  const link = `http://${addresses.server}:8844/abcdefghjk#AAAAAAAAAAAAAAAAAAAAAA`;
  await assertFails(get(scene, link, { into }), 'share-unknown');
  assert.deepEqual(listFiles(into), []);
});

scenario('get: a share that has ended', async (scene) => {
  const { url } = await serve(scene);
  assert.ok(url);
  const file = path.join(scene.folder, 'sent.bin');
  makeFile(file, 10);
  const sender = send(scene, [file], { args: [`--server=http://${addresses.server}:8844`] });
  const link = await sender.link();
  sender.interrupt();
  await sender.program.exit();
  await assertFails(get(scene, link), 'share-unknown');
});

const LINK = '/abcdefghjk#AAAAAAAAAAAAAAAAAAAAAA';
const good = ['/etc/hostname'];

scenario('a server that is not there', async (scene) => {
  const url = `http://${addresses.three}:9`;
  const both = [send(scene, good, { args: ['--server', url] }).program, get(scene, url + LINK)];
  for (const program of both) await assertFails(program, 'server-unreachable', 30000);
});

/** @type {[string, (scene: import('./harness/scene.mjs').Scene) => Promise<string>][]} */
const strangers = [
  ['hangs up', (scene) => rawServer(scene, '')],
  ['speaks no HTTP', (scene) => rawServer(scene, 'SSH-2.0-OpenSSH_9.2\r\n')],
  ['has only pages', (scene) => rawServer(scene, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')],
  ['says no', (scene) => rawServer(scene, 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')],
  ['keeps silent', (scene) => rawServer(scene, undefined)],
  ['speaks another protocol', (scene) => socketServer(scene, [], 'other.7')],
  ['says what is no JSON', (scene) => socketServer(scene, ['{"type":'])],
  ['says what is no text', (scene) => socketServer(scene, [Buffer.from([0, 255, 254])])],
  ['says too much', (scene) => socketServer(scene, ['x'.repeat(3 * MiB)])],
  ['says what nobody knows', (scene) => socketServer(scene, ['{"type":"frobnicate"}'])],
  ['breaks bounds', (scene) => socketServer(scene, ['{"type":"created","share":"../../etc","token":"","ice":[]}'])],
  ['is deep', (scene) => socketServer(scene, ['['.repeat(40000)])],
];

for (const [name, make] of strangers)
  scenario(`a server that ${name}`, async (scene) => {
    const url = await make(scene);
    const into = scene.makeFolder('into');
    const sender = send(scene, good, { args: ['--server', url] });
    const receiver = get(scene, url + LINK, { into });
    for (const program of [sender.program, receiver]) {
      assert.equal((await program.exit(30000)).code, 1);
      assert.match(program.stderr, /^seedshot-cli: \S.*\.\n$/);
      assert.equal(program.events.filter({ event: 'error' }).length, 1);
    }
    assert.deepEqual(listFiles(into), []);
  });

scenario('a port in use', async (scene) => {
  await send(scene, good, { args: ['--listen=:8900'] }).link();
  await assertFails(send(scene, good, { args: ['--listen=:8900'] }).program, 'port-in-use');
  await assertFails(send(scene, good, { args: ['--listen', `${addresses.two}:0`] }).program, 'failed');
});

scenario('the usual port in use is left to whoever has it', async (scene) => {
  const first = await send(scene, good).link();
  const second = await send(scene, good).link();
  assert.equal(new URL(first).port, '8844');
  assert.notEqual(new URL(second).port, '8844');
  for (const link of [first, second])
    assert.equal((await get(scene, link, { into: scene.makeFolder('into') }).exit()).code, 0);
});

for (const [listen, origin] of [
  [addresses.owner, `http://${addresses.owner}:8844`],
  [':8901', `http://${addresses.owner}:8901`],
  [`${addresses.owner}:8902`, `http://${addresses.owner}:8902`],
  ['127.0.0.1:8903', 'http://127.0.0.1:8903'],
  ['[::1]:8904', 'http://[::1]:8904'],
])
  scenario(`--listen=${listen}`, async (scene) => {
    const link = await send(scene, good, { args: ['--listen', listen] }).link();
    assert.equal(new URL(link).origin, origin);
    const into = scene.makeFolder('into');
    assert.equal((await get(scene, link, { on: 'owner', into }).exit()).code, 0);
  });

scenario('the server may come from the environment, the link from standard input', async (scene) => {
  await serve(scene);
  const url = `http://${addresses.server}:8844`;
  const sender = send(scene, good, { env: { SEEDSHOT_SERVER: url } });
  const link = await sender.link();
  assert.ok(link.startsWith(`${url}/`));
  const into = scene.makeFolder('into');
  assert.equal((await get(scene, '-', { into, input: `${link}\n` }).exit()).code, 0);
  assert.deepEqual(listFiles(into), ['hostname']);
  await assertFails(get(scene, '-', { input: '' }), 'bad-link');
});

/** @type {[string, string, (file: string) => void][]} */
const damages = [
  ['changed', 'file-changed', (file) => fs.writeFileSync(file, Buffer.alloc(MiB, 7), { flag: 'r+' })],
  ['cut short', 'file-changed', (file) => fs.truncateSync(file, MiB)],
  ['removed', 'file-gone', (file) => fs.rmSync(file)],
  ['replaced', 'file-changed', (file) => {
    makeHollowFile(`${file}.new`, 2000 * MiB);
    fs.renameSync(`${file}.new`, file);
  }],
];

for (const [name, code, damage] of damages)
  scenario(`a file that is ${name} while it is shared`, async (scene) => {
    const file = path.join(scene.folder, 'large.bin');
    makeHollowFile(file, 2000 * MiB);
    const sender = send(scene, [file]);
    const link = await sender.link();
    const into = scene.makeFolder('into');
    const receiver = get(scene, link, { into });

    await sender.row({ state: 'downloading', bytes: (/** @type {number} */ bytes) => bytes > 8 * MiB });
    damage(file);
    await assertFails(receiver, code);
    assert.deepEqual(listFiles(into), []);
    await assertFails(get(scene, link, { on: 'two', into }), code);
    assert.deepEqual(listFiles(into), []);
  });

scenario('one of two files is removed while it is shared', async (scene) => {
  const files = ['gone.bin', 'kept.bin'].map((name) => path.join(scene.folder, name));
  const [, hash] = files.map((file) => makeFile(file, 3 * MiB));
  const link = await send(scene, files).link();
  fs.rmSync(files[0]);
  const into = scene.makeFolder('into');
  const receiver = get(scene, link, { into });

  assert.notEqual((await receiver.exit()).code, 0);
  await receiver.events.find({ event: 'error', code: 'file-gone' });
  assert.deepEqual(listFiles(into), ['kept.bin']);
  assert.equal(await hashFile(path.join(into, 'kept.bin')), hash);
});

scenario('a disk that is full', async (scene) => {
  const file = path.join(scene.folder, 'sent.bin');
  makeFile(file, 20 * MiB);
  const into = scene.makeFolder('small');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', into]);
  scene.defer(() => execFileSync('umount', [into]));
  await assertFails(get(scene, await send(scene, [file]).link(), { into }), 'disk-full');
  assert.deepEqual(listFiles(into), []);
});

scenario('a folder that may not be written to', async (scene) => {
  const link = await send(scene, good).link();
  await assertFails(get(scene, link, { into: '/proc/nowhere' }), 'file-unwritable');
  await assertFails(get(scene, link, { into: '/etc/hostname' }), 'file-unwritable');
});

scenario('standard output that is closed half way', async (scene) => {
  const file = path.join(scene.folder, 'large.bin');
  makeHollowFile(file, 2000 * MiB);
  const receiver = get(scene, await send(scene, [file]).link(), { into: '-', eventsOn: 'stderr' });
  receiver.child.stdout.once('data', () => receiver.child.stdout.destroy());
  assert.equal((await receiver.exit()).code, 6);
});

scenario('a setting of the server that is wrong is named', async (scene) => {
  for (const option of ['listen=nonsense', 'ping-seconds=0', 'public-url=ftp://a', 'trusted-proxies=x']) {
    const program = scene.start('server', [server, `--${option}`]);
    assert.equal((await program.exit()).code, 2);
    assert.ok(program.stderr.includes(option.split('=')[0]), program.stderr);
  }
});
