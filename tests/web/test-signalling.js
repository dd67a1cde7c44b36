// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Signalling } from '../../src/web/signalling.js';
import { FakeSocket } from './fake-socket.js';
import { FakeTime } from './fake-time.js';

const share = '23456789AB';
const peer = 'ABCDEFGHIJKLMNOPQRSTUg';
const sealed = 'A'.repeat(60);

/** @type {FakeTime} */
let time;
beforeEach(() => {
  time = new FakeTime();
});
afterEach(() => time.restore());

function start() {
  /** @type {FakeSocket[]} */
  const sockets = [];
  /** @type {any[]} */
  const events = [];
  const open = () => {
    sockets.push(new FakeSocket());
    return /** @type {any} */ (sockets[sockets.length - 1]);
  };
  const note = (/** @type {string} */ name) => (/** @type {any} */ value) => events.push([name, value]);
  const on = { joined: note('joined'), relay: note('relay'), owner: note('owner'), gone: note('gone') };
  const signalling = new Signalling({ share, peer, open }, /** @type {any} */ (on));
  return { signalling, sockets, events };
}

test('joins once the socket is open', () => {
  const { sockets, events } = start();
  sockets[0].accept();
  assert.deepEqual(sockets[0].heard, [{ type: 'join', share, peer }]);
  sockets[0].say('joined', { ice: [{ url: 'stun:x:1' }] });
  sockets[0].say('relay', { peer, sealed });
  sockets[0].say('owner', { present: false });
  assert.deepEqual(events, [
    ['joined', [{ url: 'stun:x:1' }]],
    ['relay', sealed],
    ['owner', false],
  ]);
});

test('a socket may be open already', () => {
  const socket = new FakeSocket();
  socket.accept();
  const on = { joined() {}, relay() {}, owner() {}, gone() {} };
  new Signalling({ share, peer, open: () => /** @type {any} */ (socket) }, on);
  assert.deepEqual(socket.types, ['join']);
});

test('a server without our subprotocol is of another version', () => {
  const { sockets, events } = start();
  sockets[0].accept('');
  assert.deepEqual(events, [['gone', 'wrong-version']]);
});

for (const code of ['share-unknown', 'too-fast', 'refused']) {
  test(`${code} ends the first attempt`, () => {
    const { sockets, events } = start();
    sockets[0].accept();
    sockets[0].say('error', { code });
    assert.deepEqual(events, [['gone', code]]);
  });
}

test('a server that is not there is unreachable', async () => {
  const { sockets, events } = start();
  for (let i = 0; i < 20; i++) {
    sockets.at(-1)?.lose();
    await time.pass(1000);
  }
  assert.deepEqual(events, [['gone', 'server-unreachable']]);
  assert.ok(sockets.length > 2 && sockets.length < 10, String(sockets.length));
});

test('a server that never answers is unreachable', async () => {
  const { sockets, events } = start();
  sockets[0].accept();
  await time.pass(30000);
  assert.deepEqual(events, [['gone', 'server-unreachable']]);
});

test('joins again under the same name, with growing pauses, for ever', async () => {
  const { sockets, events } = start();
  sockets[0].accept();
  sockets[0].say('joined', { ice: [] });
  sockets[0].lose();
  await time.pass(249);
  assert.equal(sockets.length, 1);
  await time.pass(1);
  assert.equal(sockets.length, 2);
  for (let minute = 0; minute < 10; minute++) {
    sockets.at(-1)?.lose();
    await time.pass(60000);
  }
  while (sockets.at(-1)?.onopen === null) await time.pass(1000);
  sockets.at(-1)?.accept();
  assert.deepEqual(sockets.at(-1)?.heard, [{ type: 'join', share, peer }]);
  assert.deepEqual(events, [['joined', []]]);
});

test('a share that a restarted server does not know yet is tried again', async () => {
  const { sockets, events } = start();
  sockets[0].accept();
  sockets[0].say('joined', { ice: [] });
  sockets[0].lose();
  await time.pass(250);
  sockets[1].accept();
  sockets[1].say('error', { code: 'share-unknown' });
  await time.pass(500);
  sockets[2].accept();
  sockets[2].say('joined', { ice: [] });
  assert.deepEqual(events, [['joined', []], ['joined', []]]);
});

test('what is to be relayed waits for a socket', async () => {
  const { signalling, sockets } = start();
  sockets[0].accept();
  sockets[0].say('joined', { ice: [] });
  sockets[0].lose();
  for (let i = 0; i < 70; i++) signalling.relay(sealed);
  await time.pass(250);
  sockets[1].accept();
  sockets[1].say('joined', { ice: [] });
  assert.equal(sockets[1].types.filter((type) => type === 'relay').length, 64);
});

test('the end by the server is final', async () => {
  const { sockets, events } = start();
  sockets[0].accept();
  sockets[0].say('joined', { ice: [] });
  sockets[0].say('gone', { code: 'share-closed' });
  sockets[0].say('relay', { peer, sealed });
  await time.pass(60000);
  assert.deepEqual(events.slice(1), [['gone', 'share-closed']]);
  assert.equal(sockets.length, 1);
});

test('garbage from the server ends it by name', () => {
  const { sockets, events } = start();
  sockets[0].accept();
  sockets[0].onmessage({ data: '{"type":"joined"}' });
  assert.deepEqual(events, [['gone', 'bad-message']]);
});

test('leaving says why, and nothing follows', async () => {
  const { signalling, sockets, events } = start();
  sockets[0].accept();
  sockets[0].say('joined', { ice: [] });
  signalling.leave('seal-broken');
  sockets[0].lose();
  await time.pass(60000);
  assert.deepEqual(sockets[0].heard.at(-1), { type: 'leave', code: 'seal-broken' });
  assert.equal(sockets.length, 1);
  assert.equal(events.length, 1);
});
