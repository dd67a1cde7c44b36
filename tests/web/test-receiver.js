// SPDX-License-Identifier: MIT

// The state machine of the receiver against an owner in memory. No network is involved.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, frames } from '../../src/web/protocol.js';
import { Receiver } from '../../src/web/receiver.js';
import { MemoryOwner, sha256, someBytes } from './memory-owner.js';

const MIB = 1024 * 1024;

/**
 * @param {import('./memory-owner.js').OwnedFile[]} files
 * @param {Partial<import('../../src/web/receiver.js').Tools>} [tools]
 */
function connect(files, tools = {}) {
  const owner = new MemoryOwner(files);
  /** @type {any[]} */
  const events = [];
  /** @type {{test: () => boolean, resolve: () => void}[]} */
  const waiting = [];
  const note = (/** @type {string} */ name) => (/** @type {any[]} */ ...values) => {
    events.push([name, ...values]);
    for (const { test: met, resolve } of waiting) if (met()) resolve();
  };

  const receiver = new Receiver(
    {
      send: (text) => owner.hear(text),
      hasher: () => ({ update() {}, digest: async (bytes) => sha256(bytes) }),
      keep: async (bytes) => new Blob([bytes]),
      now: () => performance.now(),
      ...tools,
    },
    {
      preparing: note('preparing'),
      entries: note('entries'),
      progress: note('progress'),
      done: note('done'),
      fileFailed: note('fileFailed'),
      ended: note('ended'),
    },
  );
  owner.receiver = receiver;

  /** @param {string} name @param {number} [count] @returns {Promise<any[]>} */
  const until = async (name, count = 1) => {
    const met = () => events.filter(([event]) => event === name).length >= count;
    if (!met()) await new Promise((resolve) => waiting.push({ test: met, resolve: () => resolve(0) }));
    return events.filter(([event]) => event === name)[count - 1];
  };
  return { owner, receiver, events, until };
}

/** @param {any[]} done */
async function bytesOf([, , blob]) {
  return new Uint8Array(await blob('').arrayBuffer());
}

for (const size of [0, 1, 16384, 131071, 131072, 131073, MIB, MIB + 1, 5 * MIB + 12345]) {
  for (const digestsFirst of [false, true]) {
    test(`receives ${size} bytes, digests ${digestsFirst ? 'first' : 'last'}`, async () => {
      const bytes = someBytes(size);
      const { owner, receiver, until } = connect([{ path: 'a', bytes }]);
      owner.digestsFirst = digestsFirst;
      receiver.hello('me');
      owner.open();
      await until('entries');
      receiver.want(0);
      assert.deepEqual(await bytesOf(await until('done')), bytes);
      assert.ok(receiver.complete);
      assert.deepEqual(owner.heard.at(-1), { type: 'complete', bytes: size });
      assert.ok(owner.mostAsked <= constants['window-max']);
    });
  }
}

test('is not complete before anything is wanted', async () => {
  const { owner, receiver, until } = connect([{ path: 'a', bytes: someBytes(100) }]);
  owner.open();
  await until('entries');
  await owner.drained();
  assert.ok(!receiver.complete);
  assert.equal(owner.count('complete') + owner.count('progress'), 0);
});

test('bytes may overtake the list', async () => {
  const bytes = someBytes(300000);
  const { owner, receiver, until } = connect([{ path: 'a', bytes }]);
  owner.sendFirst();
  owner.say('manifest', { files: 1, bytes: bytes.length });
  owner.sendPage(0);
  await until('entries');
  receiver.want(0);
  assert.deepEqual(await bytesOf(await until('done')), bytes);
});

test('bytes before the list have an end', async () => {
  const { owner, until } = connect([{ path: 'a', bytes: someBytes(1) }]);
  for (let i = 0; i < 100; i++) owner.sendFirst();
  assert.equal((await until('ended'))[1], 'bad-message');
});

test('the last file of many, then the first', async () => {
  const files = [300000, 70000, MIB + 5].map((size, i) => ({
    path: String(i),
    bytes: someBytes(size, i),
  }));
  const { owner, receiver, until } = connect(files);
  owner.open();
  await until('entries');
  receiver.want(2);
  assert.deepEqual(await bytesOf(await until('done')), files[2].bytes);
  receiver.want(0);
  assert.deepEqual(await bytesOf(await until('done', 2)), files[0].bytes);
  assert.deepEqual(owner.heard.at(-1), { type: 'complete', bytes: MIB + 5 + 300000 });
});

test('all of many files at once', async () => {
  const files = Array.from({ length: 40 }, (_, i) => ({
    path: String(i),
    bytes: someBytes(i * 3000, i),
  }));
  const { owner, receiver, events, until } = connect(files);
  owner.open();
  await until('entries');
  files.forEach((_, i) => receiver.want(i));
  await until('done', files.length);
  for (const done of events.filter(([name]) => name === 'done'))
    assert.deepEqual(await bytesOf(done), files[done[1]].bytes);
});

test('wanting the same twice changes nothing', async () => {
  const { owner, receiver, until } = connect([{ path: 'a', bytes: someBytes(300000) }]);
  owner.open();
  await until('entries');
  receiver.want(0);
  receiver.want(0);
  await until('done');
  receiver.want(0);
  const asked = owner.heard.reduce((sum, { type, length }) => sum + (type === 'want' ? length : 0), 0);
  assert.equal(asked, 300000 - constants['first-bytes']);
});

test('a long list comes page by page', async () => {
  const files = Array.from({ length: 300 }, (_, i) => ({ path: `f${i}`, bytes: new Uint8Array() }));
  const { owner, receiver, events, until } = connect(files);
  owner.open();
  await until('entries');
  receiver.list();
  receiver.list();
  await until('entries', 2);
  receiver.list();
  await until('entries', 3);
  receiver.list();
  const paths = events.flatMap(([name, , entries]) => (name === 'entries' ? entries : []));
  assert.deepEqual(paths.map(({ path }) => path), files.map(({ path }) => path));
  assert.equal(owner.count('list'), 2);
});

test('what arrives altered is refused by name', async () => {
  const { owner, receiver, until, events } = connect([{ path: 'a', bytes: someBytes(2 * MIB) }]);
  owner.change = (frame) => {
    if (frame.kind === frames.data && frame.offset === MIB + 16384) frame.data[7] ^= 1;
    return frame;
  };
  owner.open();
  await until('entries');
  receiver.want(0);
  assert.equal((await until('ended'))[1], 'wrong-digest');
  assert.deepEqual(owner.heard.at(-1), { type: 'bye', code: 'wrong-digest' });
  assert.ok(!events.some(([name]) => name === 'done'));
});

test('a digest that never comes means that nothing is done', async () => {
  const { owner, receiver, until, events } = connect([{ path: 'a', bytes: someBytes(100) }]);
  owner.change = (frame) => (frame.kind === frames.digest ? undefined : frame);
  owner.open();
  await until('entries');
  receiver.want(0);
  await owner.drained();
  assert.ok(!receiver.complete);
  assert.ok(!events.some(([name]) => name === 'done' || name === 'progress'));
});

/** @type {[string, (frame: any) => any][]} */
const lies = [
  ['bytes of another offset', (frame) => ({ ...frame, offset: frame.offset + 1 })],
  ['bytes of another piece', (frame) => ({ ...frame, offset: frame.offset + 3 * MIB })],
  ['bytes of another file', (frame) => ({ ...frame, file: 1 })],
  ['bytes of no file', (frame) => ({ ...frame, file: 99 })],
];

for (const [what, change] of lies) {
  test(`refuses ${what}`, async () => {
    const files = [{ path: 'a', bytes: someBytes(4 * MIB) }, { path: 'b', bytes: someBytes(9) }];
    const { owner, receiver, until } = connect(files);
    const isMeant = (/** @type {any} */ frame) => frame.kind === frames.data && frame.offset === 2 * MIB;
    owner.change = (frame) => (isMeant(frame) ? change(frame) : frame);
    owner.open();
    await until('entries');
    receiver.want(0);
    assert.equal((await until('ended'))[1], 'bad-message');
    assert.deepEqual(owner.heard.at(-1), { type: 'bye', code: 'bad-message' });
  });
}

test('refuses bytes that go on unasked', async () => {
  const { owner, until } = connect([{ path: 'a', bytes: someBytes(MIB) }]);
  owner.open();
  await until('entries');
  const data = /** @type {any} */ (someBytes(16384));
  owner.sendFrame({ kind: frames.data, file: 0, offset: constants['first-bytes'], data });
  assert.equal((await until('ended'))[1], 'bad-message');
});

test('refuses a digest of no piece', async () => {
  const { owner, receiver, until } = connect([{ path: 'a', bytes: someBytes(4 * MIB) }]);
  owner.change = (frame) => (frame.kind === frames.digest ? { ...frame, offset: frame.offset + 1 } : frame);
  owner.open();
  await until('entries');
  receiver.want(0);
  assert.equal((await until('ended'))[1], 'bad-message');
});

test('refuses a digest twice', async () => {
  const { owner, receiver, until } = connect([{ path: 'a', bytes: someBytes(4 * MIB) }]);
  owner.digestsFirst = true;
  owner.open();
  await until('entries');
  receiver.want(0);
  const data = /** @type {any} */ (new Uint8Array(32));
  owner.sendFrame({ kind: frames.digest, file: 0, offset: 0, data });
  owner.sendFrame({ kind: frames.digest, file: 0, offset: 0, data });
  assert.equal((await until('ended'))[1], 'bad-message');
});

/** @type {[string, (owner: MemoryOwner) => void][]} */
const confusions = [
  ['a second manifest', (owner) => owner.say('manifest', { files: 1, bytes: 1 })],
  ['a page that was not asked for', (owner) => owner.sendPage(0)],
  ['an error of no file', (owner) => owner.say('file-error', { file: 7, code: 'file-gone' })],
  ['a message for the owner', (owner) => owner.receiver?.control('{"type":"hello","agent":"x"}')],
  ['no JSON', (owner) => owner.receiver?.control('{')],
  ['binary as control', (owner) => owner.receiver?.control(new ArrayBuffer(9))],
  ['text as bulk', (owner) => owner.receiver?.bulk('x'.repeat(99))],
];

for (const [what, confuse] of confusions) {
  test(`ends at ${what}`, async () => {
    const { owner, receiver, until } = connect([{ path: 'a', bytes: someBytes(9) }]);
    owner.open();
    await until('entries');
    confuse(owner);
    await until('ended');
    assert.ok(receiver.ended);
    assert.equal(owner.heard.at(-1)?.type, 'bye');
  });
}

test('a list with more than the manifest said', async () => {
  const { owner, until } = connect([{ path: 'a', bytes: someBytes(9) }]);
  owner.say('manifest', { files: 1, bytes: 9 });
  owner.files.push({ path: 'b', bytes: someBytes(9) });
  owner.sendPage(0);
  assert.equal((await until('ended'))[1], 'bad-message');
});

test('a file that fails leaves the others', async () => {
  const files = [{ path: 'a', bytes: someBytes(3 * MIB) }, { path: 'b', bytes: someBytes(2 * MIB) }];
  const { owner, receiver, until } = connect(files);
  owner.open();
  await until('entries');
  receiver.want(0);
  receiver.want(1);
  owner.say('file-error', { file: 0, code: 'file-changed' });
  assert.deepEqual((await until('fileFailed')).slice(1), [0, 'file-changed']);
  assert.deepEqual(await bytesOf(await until('done')), files[1].bytes);
  assert.ok(receiver.complete);
});

test('an error of a file that is here is too late', async () => {
  const { owner, receiver, until, events } = connect([{ path: 'a', bytes: someBytes(9) }]);
  owner.open();
  await until('entries');
  receiver.want(0);
  await until('done');
  owner.say('file-error', { file: 0, code: 'file-gone' });
  owner.say('stop', { code: 'share-closed' });
  await until('ended');
  assert.ok(!events.some(([name]) => name === 'fileFailed'));
});

test('answers a ping at once', () => {
  const { owner, receiver } = connect([{ path: 'a', bytes: someBytes(9) }]);
  receiver.control('{"type":"ping","n":4294967295}');
  assert.deepEqual(owner.heard, [{ type: 'pong', n: 4294967295 }]);
});

test('says that the owner is preparing', async () => {
  const { owner, until } = connect([{ path: 'a', bytes: someBytes(9) }]);
  owner.say('preparing');
  await until('preparing');
});

test('the end by the owner is final', async () => {
  const { owner, receiver, until } = connect([{ path: 'a', bytes: someBytes(9) }]);
  owner.open();
  await until('entries');
  owner.say('stop', { code: 'refused' });
  assert.equal((await until('ended'))[1], 'refused');
  receiver.want(0);
  receiver.list();
  receiver.bye();
  assert.equal(owner.heard.length, 0);
});

test('progress is verified bytes, and not said too often', async () => {
  let now = 0;
  const { owner, receiver, until } = connect([{ path: 'a', bytes: someBytes(12 * MIB) }], {
    now: () => (now += 2),
  });
  owner.open();
  await until('entries');
  receiver.want(0);
  await until('done');
  const reports = owner.heard.filter(({ type }) => type === 'progress');
  assert.ok(reports.length >= 1);
  assert.ok(reports.length <= now / constants['progress-interval-ms'] + 1, String(reports.length));
  for (const { bytes } of reports) assert.equal(bytes % MIB, 0);
});

test('asks for no more than it can hold while verification lags', async () => {
  /** @type {(() => void)[]} */
  const stuck = [];
  const { owner, receiver, until } = connect([{ path: 'a', bytes: someBytes(48 * MIB) }], {
    hasher: () => ({
      update() {},
      async digest(bytes) {
        await new Promise((resolve) => stuck.push(() => resolve(0)));
        return sha256(bytes);
      },
    }),
  });
  owner.open();
  await until('entries');
  receiver.want(0);
  const asked = () => owner.heard.reduce((sum, { length = 0 }) => sum + length, 0);
  await owner.drained();
  assert.ok(asked() <= 2 * constants['window-max'] + MIB, String(asked()));
  const pump = setInterval(() => stuck.splice(0).forEach((go) => go()), 1);
  await until('done');
  clearInterval(pump);
});

test('pieces too large to hold are refused, not allocated', async () => {
  const file = { path: 'a', bytes: someBytes(200000), piece: 2 ** 40 };
  const { owner, receiver, until, events } = connect([file]);
  const page = { path: 'a', type: '', size: 2 ** 50, piece: 2 ** 40, time: 0 };
  owner.say('manifest', { files: 1, bytes: 2 ** 50 });
  owner.say('files', { from: 0, entries: [page] });
  owner.sendFirst();
  await until('entries');
  receiver.want(0);
  assert.deepEqual((await until('fileFailed')).slice(1), [0, 'too-big-here']);
  assert.ok(!events.some(([name]) => name === 'ended'));
});

test('no space to keep a piece ends by name', async () => {
  const { SeedError } = await import('../../src/web/errors.js');
  const { owner, receiver, until } = connect([{ path: 'a', bytes: someBytes(9) }], {
    keep: async () => {
      throw new SeedError('disk-full');
    },
  });
  owner.open();
  await until('entries');
  receiver.want(0);
  assert.equal((await until('ended'))[1], 'disk-full');
});
