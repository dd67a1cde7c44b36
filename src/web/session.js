// SPDX-License-Identifier: MIT

// One visit to a share: finds the owner through the signalling server, opens what it sealed,
// answers, and hands the channels to a Receiver. Each phase of connecting has a limit of its own,
// and the one that was exceeded is named.

import { random } from './base64url.js';
import { codeOf, SeedError } from './errors.js';
import { pickHasher } from './hash.js';
import { Peer } from './peer.js';
import { build, Code, constants, parse, Type } from './protocol.js';
import { Receiver } from './receiver.js';
import { pickCipher, Seal } from './seal.js';
import { Signalling } from './signalling.js';
import { blobStore } from './store.js';

/**
 * @typedef {import('./errors.js').CodeName} CodeName
 * @typedef {'signalling' | 'ice' | 'dtls' | 'data'} Phase
 *
 * @typedef {Omit<import('./receiver.js').Events, 'ended'> & {
 *   away: (away: boolean) => void,
 *   ended: (code: CodeName) => void,
 * }} Events `away` while the owner has lost its socket before we are connected
 */

/** @type {Record<Phase, CodeName>} */
const timeouts = {
  signalling: Code['timeout-signalling'],
  ice: Code['timeout-ice'],
  dtls: Code['timeout-dtls'],
  data: Code['timeout-data'],
};

// The server ends an owner's absence; this is for a server that does not.
const AWAY_MAX_MS = 120000;

const ALIVE_CHECK_MS = 1000;
const PEER_ID_BYTES = 16;

export class Session {
  #on;
  #agent;
  #peerId = random(PEER_ID_BYTES);
  #signalling;
  #peer;
  #receiver;
  /** @type {Promise<Seal>} */
  #seal;
  /** @type {Promise<unknown>} each opened after the one before, for their order is checked */
  #incoming;
  /** @type {Promise<unknown>} */
  #outgoing = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #limit;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #alive;
  #heardAt = 0;
  #offered = false;
  #connected = false;
  #over = false;

  /**
   * @param {{link: import('./link.js').Link, agent: string, open: () => WebSocket,
   *          socket?: WebSocket}} options `socket` is one that is being opened already
   * @param {Events} on
   */
  constructor({ link, agent, open, socket }, on) {
    this.#on = on;
    this.#agent = agent;
    this.#signalling = new Signalling(
      { share: link.share, peer: this.#peerId, open },
      {
        joined: (ice) => this.#offered || this.#peer.configure(ice),
        relay: (sealed) => this.#takeSealed(sealed),
        owner: (present) => this.#takeOwner(present),
        gone: (code) => this.#takeGone(code),
      },
      socket,
    );
    this.#peer = new Peer({
      candidate: (line, candidate) => this.#relay(Type.candidate, { line, candidate }),
      phase: (phase) => this.#connected || this.#enter(phase),
      opened: () => this.#receiver.hello(this.#agent),
      control: (text) => this.#hear(() => this.#receiver.control(text)),
      bulk: (message) => this.#hear(() => this.#receiver.bulk(message)),
      closed: () => this.#takeClosed(),
    });
    this.#seal = pickCipher().then((cipher) => new Seal('receiver', link, this.#peerId, cipher));
    this.#incoming = this.#seal;
    this.#receiver = this.#makeReceiver();
    this.#enter('signalling');
  }

  #makeReceiver() {
    const tools = {
      send: (/** @type {string} */ text) => this.#peer.send(text),
      hasher: pickHasher(),
      keep: blobStore(),
      now: () => performance.now(),
    };
    return new Receiver(tools, { ...this.#on, ended: (code) => this.#end(code) });
  }

  /** @returns {boolean} whether everything that was wanted is here */
  get complete() {
    return this.#receiver.complete;
  }

  /** @param {number} file */
  want(file) {
    this.#receiver.want(file);
  }

  list() {
    this.#receiver.list();
  }

  /** @param {CodeName} [code] */
  close(code) {
    if (this.#over) return;
    this.#finish();
    this.#receiver.bye(code);
    this.#signalling.leave(code);
    this.#peer.close();
  }

  /** @param {CodeName} code */
  #end(code) {
    if (this.#over) return;
    this.close(code);
    this.#on.ended(code);
  }

  #finish() {
    this.#over = true;
    clearTimeout(this.#limit);
    clearInterval(this.#alive);
  }

  /** @param {Phase} phase of connecting */
  #enter(phase) {
    if (this.#over) return;
    this.#phase = phase;
    this.#limitTo(constants['connect-timeout-ms'], timeouts[phase]);
  }

  /** @type {Phase} */
  #phase = 'signalling';

  /**
   * @param {number} wait
   * @param {CodeName} code
   */
  #limitTo(wait, code) {
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => this.#end(code), wait);
  }

  /** @param {() => void} take what was heard from the owner */
  #hear(take) {
    this.#heardAt = performance.now();
    if (!this.#connected && !this.#over) {
      this.#connected = true;
      clearTimeout(this.#limit);
      this.#alive = setInterval(() => this.#checkAlive(), ALIVE_CHECK_MS);
    }
    take();
  }

  #checkAlive() {
    const silence = performance.now() - this.#heardAt;
    if (silence > constants['peer-timeout-ms']) this.#end(Code['peer-lost']);
  }

  #takeClosed() {
    this.#end(this.#connected ? Code['peer-lost'] : timeouts[this.#phase]);
  }

  /** @param {boolean} present */
  #takeOwner(present) {
    if (this.#connected || this.#offered || this.#over) return;
    if (present) this.#enter('signalling');
    else this.#limitTo(AWAY_MAX_MS, Code['share-lost']);
    this.#on.away(!present);
  }

  /** @param {CodeName} code */
  #takeGone(code) {
    // Bytes need no server; whether the owner is there we hear ourselves.
    if (this.#connected && code === Code['share-lost']) return;
    this.#end(code);
  }

  /** @param {string} sealed */
  #takeSealed(sealed) {
    this.#incoming = this.#incoming
      .then(() => this.#openSealed(sealed))
      .catch((error) => this.#end(codeOf(error)));
  }

  /** @param {string} sealed */
  async #openSealed(sealed) {
    const text = await (await this.#seal).open(sealed);
    const message = parse(text, 'sealed', 'receiver');
    if (this.#over) return;

    if (message.type === Type.candidate)
      await this.#peer.addCandidate(message.line, message.candidate);
    else if (this.#offered) throw new SeedError(Code['bad-message'], 'a second offer');
    else await this.#answer(message.sdp);
  }

  /** @param {string} offer */
  async #answer(offer) {
    this.#offered = true;
    const sdp = await this.#peer.accept(offer);
    this.#relay(Type.answer, { sdp });
  }

  /**
   * @param {import('./protocol.js').MessageName} type
   * @param {Record<string, unknown>} fields
   */
  #relay(type, fields) {
    const closing = async () => this.#signalling.relay(await (await this.#seal).close(build(type, fields)));
    this.#outgoing = this.#outgoing.then(closing).catch((error) => this.#end(codeOf(error)));
  }
}
