// SPDX-License-Identifier: MIT

// Servers that are none of ours.

import http from 'node:http';
import net from 'node:net';
import { addresses } from './machines.mjs';
import { WebSocketServer } from './packages.mjs';

/**
 * @param {import('./scene.mjs').Scene} scene
 * @param {net.Server} server
 * @returns {Promise<string>} its URL
 */
async function listen(scene, server) {
  /** @type {Set<net.Socket>} */
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise((/** @type {(none?: undefined) => void} */ resolve) =>
    server.listen(0, addresses.desk, resolve),
  );
  scene.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  return `http://${addresses.desk}:${port}`;
}

/**
 * @param {import('./scene.mjs').Scene} scene
 * @param {string | undefined} answer to whoever connects, whatever they say; none to keep silent
 */
export function rawServer(scene, answer) {
  const server = net.createServer((socket) => {
    socket.on('data', () => answer !== undefined && socket.end(answer));
  });
  return listen(scene, server);
}

/**
 * @param {import('./scene.mjs').Scene} scene
 * @param {(string | Buffer)[]} answers to every message that comes
 * @param {string} [protocol]
 */
export function socketServer(scene, answers, protocol = 'seedshot.1') {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => protocol });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', () => answers.forEach((answer) => socket.send(answer)));
  });
  return listen(scene, server);
}
