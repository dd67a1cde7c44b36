// SPDX-License-Identifier: MIT

// Time that passes when a test says so.

/** @typedef {{at: number, every?: number, run: () => void}} Timer */

export class FakeTime {
  #now = 1000;
  /** @type {Map<number, Timer>} */
  #timers = new Map();
  #last = 0;
  #real = { ...pick(globalThis), now: performance.now, date: Date.now };

  constructor() {
    const add = (/** @type {() => void} */ run, wait = 0, repeat = false) => {
      this.#timers.set(++this.#last, { at: this.#now + wait, every: repeat ? wait : undefined, run });
      return this.#last;
    };
    const drop = (/** @type {number} */ id) => this.#timers.delete(id);
    Object.assign(globalThis, {
      setTimeout: (/** @type {() => void} */ run, /** @type {number} */ wait) => add(run, wait),
      setInterval: (/** @type {() => void} */ run, /** @type {number} */ wait) => add(run, wait, true),
      clearTimeout: drop,
      clearInterval: drop,
    });
    Date.now = () => this.#now;
    // Older versions of Node let no one assign to it.
    Object.defineProperty(performance, 'now', { value: Date.now, configurable: true });
  }

  /** @param {number} milliseconds */
  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    for (let next = this.#due(end); next !== undefined; next = this.#due(end)) {
      const [id, timer] = next;
      this.#now = timer.at;
      if (timer.every === undefined) this.#timers.delete(id);
      else timer.at += timer.every;
      timer.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** @param {number} end */
  #due(end) {
    return [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
  }

  restore() {
    const { now, date, ...timers } = this.#real;
    Object.assign(globalThis, timers);
    Object.defineProperty(performance, 'now', { value: now, configurable: true });
    Date.now = date;
  }
}

/** @param {typeof globalThis} from */
function pick({ setTimeout, setInterval, clearTimeout, clearInterval }) {
  return { setTimeout, setInterval, clearTimeout, clearInterval };
}

/** @returns {Promise<void>} once promises have had their say */
export async function settle() {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}
