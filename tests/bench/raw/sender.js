// SPDX-License-Identifier: MIT

// Sends to whoever asks, as plainly as a page can: one channel, messages of 16 KiB, no more queued
// than keeps the connection busy. Nothing is hashed, verified, listed or acknowledged.

import { hear, say, takeCandidate } from './said.js';

const MESSAGE = 16 * 1024;
const HIGH = 1024 * 1024;
const LOW = 256 * 1024;

const picture = new Uint8Array(await (await fetch('picture')).arrayBuffer());
const nothing = new Uint8Array(MESSAGE);
/** @type {Map<string, RTCPeerConnection>} */
const connections = new Map();

/**
 * @param {RTCDataChannel} channel
 * @param {number} size
 * @param {Uint8Array | undefined} bytes
 */
function pump(channel, size, bytes) {
  let offset = 0;
  const fill = () => {
    while (offset < size && channel.bufferedAmount < HIGH) {
      const length = Math.min(MESSAGE, size - offset);
      channel.send(bytes?.subarray(offset, offset + length) ?? nothing.subarray(0, length));
      offset += length;
    }
  };
  channel.bufferedAmountLowThreshold = LOW;
  channel.onbufferedamountlow = fill;
  fill();
}

/** @param {{from: string, size: number}} request a size of 0 asks for the picture */
async function connect({ from, size }) {
  const connection = new RTCPeerConnection();
  const channel = connection.createDataChannel('bulk', { negotiated: true, id: 0 });
  connections.set(from, connection);
  channel.onopen = () => (size === 0 ? pump(channel, picture.length, picture) : pump(channel, size));
  channel.onclose = () => connection.close();
  connection.onicecandidate = ({ candidate }) => candidate && say(from, { candidate });
  await connection.setLocalDescription();
  await say(from, { offer: connection.localDescription });
}

hear('sender', (message) => {
  const connection = connections.get(message.from);
  if (message.answer) connection?.setRemoteDescription(message.answer);
  else if (message.candidate && connection) takeCandidate(connection, message);
  else if ('size' in message) connect(message);
}).then(() => (document.documentElement.dataset.ready = 'yes'));
