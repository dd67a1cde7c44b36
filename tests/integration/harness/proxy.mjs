// SPDX-License-Identifier: MIT

// A server's evil neighbour: passes everything on to the real server, as seen by whoever connects
// through it, and may alter what is said on the sockets.

import http from 'node:http';
import { addresses } from './machines.mjs';
import { WebSocket, WebSocketServer } from './packages.mjs';

/**
 * @typedef {'up' | 'down'} Direction `up` is to the server
 * @typedef {(message: Record<string, any>, direction: Direction) => Record<string, any>[]} Alter
 *   what goes on in place of a message
 */

/** @type {Alter} */
const honest = (message) => [message];

export class Proxy {
  #server = http.createServer((request, response) => this.#pass(request, response));
  #sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] });
  #target;
  #alter;

  /**
   * @param {string} target the server's URL
   * @param {Alter} alter
   */
  constructor(target, alter) {
    this.#target = new URL(target);
    this.#alter = alter;
    this.#server.on('upgrade', (request, socket, head) =>
      this.#sockets.handleUpgrade(request, socket, head, (near) => this.#join(request, near)),
    );
  }

  /**
   * @param {import('./scene.mjs').Scene} scene
   * @param {string} link to the real server, or its URL
   * @param {Alter} [alter]
   * @returns {Promise<string>} the same by way of the proxy
   */
  static async before(scene, link, alter = honest) {
    const proxy = new Proxy(new URL(link).origin, alter);
    await new Promise((/** @type {(none?: undefined) => void} */ resolve) =>
      proxy.#server.listen(0, addresses.desk, resolve),
    );
    scene.defer(() => proxy.close());
    const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.#server.address());
    return link.replace(proxy.#target.origin, `http://${addresses.desk}:${port}`);
  }

  close() {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** @param {http.IncomingMessage} request */
  #headers({ headers }) {
    const { host, origin, ...rest } = headers;
    return { ...rest, host: this.#target.host };
  }

  /**
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   */
  #pass(request, response) {
    const { method, url = '/' } = request;
    const headers = this.#headers(request);
    const onward = http.request(new URL(url, this.#target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  /**
   * @param {http.IncomingMessage} request
   * @param {import('ws').WebSocket} near
   */
  #join(request, near) {
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(/, */);
    const far = new WebSocket(new URL(request.url ?? '/', this.#target), protocols);
    const opened = new Promise((resolve) => far.once('open', resolve));
    this.#pump(near, far, 'up', opened);
    this.#pump(far, near, 'down', opened);
  }

  /**
   * @param {import('ws').WebSocket} from
   * @param {import('ws').WebSocket} to
   * @param {Direction} direction
   * @param {Promise<unknown>} opened
   */
  #pump(from, to, direction, opened) {
    from.on('message', async (data) => {
      const messages = this.#alter(JSON.parse(data.toString()), direction);
      await opened;
      for (const message of messages) to.send(JSON.stringify(message));
    });
    from.on('close', () => to.close());
    from.on('error', () => to.terminate());
  }
}
