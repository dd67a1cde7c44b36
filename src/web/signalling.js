// SPDX-License-Identifier: MIT

// A receiver's socket to the signalling server: joins the share, and joins again under the same
// peer id when the socket is lost, with growing pauses. Bytes need no socket, so a receiver that
// once joined tries for as long as it is not closed.

import { codeOf } from './errors.js';
import { build, Code, parse, subprotocol, Type } from './protocol.js';

/**
 * @typedef {import('./errors.js').CodeName} CodeName
 * @typedef {{url: string, username?: string, credential?: string}} IceServer
 *
 * @typedef {object} Events
 * @property {(ice: IceServer[]) => void} joined
 * @property {(sealed: string) => void} relay from the owner
 * @property {(present: boolean) => void} owner
 * @property {(code: CodeName) => void} gone final: the share ended, or we were refused
 *
 * @typedef {Pick<WebSocket, 'send' | 'close' | 'readyState' | 'protocol' | 'onopen' | 'onmessage'
 *           | 'onclose'>} Socket
 */

const CONNECT_TIMEOUT_MS = 10000;
const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 8000;
const PENDING_MAX = 64;
const OPEN = 1;

/** What a server says that is new after a restart, or full: it passes.
 * @type {Set<CodeName>} */
const passing = new Set([
  Code['share-unknown'],
  Code['server-closing'],
  Code['peer-taken'],
  Code['too-fast'],
  Code['too-many-sockets'],
  Code['too-many-receivers'],
]);

/**
 * @param {string} address
 * @returns {WebSocket} already on its way
 */
export function openSocket(address) {
  return new WebSocket(address, subprotocol);
}

export class Signalling {
  #share;
  #peer;
  #open;
  #on;
  /** @type {Socket} */
  #socket;
  #joined = false;
  #closed = false;
  #pause = RETRY_MIN_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {string[]} */
  #pending = [];

  /**
   * @param {{share: string, peer: string, open: () => Socket}} options
   * @param {Events} on
   * @param {Socket} [first] a socket that is being opened already
   */
  constructor({ share, peer, open }, on, first) {
    this.#share = share;
    this.#peer = peer;
    this.#open = open;
    this.#on = on;
    this.#giveUpAt = Date.now() + CONNECT_TIMEOUT_MS;
    this.#socket = first ?? open();
    this.#use(this.#socket);
  }

  #giveUpAt;

  /** @param {string} sealed for the owner; kept while there is no socket */
  relay(sealed) {
    const text = build(Type.relay, { peer: this.#peer, sealed });
    if (this.#isUsable()) return this.#socket.send(text);
    this.#pending.push(text);
    if (this.#pending.length > PENDING_MAX) this.#pending.shift();
  }

  /** @param {CodeName} [code] why we go */
  leave(code) {
    if (this.#closed) return;
    if (this.#isUsable()) this.#socket.send(build(Type.leave, code === undefined ? {} : { code }));
    this.#close();
  }

  #isUsable() {
    return this.#joined && this.#socket.readyState === OPEN;
  }

  #close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket.close();
  }

  /** @param {Socket} socket */
  #use(socket) {
    const current = () => !this.#closed && this.#socket === socket;
    const limit = Math.max(this.#joined ? CONNECT_TIMEOUT_MS : this.#giveUpAt - Date.now(), 0);
    this.#socket = socket;
    this.#timer = setTimeout(() => current() && this.#lost(), limit);
    socket.onopen = () => current() && this.#join();
    socket.onmessage = (event) => current() && this.#take(event.data);
    socket.onclose = () => current() && this.#lost();
    if (socket.readyState === OPEN) this.#join();
  }

  #join() {
    if (this.#socket.protocol !== subprotocol) return this.#gone(Code['wrong-version']);
    this.#socket.send(build(Type.join, { share: this.#share, peer: this.#peer }));
  }

  /** @param {unknown} text */
  #take(text) {
    let message;
    try {
      message = parse(text, 'signalling', 'receiver');
    } catch (error) {
      return this.#gone(codeOf(error));
    }

    if (message.type === Type.joined) this.#takeJoined(message.ice);
    else if (message.type === Type.relay) this.#on.relay(message.sealed);
    else if (message.type === Type.owner) this.#on.owner(message.present);
    else if (message.type === Type.gone) this.#gone(message.code);
    else if (message.type === Type.error) this.#takeError(message.code);
  }

  /** @param {IceServer[]} ice */
  #takeJoined(ice) {
    clearTimeout(this.#timer);
    this.#joined = true;
    this.#pause = RETRY_MIN_MS;
    for (const text of this.#pending.splice(0)) this.#socket.send(text);
    this.#on.joined(ice);
  }

  /** @param {CodeName} code */
  #takeError(code) {
    if (this.#joined && passing.has(code)) this.#lost();
    else this.#gone(code);
  }

  /** @param {CodeName} code */
  #gone(code) {
    this.#close();
    this.#on.gone(code);
  }

  #lost() {
    clearTimeout(this.#timer);
    if (!this.#joined && Date.now() + this.#pause >= this.#giveUpAt)
      return this.#gone(Code['server-unreachable']);

    const old = this.#socket;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
    this.#timer = setTimeout(() => this.#use(this.#open()), this.#pause);
    this.#pause = Math.min(this.#pause * 2, RETRY_MAX_MS);
  }
}
