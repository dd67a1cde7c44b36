// SPDX-License-Identifier: MIT

// An owner that lives in memory: it answers a Receiver as src/protocol/PROTOCOL.md says, without
// WebRTC, and can be told to misbehave. Messages travel in order, each in a turn of its own.

import { createHash } from 'node:crypto';
import { buildFrame } from '../../src/web/frame.js';
import { build, constants, frames, parse } from '../../src/web/protocol.js';

/**
 * @typedef {import('../../src/web/receiver.js').Receiver} Receiver
 * @typedef {{path: string, type?: string, bytes: Uint8Array, piece?: number}} OwnedFile
 */

const FIRST = constants['first-bytes'];

/**
 * @param {number} length
 * @param {number} [seed]
 * @returns {Uint8Array} bytes that differ from place to place
 */
export function someBytes(length, seed = 1) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = Math.imul(i + seed, 2654435761) >>> 24;
  return bytes;
}

/** @param {Uint8Array} bytes */
export function sha256(bytes) {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

export class MemoryOwner {
  /** @type {Receiver | undefined} */
  receiver;
  /** @type {import('../../src/web/protocol.js').Message[]} what was heard */
  heard = [];
  /** @type {(() => void)[]} */
  #turns = [];
  #running = false;
  /** @type {(() => void)[]} */
  #idle = [];
  /** How a frame is changed on its way; undefined swallows it.
   * @type {(frame: import('../../src/web/frame.js').Frame) => typeof frame | undefined} */
  change = (frame) => frame;
  /** Whether digests go before the bytes of their piece. */
  digestsFirst = false;
  /** The most bytes that were asked for and not yet sent. */
  mostAsked = 0;
  #asked = 0;

  /** @param {OwnedFile[]} files */
  constructor(files) {
    this.files = files;
  }

  /** @param {string} type */
  count(type) {
    return this.heard.filter((message) => message.type === type).length;
  }

  /** @param {() => void} turn */
  #later(turn) {
    this.#turns.push(turn);
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => this.#run());
  }

  #run() {
    const turn = this.#turns.shift();
    if (turn === undefined) {
      this.#running = false;
      for (const resolve of this.#idle.splice(0)) resolve();
      return;
    }
    turn();
    setImmediate(() => this.#run());
  }

  /**
   * @param {any} type
   * @param {Record<string, unknown>} [fields]
   */
  say(type, fields) {
    const text = build(type, fields);
    this.#later(() => this.receiver?.control(text));
  }

  /** @param {import('../../src/web/frame.js').Frame} frame */
  sendFrame(frame) {
    const changed = this.change(frame);
    if (changed !== undefined) this.#later(() => this.receiver?.bulk(buildFrame(changed)));
  }

  /** @returns {Promise<void>} once everything said so far was heard, and what it led to */
  drained() {
    return new Promise((resolve) => {
      this.#idle.push(() => resolve());
      this.#later(() => {});
    });
  }

  open() {
    const bytes = this.files.reduce((sum, file) => sum + file.bytes.length, 0);
    this.say('manifest', { files: this.files.length, bytes });
    this.sendPage(0);
    this.sendFirst();
  }

  sendFirst() {
    const length = Math.min(FIRST, this.files[0].bytes.length);
    if (length > 0) this.#sendRange(0, 0, length);
  }

  /** @param {number} from */
  sendPage(from) {
    const page = this.files.slice(from, from + constants['files-page-max']);
    const entries = page.map(({ path, type = '', bytes, piece = constants['piece-size-min'] }) => {
      return { path, type, size: bytes.length, piece, time: 0 };
    });
    this.say('files', { from, entries });
  }

  /** @param {string} text what the receiver said */
  hear(text) {
    const message = parse(text, 'control', 'owner');
    this.heard.push(message);
    if (message.type === 'list') this.sendPage(message.from);
    if (message.type === 'want') this.#answer(message);
    if (message.type === 'complete') this.say('noted');
  }

  /** @param {import('../../src/web/protocol.js').Message} want */
  #answer({ file, offset, length }) {
    this.#asked += length;
    this.mostAsked = Math.max(this.mostAsked, this.#asked);
    this.#later(() => {
      this.#asked -= length;
      this.#sendRange(file, offset, length);
    });
  }

  /**
   * @param {number} file
   * @param {number} offset
   * @param {number} length
   */
  #sendRange(file, offset, length) {
    const { bytes, piece = constants['piece-size-min'] } = this.files[file];
    const start = Math.floor(offset / piece) * piece;
    const end = Math.min(start + piece, bytes.length);
    const sendDigest = () => {
      const data = /** @type {any} */ (sha256(bytes.subarray(start, end)));
      this.sendFrame({ kind: frames.digest, file, offset: start, data });
    };

    if (this.digestsFirst && offset === start) sendDigest();
    for (let at = offset; at < offset + length; at += constants['frame-data-max']) {
      const stop = Math.min(at + constants['frame-data-max'], offset + length);
      this.sendFrame({ kind: frames.data, file, offset: at, data: /** @type {any} */ (bytes.slice(at, stop)) });
    }
    if (!this.digestsFirst && offset + length === end) sendDigest();
  }
}
