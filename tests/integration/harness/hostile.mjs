// SPDX-License-Identifier: MIT

// A receiver that does not keep to the protocol: the page, with what it says on its control channel
// replaced.

/**
 * @param {string} link
 * @param {import('./browser.mjs').Visit} visit
 * @param {string} type of the first message to be replaced
 * @param {(string | number[])[]} messages in its place; numbers are bytes of a binary message
 */
export function openHostile(link, visit, type, messages) {
  return visit.open(link, (page) =>
    page.evaluateOnNewDocument(
      (wanted, others) => {
        const send = /** @type {(data: any) => void} */ (RTCDataChannel.prototype.send);
        let done = false;
        RTCDataChannel.prototype.send = function (/** @type {any} */ data) {
          const isIt = typeof data === 'string' && JSON.parse(data).type === wanted;
          if (done || !isIt) return send.call(this, data);
          done = true;
          for (const other of others)
            send.call(this, typeof other === 'string' ? other : new Uint8Array(other));
        };
      },
      type,
      messages,
    ),
  );
}
