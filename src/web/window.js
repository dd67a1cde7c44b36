// SPDX-License-Identifier: MIT

// How many bytes a receiver may have asked for and not yet received. It begins with what no socket
// is overrun by, and finds out what pays: it doubles as long as that makes the bytes come
// noticeably faster, goes one step back when it does not, and tries again every few seconds,
// upwards and downwards in turn. The same as src/core/seed-window.c, which says more of why.

import { constants } from './protocol.js';

const MIN = constants['window-min'];
const MAX = constants['window-max'];
const FRAME = constants['frame-data-max'];
const INTERVAL_MS = constants['window-interval-ms'];
const REST_MS = constants['window-rest-ms'];
const GAIN = constants['window-gain-percent'] / 100;
const LOSS = constants['window-loss-percent'] / 100;
const PAUSE_MS = 20;

/** @typedef {{file: number, left: number, at: number, unasked: boolean}} Ask */

export class Window {
  /** @type {Ask[]} */
  #asks = [];
  /** @type {'steady' | 'up' | 'down'} */
  #phase = 'steady';
  #downIsNext = false;
  #base = 0; // bytes a millisecond before the trial
  #nextTry = -Infinity; // milliseconds
  #shortest = 0; // round trip in milliseconds
  #began = NaN; // of the interval being measured
  #delivered = 0; // bytes in that interval
  #lastArrival = -Infinity;

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
    // With nothing asked for, a time without bytes says nothing of the path.
    if (this.outstanding === 0 && now - this.#lastArrival > PAUSE_MS) this.#began = NaN;
    this.outstanding += bytes;
    this.#asks.push({ file, left: bytes, at: now, unasked: false });
  }

  /**
   * @param {number} file
   * @param {number} bytes that come without a question, which says nothing of a round trip
   */
  expect(file, bytes) {
    this.outstanding += bytes;
    this.#asks.push({ file, left: bytes, at: 0, unasked: true });
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
    this.#lastArrival = now;

    let left = bytes;
    while (left > 0 && this.#asks.length > 0) {
      const ask = this.#asks[0];
      const part = Math.min(ask.left, left);
      ask.left -= part;
      left -= part;
      if (ask.left > 0) break;
      this.#asks.shift();
      this.#measureTrip(ask, now);
    }
    this.#measureRate(bytes, now);
  }

  /**
   * @param {Ask} ask
   * @param {number} now
   */
  #measureTrip(ask, now) {
    const trip = now - ask.at;
    if (!ask.unasked && trip > 0 && (this.#shortest === 0 || trip < this.#shortest)) this.#shortest = trip;
  }

  /**
   * @param {number} bytes
   * @param {number} now
   */
  #measureRate(bytes, now) {
    if (Number.isNaN(this.#began)) {
      this.#began = now;
      this.#delivered = 0;
      return;
    }
    this.#delivered += bytes;

    // Two round trips at the least: a change of the window shows only after one.
    const elapsed = now - this.#began;
    if (elapsed < Math.max(2 * this.#shortest, INTERVAL_MS)) return;

    this.#judge(this.#delivered / elapsed, now);
    this.#began = now;
    this.#delivered = 0;
  }

  /**
   * @param {number} rate
   * @param {number} now
   */
  #judge(rate, now) {
    if (this.#phase === 'steady') {
      if (now < this.#nextTry) return;
      this.#try(this.#downIsNext ? 'down' : 'up', rate, now);
      this.#downIsNext = !this.#downIsNext;
    } else if (rate >= this.#base * (this.#phase === 'up' ? GAIN : LOSS)) {
      this.#try(this.#phase, rate, now);
    } else {
      this.size = this.#phase === 'up' ? this.size / 2 : this.size * 2;
      this.#rest(now);
    }
  }

  /**
   * Puts the window on trial, or rests where it is at its bound.
   *
   * @param {'up' | 'down'} phase
   * @param {number} rate
   * @param {number} now
   */
  #try(phase, rate, now) {
    const size = phase === 'up' ? this.size * 2 : this.size / 2;
    if (size < MIN || size > MAX) return this.#rest(now);
    this.#phase = phase;
    this.size = size;
    this.#base = rate;
  }

  /** @param {number} now */
  #rest(now) {
    this.#phase = 'steady';
    this.#nextTry = now + REST_MS;
  }
}
