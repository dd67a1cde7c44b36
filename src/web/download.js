// SPDX-License-Identifier: MIT

// One file on its way: which bytes were asked for, the pieces being put together, and those that
// are verified, as Blobs, which a browser may move from memory to its disk.

import { SeedError } from './errors.js';
import { Code, constants } from './protocol.js';

/**
 * @typedef {{path: string, size: number, piece: number, type: string, time: number}} Entry
 * @typedef {object} Piece
 * @property {number} index
 * @property {Uint8Array<ArrayBuffer>} bytes
 * @property {number} asked bytes of it, from its beginning
 * @property {number} arrived bytes of it, from its beginning
 * @property {import('./hash.js').Hasher} hasher
 * @property {Uint8Array} [digest] once the owner stated it
 * @property {boolean} taken whether it went to be verified
 */

// Enough to tell what kind of image a file begins as.
const HEAD = 32;

// A piece is put together in memory; the protocol makes them larger only for files far above what
// a page can save.
const PIECE_MAX = 16 * 1024 * 1024;

/**
 * @param {Entry} entry
 * @returns {boolean} whether pieces of that size can be put together here
 */
export function holdsPieces(entry) {
  return Math.min(entry.piece, entry.size) <= PIECE_MAX;
}

export class Download {
  /** @type {Map<number, Piece>} */
  #pieces = new Map();
  /** @type {Blob[]} */
  #kept = [];
  #asked = 0;
  #hasher;

  verified = 0;
  head = new Uint8Array(0);

  /**
   * @param {number} file
   * @param {Entry} entry
   * @param {import('./hash.js').MakeHasher} hasher
   */
  constructor(file, entry, hasher) {
    this.file = file;
    this.entry = entry;
    this.#hasher = hasher;
  }

  get done() {
    return this.verified === this.entry.size;
  }

  /** @returns {number} bytes held in memory */
  get held() {
    return [...this.#pieces.values()].reduce((sum, piece) => sum + piece.bytes.length, 0);
  }

  /** @returns {boolean} whether there is nothing left to ask for */
  get exhausted() {
    return this.#asked === this.entry.size;
  }

  /**
   * @param {number} max
   * @returns {{offset: number, length: number}} the next range to ask for, within one piece
   */
  next(max) {
    const { piece, size } = this.entry;
    const offset = this.#asked;
    const end = Math.min((Math.floor(offset / piece) + 1) * piece, size);
    const length = Math.min(max, end - offset);
    this.#ask(offset, length);
    return { offset, length };
  }

  /** @param {number} length bytes from the beginning that come without being asked for */
  expect(length) {
    while (this.#asked < length) this.next(length - this.#asked);
  }

  /**
   * @param {number} offset
   * @param {number} length
   */
  #ask(offset, length) {
    const { piece: size } = this.entry;
    const index = Math.floor(offset / size);
    let piece = this.#pieces.get(index);
    if (piece === undefined) {
      const bytes = new Uint8Array(Math.min(size, this.entry.size - index * size));
      piece = { index, bytes, asked: 0, arrived: 0, hasher: this.#hasher(), taken: false };
      this.#pieces.set(index, piece);
    }
    piece.asked += length;
    this.#asked += length;
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} data
   * @throws {SeedError} bad-message when it is not what was asked for next
   */
  takeData(offset, data) {
    const index = Math.floor(offset / this.entry.piece);
    const within = offset - index * this.entry.piece;
    const piece = this.#pieces.get(index);
    if (piece === undefined || within !== piece.arrived || within + data.length > piece.asked)
      throw new SeedError(Code['bad-message'], 'bytes that were not asked for');

    piece.bytes.set(data, within);
    piece.arrived += data.length;
    piece.hasher.update(piece.bytes, piece.arrived);
    if (offset === 0) this.head = Uint8Array.from(data.subarray(0, HEAD));
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} digest
   * @throws {SeedError} bad-message when no piece that is under way begins there
   */
  takeDigest(offset, digest) {
    const piece = this.#pieces.get(offset / this.entry.piece);
    if (piece === undefined || piece.digest !== undefined)
      throw new SeedError(Code['bad-message'], 'a digest of no piece');

    piece.digest = Uint8Array.from(digest);
  }

  /** @returns {Piece[]} pieces that have arrived with their digest, each given out once */
  takeReady() {
    const ready = [...this.#pieces.values()].filter(
      (piece) => !piece.taken && piece.digest !== undefined && piece.arrived === piece.bytes.length,
    );
    for (const piece of ready) piece.taken = true;
    return ready;
  }

  /**
   * @param {Piece} piece which was verified
   * @param {Blob} blob its bytes
   */
  keep(piece, blob) {
    this.#pieces.delete(piece.index);
    this.#kept[piece.index] = blob;
    this.verified += blob.size;
  }

  /**
   * @param {string} type
   * @returns {Blob} the whole file
   */
  toBlob(type) {
    return new Blob(this.#kept, { type });
  }
}

/** The bytes that an owner sends of a file without being asked.
 * @param {Entry} entry */
export function firstBytes(entry) {
  return Math.min(entry.size, constants['first-bytes']);
}
