// SPDX-License-Identifier: MIT

// How fast bytes are verified, over the last seconds.

const SPAN_MS = 4000;

export class Rate {
  /** @type {{at: number, bytes: number}[]} */
  #samples = [];

  /**
   * @param {number} bytes so far
   * @param {number} now in milliseconds
   */
  add(bytes, now) {
    this.#samples.push({ at: now, bytes });
    while (this.#samples.length > 2 && this.#samples[1].at <= now - SPAN_MS) this.#samples.shift();
  }

  /** @returns {number} bytes a second; 0 while it is not known */
  get perSecond() {
    const [first, last] = [this.#samples[0], this.#samples[this.#samples.length - 1]];
    if (first === undefined || last.at - first.at < 1) return 0;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}
