// SPDX-License-Identifier: MIT

import { build, parse, subprotocol } from '../../src/web/protocol.js';

/** A WebSocket whose server is the test. */
export class FakeSocket {
  readyState = 0;
  protocol = '';
  /** @type {any} */
  onopen = null;
  /** @type {any} */
  onmessage = null;
  /** @type {any} */
  onclose = null;
  /** @type {import('../../src/web/protocol.js').Message[]} */
  heard = [];

  accept(protocol = subprotocol) {
    this.protocol = protocol;
    this.readyState = 1;
    this.onopen?.({});
  }

  /**
   * @param {any} type
   * @param {Record<string, unknown>} [fields]
   */
  say(type, fields) {
    this.onmessage?.({ data: build(type, fields) });
  }

  /** @param {string} text */
  send(text) {
    this.heard.push(parse(text, 'signalling', 'server'));
  }

  close() {
    this.readyState = 3;
  }

  lose() {
    this.readyState = 3;
    this.onclose?.({});
  }

  /** @returns {string[]} */
  get types() {
    return this.heard.map(({ type }) => type);
  }
}
