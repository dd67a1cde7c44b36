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

/** @typedef {{file: number, left: number, at: number, delivered: number, begun: boolean}} Ask */

export class Window {
  /** @type {Ask[]} */
  #asks = [];
  #delivered = 0;
  #rate = 0; // bytes a millisecond
  #trip = Infinity; // milliseconds

  outstanding = 0;

  /** @returns {number} bytes */
  get size() {
    const holds = Number.isFinite(this.#trip) ? 2 * this.#rate * this.#trip : 0;
    return Math.min(Math.max(holds, MIN), MAX);
  }

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
    this.#asks.push({ file, left: bytes, at: now, delivered: this.#delivered, begun: false });
  }

  /**
   * @param {number} file
   * @param {number} bytes that come without a question, which says nothing of the path
   */
  expect(file, bytes) {
    this.outstanding += bytes;
    this.#asks.push({ file, left: bytes, at: -1, delivered: 0, begun: true });
  }

  /** @param {number} file of which nothing more will come */
  forget(file) {
    this.#asks = this.#asks.filter((ask) => ask.file !== file);
    this.outstanding = this.#asks.reduce((sum, ask) => sum + ask.left, 0);
  }

  /**
   * @param {number} bytes
   * @param {number} now in milliseconds
   */
  arrived(bytes, now) {
    this.outstanding -= bytes;
    this.#delivered += bytes;

    let left = bytes;
    while (left > 0 && this.#asks.length > 0) {
      const ask = this.#asks[0];
      const part = Math.min(ask.left, left);
      this.#measureTrip(ask, now);
      ask.left -= part;
      left -= part;
      if (ask.left > 0) return;
      this.#asks.shift();
      this.#measureRate(ask, now);
    }
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
   * @param {Ask} ask
   * @param {number} now
   */
  #measureRate(ask, now) {
    if (ask.at < 0) return;
    const rate = (this.#delivered - ask.delivered) / Math.max(now - ask.at, TICK_MS);
    // Up at once, down slowly: one slow answer does not mean a slow path.
    this.#rate = Math.max(rate, this.#rate + (rate - this.#rate) / 16);
  }
}
