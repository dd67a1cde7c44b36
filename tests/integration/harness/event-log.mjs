// SPDX-License-Identifier: MIT

// The events of a program, in order, with the time at which each came. Whoever looks late misses
// none: iterating and finding both begin with the first.

import { within } from './within.mjs';

const LIMIT = 15000;

export class EventLog {
  /** @type {{event: string, at: number, [key: string]: any}[]} */
  all = [];
  #ended = false;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {Record<string, unknown>} event */
  push(event) {
    this.all.push({ ...event, at: performance.now() });
    this.#wake();
  }

  end() {
    this.#ended = true;
    this.#wake();
  }

  #wake() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async *[Symbol.asyncIterator]() {
    for (let i = 0; ; i++) {
      while (i === this.all.length && !this.#ended)
        await new Promise((/** @type {(none?: undefined) => void} */ resolve) => this.#waiting.push(resolve));
      if (i === this.all.length) return;
      yield this.all[i];
    }
  }

  /**
   * @param {Record<string, unknown>} wanted fields, each a value or a function that tells
   * @param {number} [limit]
   */
  find(wanted, limit = LIMIT) {
    const search = async () => {
      for await (const event of this) if (matches(event, wanted)) return event;
      throw new Error(`ended without ${describe(wanted)}; the last was ${JSON.stringify(this.all.at(-1))}`);
    };
    const what = () => `${describe(wanted)}; the last was ${JSON.stringify(this.all.at(-1))}`;
    return within(search(), limit, what);
  }

  /** @param {Record<string, unknown>} wanted */
  filter(wanted) {
    return this.all.filter((event) => matches(event, wanted));
  }
}

/**
 * @param {Record<string, any>} event
 * @param {Record<string, unknown>} wanted
 */
function matches(event, wanted) {
  return Object.entries(wanted).every(([key, value]) =>
    typeof value === 'function' ? value(event[key]) : event[key] === value,
  );
}

/** @param {Record<string, unknown>} wanted */
function describe(wanted) {
  return JSON.stringify(wanted, (_key, value) => (typeof value === 'function' ? String(value) : value));
}
