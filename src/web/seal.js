// SPDX-License-Identifier: MIT

// Seals what owner and receiver say to each other through the server, so that the server can
// neither read nor change it. One per pair and end; its calls are made one after the other.
//
//   sealed = base64url (salt[16] | counter[8, big-endian] | AES-256-GCM (text) | tag[16])
//   key    = HKDF-SHA256 (secret, salt, label | 0 | share | 0 | peer), 32 bytes; RFC 5869
//   nonce  = four bytes of zero | counter;  authenticated data = salt | counter
//
// The label differs by direction. The owner makes the salt; a receiver trusts one only once
// something opened under it.

import { decode, encode } from './base64url.js';
import { SeedError } from './errors.js';
import { Code, constants, labels } from './protocol.js';
import { subtleCipher } from './seal-subtle.js';

/**
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 * @typedef {object} Cipher
 * @property {(secret: Bytes, salt: Bytes, info: Bytes) => Promise<any>} derive
 * @property {(key: any, nonce: Bytes, extra: Bytes, text: Bytes) => Promise<Bytes>} close
 * @property {(key: any, nonce: Bytes, extra: Bytes, closed: Bytes) => Promise<Bytes>} open
 *   rejects what was altered
 */

const COUNTER = 8;
const TAG = 16;
const HEADER = constants['salt-size'] + COUNTER;

/** @returns {Promise<Cipher>} the one that this page may use */
export async function pickCipher() {
  if (globalThis.crypto?.subtle !== undefined) return subtleCipher;
  return (await import('./seal-noble.js')).nobleCipher;
}

/**
 * @param {bigint} counter
 * @returns {Bytes}
 */
function nonceOf(counter) {
  const nonce = new Uint8Array(4 + COUNTER);
  new DataView(nonce.buffer).setBigUint64(4, counter);
  return nonce;
}

export class Seal {
  #cipher;
  #link;
  #peer;
  /** @type {string} the label of what we close */
  #sends;
  /** @type {string} the label of what we open */
  #takes;
  /** @type {Bytes | undefined} */
  #salt;
  /** @type {Promise<any> | undefined} */
  #closing;
  /** @type {Promise<any> | undefined} */
  #opening;
  #sent = 0n;
  #received = 0n;

  /**
   * @param {'owner' | 'receiver'} role which end we are
   * @param {import('./link.js').Link} link
   * @param {string} peer the receiver's id
   * @param {Cipher} cipher
   * @param {Bytes} [salt] of an owner; a receiver learns it
   */
  constructor(role, link, peer, cipher, salt) {
    const [owner, receiver] = [labels['seal-owner'], labels['seal-receiver']];
    [this.#sends, this.#takes] = role === 'owner' ? [owner, receiver] : [receiver, owner];
    this.#link = link;
    this.#peer = peer;
    this.#cipher = cipher;

    if (role === 'owner')
      this.#keep(salt ?? crypto.getRandomValues(new Uint8Array(constants['salt-size'])));
  }

  /**
   * @param {string} label
   * @param {Bytes} salt
   */
  #derive(label, salt) {
    const info = new TextEncoder().encode(`${label}\0${this.#link.share}\0${this.#peer}`);
    return this.#cipher.derive(this.#link.secret, salt, info);
  }

  /**
   * @param {Bytes} salt
   * @param {Promise<any>} [opening]
   */
  #keep(salt, opening = this.#derive(this.#takes, salt)) {
    this.#salt = salt;
    this.#opening = opening;
    this.#closing = this.#derive(this.#sends, salt);
  }

  /**
   * @param {string} text
   * @returns {Promise<string>}
   */
  async close(text) {
    if (this.#salt === undefined) throw new Error('nothing was opened yet');

    const counter = ++this.#sent;
    const nonce = nonceOf(counter);
    const header = new Uint8Array(HEADER);
    header.set(this.#salt);
    header.set(nonce.subarray(4), constants['salt-size']);

    const key = await this.#closing;
    const closed = await this.#cipher.close(key, nonce, header, new TextEncoder().encode(text));

    const raw = new Uint8Array(HEADER + closed.length);
    raw.set(header);
    raw.set(closed, HEADER);
    return encode(raw);
  }

  /**
   * @param {string} sealed
   * @returns {Promise<string>}
   * @throws {SeedError} seal-broken when it was altered, comes from another session or was
   *   opened before
   */
  async open(sealed) {
    const raw = decode(sealed);
    if (raw === undefined || raw.length < HEADER + TAG) throw new SeedError(Code['seal-broken']);

    const header = raw.slice(0, HEADER);
    const salt = raw.slice(0, constants['salt-size']);
    const counter = new DataView(header.buffer).getBigUint64(constants['salt-size']);
    const ours = this.#salt?.every((byte, i) => byte === salt[i]) ?? true;
    if (!ours || counter <= this.#received) throw new SeedError(Code['seal-broken']);

    const opening = this.#opening ?? this.#derive(this.#takes, salt);
    const text = await this.#unseal(await opening, nonceOf(counter), header, raw.slice(HEADER));

    if (this.#salt === undefined) this.#keep(salt, opening);
    this.#received = counter;
    return text;
  }

  /**
   * @param {any} key
   * @param {Bytes} nonce
   * @param {Bytes} header
   * @param {Bytes} closed
   */
  async #unseal(key, nonce, header, closed) {
    try {
      const text = await this.#cipher.open(key, nonce, header, closed);
      return new TextDecoder('utf-8', { fatal: true }).decode(text);
    } catch {
      throw new SeedError(Code['seal-broken']);
    }
  }
}
