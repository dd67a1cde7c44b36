// SPDX-License-Identifier: MIT

// A session's phases and their limits, over a WebSocket and an RTCPeerConnection of the test's own.
// Real ones are met in the integration tests.

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { build } from '../../src/web/protocol.js';
import { nobleCipher } from '../../src/web/seal-noble.js';
import { Seal } from '../../src/web/seal.js';
import { Session } from '../../src/web/session.js';
import { FakeSocket } from './fake-socket.js';
import { FakeTime, settle } from './fake-time.js';

// As on a page on plain http, where nothing waits for a thread of the browser's.
const getRandomValues = webcrypto.getRandomValues.bind(webcrypto);
Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues } });

const link = { server: 'http://x', share: '23456789AB', secret: new Uint8Array(16).fill(7) };

class FakeConnection {
  iceConnectionState = 'new';
  connectionState = 'new';
  localDescription = { sdp: 'our answer' };
  /** @type {any[]} */
  channels = [];
  /** @type {any} */
  configuration;
  /** @type {string[]} */
  candidates = [];
  /** @type {any} */
  oniceconnectionstatechange;
  /** @type {any} */
  onconnectionstatechange;
  /** @type {any} */
  onicecandidate;

  createDataChannel() {
    const channel = {
      readyState: 'connecting',
      /** @type {string[]} */
      sent: [],
      close() {
        this.readyState = 'closed';
      },
      send(/** @type {string} */ text) {
        this.sent.push(text);
      },
    };
    this.channels.push(channel);
    return channel;
  }

  /** @param {any} configuration */
  setConfiguration(configuration) {
    this.configuration = configuration;
  }

  /** @param {any} description */
  async setRemoteDescription({ sdp }) {
    if (sdp === 'nonsense') throw new Error('no SDP');
  }

  async setLocalDescription() {}

  /** @param {any} candidate */
  async addIceCandidate({ candidate }) {
    this.candidates.push(candidate);
  }

  close() {}

  openChannels() {
    for (const channel of this.channels) channel.readyState = 'open';
    this.channels[0].onopen();
    this.channels[1].onopen();
  }

  /** @param {'iceConnectionState' | 'connectionState'} which @param {string} state */
  become(which, state) {
    this[which] = state;
    if (which === 'connectionState') this.onconnectionstatechange();
    else this.oniceconnectionstatechange();
  }
}

/** @type {FakeConnection} */
let connection;
/** @type {FakeTime} */
let time;

beforeEach(() => {
  time = new FakeTime();
  const make = function () {
    connection = new FakeConnection();
    return connection;
  };
  globalThis.RTCPeerConnection = /** @type {any} */ (make);
});
afterEach(() => time.restore());

async function join() {
  const socket = new FakeSocket();
  /** @type {any[]} */
  const events = [];
  const names = ['preparing', 'away', 'entries', 'progress', 'done', 'fileFailed', 'ended'];
  const note = (/** @type {string} */ name) => (/** @type {any[]} */ ...values) => {
    events.push([name, ...values]);
  };
  const on = Object.fromEntries(names.map((name) => [name, note(name)]));
  const options = { link, agent: 'me', open: () => /** @type {any} */ (socket) };
  const session = new Session(options, /** @type {any} */ (on));
  socket.accept();
  socket.say('joined', { ice: [{ url: 'stun:x:1' }] });
  const peer = socket.heard[0].peer;
  const seal = new Seal('owner', link, peer, nobleCipher);

  /** @param {any} type @param {Record<string, unknown>} fields */
  const say = async (type, fields) => {
    socket.say('relay', { peer, sealed: await seal.close(build(type, fields)) });
    await settle();
  };
  await settle();
  return { session, socket, events, say, seal, peer };
}

/** @param {any[]} events */
const ends = (events) => events.filter(([name]) => name === 'ended').map(([, code]) => code);

test('answers an offer, and takes candidates in order', async () => {
  const { socket, say, seal } = await join();
  assert.deepEqual(connection.configuration.iceServers[0].urls, 'stun:x:1');
  say('offer', { sdp: 'v=0' });
  say('candidate', { line: 0, candidate: 'a' });
  await say('candidate', { line: 0, candidate: '' });
  assert.deepEqual(connection.candidates, ['a', '']);
  const answer = socket.heard.find(({ type }) => type === 'relay');
  assert.deepEqual(JSON.parse(await seal.open(answer?.sealed)), { type: 'answer', sdp: 'our answer' });
});

test('what was altered on the way is refused at both ends', async () => {
  const { socket, events, seal, peer } = await join();
  const sealed = await seal.close(build('offer', { sdp: 'v=0' }));
  const altered = sealed.slice(0, -3) + (sealed.at(-3) === 'A' ? 'B' : 'A') + sealed.slice(-2);
  socket.say('relay', { peer, sealed: altered });
  await settle();
  assert.deepEqual(ends(events), ['seal-broken']);
  assert.deepEqual(socket.heard.at(-1), { type: 'leave', code: 'seal-broken' });
});

test('an offer that is none ends it', async () => {
  const { events, say } = await join();
  await say('offer', { sdp: 'nonsense' });
  assert.deepEqual(ends(events), ['bad-message']);
});

test('a second offer ends it', async () => {
  const { events, say } = await join();
  await say('offer', { sdp: 'v=0' });
  await say('offer', { sdp: 'v=0' });
  assert.deepEqual(ends(events), ['bad-message']);
});

test('an owner that makes no offer is named', async () => {
  const { events } = await join();
  await time.pass(19999);
  assert.deepEqual(ends(events), []);
  await time.pass(1);
  assert.deepEqual(ends(events), ['timeout-signalling']);
});

test('no path is named', async () => {
  const { events, say } = await join();
  await say('offer', { sdp: 'v=0' });
  await time.pass(20000);
  assert.deepEqual(ends(events), ['timeout-ice']);
});

test('a path that failed is named at once', async () => {
  const { events, say } = await join();
  await say('offer', { sdp: 'v=0' });
  connection.become('iceConnectionState', 'failed');
  assert.deepEqual(ends(events), ['timeout-ice']);
});

test('a path without a secure connection is named', async () => {
  const { events, say } = await join();
  await say('offer', { sdp: 'v=0' });
  connection.become('iceConnectionState', 'connected');
  await time.pass(20000);
  assert.deepEqual(ends(events), ['timeout-dtls']);
});

test('a connection without data is named', async () => {
  const { events, say } = await join();
  await say('offer', { sdp: 'v=0' });
  connection.become('iceConnectionState', 'connected');
  connection.become('connectionState', 'connected');
  connection.openChannels();
  assert.deepEqual(connection.channels[0].sent, [build('hello', { agent: 'me' })]);
  await time.pass(20000);
  assert.deepEqual(ends(events), ['timeout-data']);
});

async function connected() {
  const joined = await join();
  await joined.say('offer', { sdp: 'v=0' });
  connection.openChannels();
  const [control, bulk] = connection.channels;
  control.onmessage({ data: build('preparing') });
  return { ...joined, control, bulk };
}

test('preparing may take as long as it takes, with an owner that lives', async () => {
  const { events, control } = await connected();
  for (let i = 0; i < 100; i++) {
    await time.pass(2000);
    control.onmessage({ data: build('ping', { n: i }) });
  }
  assert.deepEqual(events, [['preparing']]);
});

test('an owner that falls silent is lost', async () => {
  const { events, control } = await connected();
  await time.pass(7000);
  assert.deepEqual(ends(events), []);
  await time.pass(3000);
  assert.deepEqual(ends(events), ['peer-lost']);
  assert.equal(control.readyState, 'closed');
});

test('an owner that closes without a word is lost', async () => {
  const { events, bulk } = await connected();
  bulk.onclose();
  assert.deepEqual(ends(events), ['peer-lost']);
});

test('the server may lose the owner while bytes flow', async () => {
  const { events, socket } = await connected();
  socket.say('gone', { code: 'share-lost' });
  assert.deepEqual(ends(events), []);
});

test('the server may say that the share is closed', async () => {
  const { events, socket } = await connected();
  socket.say('gone', { code: 'share-closed' });
  assert.deepEqual(ends(events), ['share-closed']);
});

test('an owner that is away is waited for, but not for ever', async () => {
  const { events, socket } = await join();
  socket.say('owner', { present: false });
  await time.pass(60000);
  assert.deepEqual(events, [['away', true]]);
  socket.say('owner', { present: true });
  socket.say('owner', { present: false });
  await time.pass(120000);
  assert.deepEqual(ends(events), ['share-lost']);
});

test('leaving says so on both ways', async () => {
  const { session, socket, control, events } = await connected();
  session.close();
  assert.equal(control.sent.at(-1), build('bye'));
  assert.deepEqual(socket.heard.at(-1), { type: 'leave' });
  await time.pass(60000);
  assert.deepEqual(ends(events), []);
});
