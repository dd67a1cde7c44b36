// SPDX-License-Identifier: MIT

// Receives from the raw sender. Its address says what: ?SIZE for so many bytes, ?0 for the picture,
// which is then shown. When it has come to its end, `data-done` holds the milliseconds between the
// first and the last byte.

import { hear, say, takeCandidate } from './said.js';

const name = crypto.getRandomValues(new Uint32Array(2)).join('-');
const size = Number(location.search.slice(1));
const connection = new RTCPeerConnection();
const channel = connection.createDataChannel('bulk', { negotiated: true, id: 0 });
channel.binaryType = 'arraybuffer';

/** @type {ArrayBuffer[]} */
const parts = [];
let got = 0;
let begun = 0;
let expected = size;

/** @param {ArrayBuffer} data */
function take(data) {
  if (got === 0) begun = performance.now();
  got += data.byteLength;
  if (size === 0) takePicture(data);
  if (got === expected) document.documentElement.dataset.done = String(performance.now() - begun);
}

/** @param {ArrayBuffer} data */
function takePicture(data) {
  if (parts.push(data) > 1 && data.byteLength === parts[0].byteLength) return;
  if (parts.length === 1) return;
  // Only the last message is shorter than the others.
  expected = got;
  const image = new Image();
  image.className = 'picture';
  image.src = URL.createObjectURL(new Blob(parts, { type: 'image/png' }));
  document.body.append(image);
}

channel.onmessage = ({ data }) => take(data);
connection.onicecandidate = ({ candidate }) => candidate && say('sender', { from: name, candidate });
await hear(name, async (message) => {
  if (message.candidate) return takeCandidate(connection, message);
  await connection.setRemoteDescription(message.offer);
  await connection.setLocalDescription();
  say('sender', { from: name, answer: connection.localDescription });
});
say('sender', { from: name, size });
addEventListener('pagehide', () => channel.close());
