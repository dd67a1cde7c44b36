// SPDX-License-Identifier: MIT

// The least that introduces two raw pages: it serves them, and passes on to each what the other says.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { RECEIVERS } from '../network.js';

const FILES = ['sender.html', 'sender.js', 'receiver.html', 'receiver.js', 'said.js'];

export class Introducer {
  #server;
  /** @type {Map<string, import('node:http').ServerResponse>} who listens, by name */
  #listening = new Map();
  /** @type {Buffer} what the sender sends as a picture */
  #picture;

  /** @param {Buffer} picture */
  constructor(picture) {
    this.#picture = picture;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** @param {Buffer} picture */
  static async start(picture) {
    const introducer = new Introducer(picture);
    introducer.#server.listen(0, RECEIVERS);
    await once(introducer.#server, 'listening');
    return introducer;
  }

  /** @param {string} path */
  url(path) {
    const address = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    return `http://${RECEIVERS}:${address.port}/${path}`;
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #answer(request, response) {
    const [path, name] = (request.url ?? '').slice(1).split('?');
    if (path === 'hear') this.#hear(name, response);
    else if (path === 'say') await this.#say(name, request, response);
    else if (path === 'picture') response.end(this.#picture);
    else if (FILES.includes(path)) await serve(path, response);
    else response.writeHead(404).end();
  }

  /**
   * @param {string} name
   * @param {import('node:http').ServerResponse} response
   */
  #hear(name, response) {
    this.#listening.set(name, response);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(': here\n\n');
  }

  /**
   * @param {string} name
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #say(name, request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    this.#listening.get(name)?.write(`data: ${Buffer.concat(parts)}\n\n`);
    response.writeHead(204).end();
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/**
 * @param {string} path
 * @param {import('node:http').ServerResponse} response
 */
async function serve(path, response) {
  const type = path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
  response.writeHead(200, { 'Content-Type': type });
  response.end(await readFile(new URL(path, import.meta.url)));
}
