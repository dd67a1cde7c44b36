// SPDX-License-Identifier: MIT

// One WebRTC connection to the owner, with the channels "control" and "bulk", which both ends make
// alike so that no round trip is spent on announcing them. The browser side of src/rtc.

import { SeedError } from './errors.js';
import { Code, constants, labels } from './protocol.js';

/**
 * @typedef {'ice' | 'dtls' | 'data'} Phase
 * @typedef {object} Events
 * @property {(line: number, candidate: string) => void} candidate one of ours; "" ends them
 * @property {(phase: Phase) => void} phase what is being waited for now
 * @property {() => void} opened both channels are open
 * @property {(text: unknown) => void} control
 * @property {(message: unknown) => void} bulk
 * @property {() => void} closed by the other side, or lost
 */

const CONTROL_ID = 0;
const BULK_ID = 1;

export class Peer {
  #on;
  #connection;
  #control;
  #bulk;
  #isOpen = false;
  #closed = false;

  /** @param {Events} on */
  constructor(on) {
    this.#on = on;
    this.#connection = new RTCPeerConnection();
    this.#control = this.#channel(labels['control-channel'], CONTROL_ID);
    this.#bulk = this.#channel(labels['bulk-channel'], BULK_ID);
    this.#control.onmessage = (event) => this.#closed || on.control(event.data);
    this.#bulk.onmessage = (event) => this.#closed || on.bulk(event.data);
    this.#watch();
  }

  /**
   * @param {string} label
   * @param {number} id
   */
  #channel(label, id) {
    const channel = this.#connection.createDataChannel(label, { negotiated: true, id });
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => this.#opened();
    channel.onclose = () => this.#end();
    return channel;
  }

  #opened() {
    const both = this.#control.readyState === 'open' && this.#bulk.readyState === 'open';
    if (!both || this.#isOpen || this.#closed) return;
    this.#isOpen = true;
    this.#on.opened();
  }

  #end() {
    if (this.#closed) return;
    this.close();
    this.#on.closed();
  }

  #watch() {
    const connection = this.#connection;
    connection.onicecandidate = ({ candidate }) => this.#candidate(candidate);
    connection.oniceconnectionstatechange = () => {
      const state = connection.iceConnectionState;
      if (state === 'connected' || state === 'completed') this.#on.phase('dtls');
      else if (state === 'failed') this.#end();
    };
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === 'connected') this.#on.phase('data');
      else if (connection.connectionState === 'failed') this.#end();
    };
  }

  /** @param {RTCIceCandidate | null} candidate */
  #candidate(candidate) {
    // The end is said by an empty candidate in one browser and by null in both.
    if (this.#closed || candidate?.candidate === '') return;
    this.#on.candidate(candidate?.sdpMLineIndex ?? 0, candidate?.candidate ?? '');
  }

  /** @param {import('./signalling.js').IceServer[]} ice from our server */
  configure(ice) {
    const iceServers = ice.map(({ url, username, credential }) => ({
      urls: url,
      username,
      credential,
    }));
    try {
      this.#connection.setConfiguration({ iceServers });
    } catch {
      // A path without a relay may exist all the same.
      console.warn('The server handed out relays that this browser does not take.');
    }
  }

  /**
   * @param {string} sdp the owner's offer
   * @returns {Promise<string>} our answer
   */
  async accept(sdp) {
    try {
      await this.#connection.setRemoteDescription({ type: 'offer', sdp });
      await this.#connection.setLocalDescription();
    } catch (error) {
      throw new SeedError(Code['bad-message'], String(error));
    }
    this.#on.phase('ice');
    return this.#connection.localDescription?.sdp ?? '';
  }

  /**
   * @param {number} line
   * @param {string} candidate of the owner's, after its offer
   */
  async addCandidate(line, candidate) {
    try {
      await this.#connection.addIceCandidate({ sdpMLineIndex: line, candidate });
    } catch {
      // One that this browser can't read leaves the others.
    }
  }

  /** @param {string} text */
  send(text) {
    if (this.#control.readyState === 'open') this.#control.send(text);
  }

  /** Ends both channels once what was sent is out, and the connection soon after. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#control.close();
    this.#bulk.close();
    setTimeout(() => this.#connection.close(), constants['close-timeout-ms']);
  }
}
