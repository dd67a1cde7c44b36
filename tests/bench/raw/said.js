// SPDX-License-Identifier: MIT

/**
 * @param {string} name under which we listen
 * @param {(message: any) => void} take
 * @returns {Promise<void>} when we can be heard from
 */
export function hear(name, take) {
  return new Promise((resolve) => {
    const events = new EventSource(`hear?${name}`);
    events.onopen = () => resolve();
    events.onmessage = ({ data }) => take(JSON.parse(data));
  });
}

/**
 * @param {string} name who is to hear it
 * @param {unknown} message
 */
export function say(name, message) {
  return fetch(`say?${name}`, { method: 'POST', body: JSON.stringify(message) });
}

/** Takes what the other end says of the connection itself.
 * @param {RTCPeerConnection} connection
 * @param {any} message */
export async function takeCandidate(connection, message) {
  try {
    await connection.addIceCandidate(message.candidate);
  } catch {
    // A name that can't be resolved here; our own candidates reach the other end.
  }
}
