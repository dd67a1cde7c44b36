// SPDX-License-Identifier: MIT

// How many bytes a receiver may have asked for and not yet received: twice what the path delivers
// in its shortest round trip, between the protocol's bounds. Twice, so that it doubles with each
// round trip until the path is full, and no further.

import { constants } from './protocol.js';

const MIN = constants['window-min'];
const MAX = constants['window-max'];
const FRAME = constants['frame-data-max'];

// A clock may be as coarse as this.
const TICK_MS = 1;

// What arrives within less says more about the browser's scheduling than about the path.
const INTERVAL_MS = 20;

// On a path as short as this an answer takes the time of the two programs, not the path's. More
// questions would not shorten it, and would overrun the socket that the browser reads: Chromium's
// holds some 56 packets, and when the last of a file are lost, a whole second is.
const SHORT_MS = 3;
const SHORT_SIZE = MIN / 2;

/** @typedef {{file: number, left: number, at: number, begun: boolean}} Ask */

export class Window {
  /** @type {Ask[]} */
  #asks = [];
  #trip = Infinity; // milliseconds
  #began = NaN; // of the interval being measured
  #delivered = 0; // bytes in that interval
  #least = MIN;
  #mayGrow = false; // not before it is known whether the path is short

  outstanding = 0;
  size = MIN;

  /** @returns {number} how many bytes the next question should ask for; 0: none now */
  get room() {
    const part = Math.floor(this.size / 4 / FRAME) * FRAME;
    const free = this.size - this.outstanding;
    return free >= part ? Math.min(part, constants['want-length-max']) : 0;
  }

  /** @returns {number} unanswered questions */
  get unanswered() {
    return this.#asks.length;
  }

  /**
   * @param {number} file
   * @param {number} bytes
   * @param {number} now in milliseconds
   */
  asked(file, bytes, now) {
    this.outstanding += bytes;
    this.#asks.push({ file, left: bytes, at: now, begun: false });
  }

  /**
   * @param {number} file
   * @param {number} bytes that come without a question, which says nothing of the path
   */
  expect(file, bytes) {
    this.outstanding += bytes;
    this.#asks.push({ file, left: bytes, at: 0, begun: true });
  }

  /** @param {number} file of which nothing more will come */
  forget(file) {
    this.#asks = this.#asks.filter((ask) => ask.file !== file);
    this.outstanding = this.#asks.reduce((sum, ask) => sum + ask.left, 0);
  }

  /** @param {number} trip of the path alone, in milliseconds; Infinity where no one knows it */
  pathTrip(trip) {
    this.#mayGrow = true;
    if (trip > SHORT_MS) return;
    this.#trip = TICK_MS;
    this.#least = this.size = SHORT_SIZE;
  }

  /**
   * @param {number} bytes
   * @param {number} now in milliseconds
   */
  arrived(bytes, now) {
    this.outstanding -= bytes;

    let left = bytes;
    while (left > 0 && this.#asks.length > 0) {
      const ask = this.#asks[0];
      const part = Math.min(ask.left, left);
      this.#measureTrip(ask, now);
      ask.left -= part;
      left -= part;
      if (ask.left === 0) this.#asks.shift();
    }
    this.#measureRate(bytes, now);
  }

  /**
   * @param {Ask} ask
   * @param {number} now
   */
  #measureTrip(ask, now) {
    if (ask.begun) return;
    ask.begun = true;
    this.#trip = Math.min(this.#trip, Math.max(now - ask.at, TICK_MS));
  }

  /**
   * @param {number} bytes
   * @param {number} now
   */
  #measureRate(bytes, now) {
    if (Number.isNaN(this.#began)) this.#began = now;
    this.#delivered += bytes;

    const elapsed = now - this.#began;
    if (!this.#mayGrow || this.#trip === Infinity || elapsed < Math.max(this.#trip, INTERVAL_MS)) return;

    const holds = (this.#delivered / elapsed) * this.#trip;
    // A step at most doubles or halves it, so that one odd interval does no harm.
    const size = Math.min(Math.max(2 * holds, this.size / 2), this.size * 2);
    this.size = Math.min(Math.max(size, this.#least), MAX);
    this.#began = now;
    this.#delivered = 0;
  }
}
