// SPDX-License-Identifier: MIT

// What a receiver says and hears on the control and bulk channels: it reads the manifest page by
// page, asks for the files that are wanted one after the other, counts a piece once it is verified
// and kept, and reports that. Knows no transport and no DOM; driven by messages alone.

import { Download, firstBytes, holdsPieces } from './download.js';
import { codeOf, SeedError } from './errors.js';
import { parseFrame } from './frame.js';
import { build, Code, constants, frames, parse, Type } from './protocol.js';
import { Window } from './window.js';

/**
 * @typedef {import('./errors.js').CodeName} CodeName
 * @typedef {import('./download.js').Entry} Entry
 * @typedef {import('./frame.js').Frame} Frame
 * @typedef {import('./protocol.js').Message} Message
 *
 * @typedef {object} Tools
 * @property {(text: string) => void} send by the control channel
 * @property {import('./hash.js').MakeHasher} hasher
 * @property {import('./store.js').Keep} keep
 * @property {() => number} now milliseconds that only grow
 *
 * @typedef {object} Events
 * @property {() => void} preparing the owner still makes the file
 * @property {(from: number, entries: Entry[], total: number) => void} entries a page of the list
 * @property {(file: number, verified: number, size: number) => void} progress
 * @property {(file: number, blob: (type: string) => Blob, head: Uint8Array) => void} done
 * @property {(file: number, code: CodeName) => void} fileFailed the others go on
 * @property {(code: CodeName) => void} ended final, by the owner or because of a failure
 */

// Verification and the owner's digests may lag behind the bytes by this much, no more.
const HELD_MAX = 2 * constants['window-max'];

// Frames of the first bytes, and a digest, that may come before the list does.
const EARLY_MAX = 64;

export class Receiver {
  #tools;
  #on;
  #window = new Window();
  /** @type {Entry[]} */
  #entries = [];
  #total = 0;
  #listing = false;
  /** @type {Frame[]} */
  #early = [];
  /** @type {Map<number, Download>} by file, those wanted in the order in which they were */
  #wanted = new Map();
  /** @type {Download | undefined} of what comes unasked, until it is wanted */
  #first;
  /** @type {Map<number, CodeName>} */
  #failed = new Map();
  /** @type {Set<number>} */
  #finished = new Set();
  #verified = 0;
  #reported = 0;
  #reportedAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #reportTimer;
  #ended = false;

  /**
   * @param {Tools} tools
   * @param {Events} on
   */
  constructor(tools, on) {
    this.#tools = tools;
    this.#on = on;
  }

  /** @returns {boolean} whether everything that was wanted is here, and something was */
  get complete() {
    return this.#finished.size > 0 && this.#wanted.size === 0;
  }

  /** @returns {boolean} whether the end was reached, in whatever way */
  get ended() {
    return this.#ended;
  }

  /** @param {string} agent our name for people, said first */
  hello(agent) {
    this.#say(Type.hello, { agent });
  }

  /** Asks for the next page of the list, unless it is complete or on its way. */
  list() {
    if (this.#listing || this.#ended || this.#entries.length >= this.#total) return;
    this.#listing = true;
    this.#say(Type.list, { from: this.#entries.length });
  }

  /** @param {number} file in the list; wanting it twice changes nothing */
  want(file) {
    const entry = this.#entries[file];
    if (entry === undefined || this.#ended || this.#isSettled(file)) return;
    if (!holdsPieces(entry)) return this.#on.fileFailed(file, Code['too-big-here']);

    const download = this.#first?.file === file ? this.#first : new Download(file, entry, this.#tools.hasher);
    this.#wanted.set(file, download);
    if (download === this.#first) this.#first = undefined;
    this.#verifyReady(download);
    this.#settle(download);
    this.#ask();
  }

  /** @param {CodeName} [code] why, where it is not simply over */
  bye(code) {
    if (this.#ended) return;
    this.#reportNow();
    this.#say(Type.bye, code === undefined ? {} : { code });
    this.#end();
  }

  /** @param {unknown} text what came by the control channel */
  control(text) {
    this.#guard(() => {
      const message = parse(text, 'control', 'receiver');
      handlers[message.type]?.call(this, message);
    });
  }

  /** @param {unknown} message what came by the bulk channel */
  bulk(message) {
    this.#guard(() => {
      const frame = parseFrame(message);
      if (this.#entries.length === 0) this.#takeEarly(frame);
      else this.#takeFrame(frame);
    });
  }

  /** @param {Frame} frame that overtook the list: nothing orders the two channels */
  #takeEarly(frame) {
    if (frame.file !== 0 || this.#early.length >= EARLY_MAX)
      throw new SeedError(Code['bad-message'], 'bytes before the list');
    this.#early.push(frame);
  }

  /** @param {Frame} frame */
  #takeFrame(frame) {
    const download = this.#downloadOf(frame.file);
    if (download === undefined) return;

    if (frame.kind === frames.digest) {
      download.takeDigest(frame.offset, frame.data);
    } else {
      download.takeData(frame.offset, frame.data);
      this.#window.arrived(frame.data.length, this.#tools.now());
    }
    this.#verifyReady(download);
    this.#ask();
  }

  /** @param {() => void} work on something remote */
  #guard(work) {
    if (this.#ended) return;
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    if (this.#ended) return;
    const code = codeOf(error);
    this.bye(code);
    this.#on.ended(code);
  }

  #end() {
    this.#ended = true;
    clearTimeout(this.#reportTimer);
  }

  /**
   * @param {import('./protocol.js').MessageName} type
   * @param {Record<string, unknown>} [fields]
   */
  #say(type, fields) {
    this.#tools.send(build(type, fields));
  }

  /** @param {number} file */
  #isSettled(file) {
    return this.#finished.has(file) || this.#failed.has(file) || this.#wanted.has(file);
  }

  /**
   * @param {number} file
   * @returns {Download | undefined} undefined for one that failed, whose bytes may still be coming
   */
  #downloadOf(file) {
    const download = this.#wanted.get(file);
    if (download !== undefined) return download;
    if (this.#first?.file === file) return this.#first;
    if (this.#failed.has(file)) return undefined;
    throw new SeedError(Code['bad-message'], 'a frame of a file that was not wanted');
  }

  /** @param {Message} message */
  takeManifest(message) {
    if (this.#total > 0) throw new SeedError(Code['bad-message'], 'a second manifest');
    this.#total = message.files;
    this.#listing = true;
  }

  /** @param {Message} message */
  takeFiles(message) {
    const { from, entries } = /** @type {{from: number, entries: Entry[]}} */ (
      /** @type {unknown} */ (message)
    );
    if (!this.#listing || from !== this.#entries.length || from + entries.length > this.#total)
      throw new SeedError(Code['bad-message'], 'a page that was not asked for');

    this.#listing = false;
    this.#entries.push(...entries);
    if (from === 0) this.#expectFirst(entries[0]);
    this.#on.entries(from, entries, this.#total);
    for (const frame of this.#early.splice(0)) this.#takeFrame(frame);
  }

  /** @param {Entry} entry */
  #expectFirst(entry) {
    const length = firstBytes(entry);
    // What can't be put together will not be wanted: its bytes only have to go somewhere.
    const piece = holdsPieces(entry) ? entry.piece : constants['piece-size-min'];
    this.#first = new Download(0, { ...entry, piece }, this.#tools.hasher);
    this.#first.expect(length);
    if (length > 0) this.#window.expect(0, length);
  }

  /** @param {Message} message */
  takeFileError(message) {
    const { file, code } = message;
    if (file >= this.#total) throw new SeedError(Code['bad-message'], 'an error of no file');
    // What is here is whole, whatever became of it there.
    if (this.#finished.has(file) || this.#failed.has(file)) return;

    this.#failed.set(file, code);
    this.#wanted.delete(file);
    if (this.#first?.file === file) this.#first = undefined;
    this.#window.forget(file);
    this.#on.fileFailed(file, code);
    this.#reportComplete();
    this.#ask();
  }

  /** @param {Message} message */
  takeStop(message) {
    this.#end();
    this.#on.ended(message.code);
  }

  /** @param {Message} message */
  takePing(message) {
    this.#say(Type.pong, { n: message.n });
  }

  takePreparing() {
    this.#on.preparing();
  }

  /** Fills the window with questions. */
  #ask() {
    for (const download of this.#wanted.values()) {
      while (!download.exhausted) {
        if (this.#window.unanswered >= constants['wants-max'] || this.#held() > HELD_MAX) return;
        const room = this.#window.room;
        if (room === 0) return;

        const range = download.next(room);
        this.#say(Type.want, { file: download.file, ...range });
        this.#window.asked(download.file, range.length, this.#tools.now());
      }
    }
  }

  #held() {
    let held = 0;
    for (const download of this.#wanted.values()) held += download.held;
    return held;
  }

  /** @param {Download} download */
  #verifyReady(download) {
    // What came unasked counts only once someone wants it.
    if (download === this.#first) return;
    for (const piece of download.takeReady())
      this.#verify(download, piece).catch((error) => this.#fail(error));
  }

  /**
   * @param {Download} download
   * @param {import('./download.js').Piece} piece
   */
  async #verify(download, piece) {
    const digest = await piece.hasher.digest(piece.bytes);
    if (!digest.every((byte, i) => byte === piece.digest?.[i]))
      throw new SeedError(Code['wrong-digest']);

    const blob = await this.#tools.keep(piece.bytes);
    if (this.#ended || this.#failed.has(download.file)) return;

    download.keep(piece, blob);
    this.#verified += blob.size;
    this.#on.progress(download.file, download.verified, download.entry.size);
    this.#settle(download);
    this.#reportSoon();
    this.#ask();
  }

  /** @param {Download} download */
  #settle(download) {
    if (!download.done || this.#finished.has(download.file)) return;
    this.#wanted.delete(download.file);
    this.#finished.add(download.file);
    this.#reportComplete();
    this.#on.done(download.file, (type) => download.toBlob(type), download.head);
  }

  #reportComplete() {
    if (!this.complete) return;
    clearTimeout(this.#reportTimer);
    this.#reportTimer = undefined;
    this.#reported = this.#verified;
    this.#say(Type.complete, { bytes: this.#verified });
  }

  #reportSoon() {
    const wait = this.#reportedAt + constants['progress-interval-ms'] - this.#tools.now();
    if (wait <= 0) this.#reportNow();
    else this.#reportTimer ??= setTimeout(() => this.#reportNow(), wait);
  }

  #reportNow() {
    clearTimeout(this.#reportTimer);
    this.#reportTimer = undefined;
    if (this.#ended || this.#reported === this.#verified) return;
    this.#reported = this.#verified;
    this.#reportedAt = this.#tools.now();
    this.#say(Type.progress, { bytes: this.#verified });
  }
}

/** @type {Partial<Record<import('./protocol.js').MessageName, (this: Receiver, message: Message) => void>>} */
const handlers = {
  manifest: Receiver.prototype.takeManifest,
  files: Receiver.prototype.takeFiles,
  'file-error': Receiver.prototype.takeFileError,
  stop: Receiver.prototype.takeStop,
  ping: Receiver.prototype.takePing,
  preparing: Receiver.prototype.takePreparing,
};
