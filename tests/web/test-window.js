// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants } from '../../src/web/protocol.js';
import { Window } from '../../src/web/window.js';

const FRAME = constants['frame-data-max'];

/**
 * A path that delivers so many bytes a millisecond after so many milliseconds, played by hand.
 *
 * @param {Window} window
 * @param {{rate: number, trip: number, total: number}} path
 * @returns {number} how long it took, in milliseconds
 */
function play(window, { rate, trip, total }) {
  /** @type {{at: number, bytes: number}[]} */
  const coming = [];
  let [asked, arrived, now, free] = [0, 0, 0, 0];
  while (arrived < total) {
    for (let room = window.room; room > 0 && asked < total; room = window.room) {
      const length = Math.min(room, total - asked);
      window.asked(0, length, now);
      asked += length;
      for (let sent = 0; sent < length; sent += FRAME) {
        const bytes = Math.min(FRAME, length - sent);
        free = Math.max(free, now + trip) + bytes / rate;
        coming.push({ at: free, bytes });
      }
    }
    const next = coming.shift();
    assert.ok(next !== undefined, 'nothing is asked for, nothing comes');
    now = next.at;
    arrived += next.bytes;
    window.arrived(next.bytes, now);
  }
  return now;
}

test('begins at the least', () => {
  const window = new Window();
  assert.equal(window.size, constants['window-min']);
  assert.ok(window.room > 0 && window.room <= constants['window-min']);
});

test('never asks for more than it is large', () => {
  const window = new Window();
  for (let room = window.room; room > 0; room = window.room) window.asked(0, room, 0);
  assert.ok(window.outstanding <= window.size);
});

test('stays small on a short path', () => {
  const window = new Window();
  play(window, { rate: 40 * 1024, trip: 1, total: 64 * 1024 ** 2 });
  assert.ok(window.size <= 2 * constants['window-min'], String(window.size));
});

test('does not fill a slow path', () => {
  const window = new Window();
  play(window, { rate: 1000, trip: 40, total: 300 * 1024 ** 2 });
  assert.ok(window.size <= 2 * constants['window-min'], String(window.size));
});

test('grows until a long path is full', () => {
  const window = new Window();
  const [rate, trip, total] = [10 * 1024, 100, 200 * 1024 ** 2];
  const took = play(window, { rate, trip, total });
  assert.ok(took < (total / rate) * 1.25, `${took} ms`);
  assert.ok(window.size < rate * trip * 6, String(window.size));
});

test('comes down again where less will do', () => {
  const window = new Window();
  play(window, { rate: 50000, trip: 80, total: 200 * 1024 ** 2 });
  const before = window.size;
  play(window, { rate: 500, trip: 80, total: 40 * 1024 ** 2 });
  assert.ok(before >= 4e6 && window.size <= 4 * constants['window-min'], `${before} ${window.size}`);
});

test('has an upper end', () => {
  const window = new Window();
  play(window, { rate: 1024 ** 2, trip: 500, total: 1024 ** 3 });
  assert.equal(window.size, constants['window-max']);
});

test('a question is never longer than the protocol takes', () => {
  const window = new Window();
  play(window, { rate: 1024 ** 2, trip: 500, total: 1024 ** 3 });
  assert.equal(window.room, constants['want-length-max']);
});

test('what comes unasked takes room, and tells nothing', () => {
  const window = new Window();
  window.expect(0, constants['first-bytes']);
  assert.equal(window.outstanding, constants['first-bytes']);
  window.arrived(constants['first-bytes'], 5000);
  assert.equal(window.outstanding, 0);
  assert.equal(window.size, constants['window-min']);
});

test('forgets one file and no other', () => {
  const window = new Window();
  window.asked(1, 1000, 0);
  window.asked(2, 500, 0);
  window.asked(1, 1000, 0);
  window.forget(1);
  assert.equal(window.outstanding, 500);
  assert.equal(window.unanswered, 1);
});

test('a clock that stands still does no harm', () => {
  const window = new Window();
  for (let i = 0; i < 100; i++) {
    window.asked(0, FRAME, 0);
    window.arrived(FRAME, 0);
  }
  assert.ok(window.size <= constants['window-max'] && window.size >= constants['window-min']);
});
