// SPDX-License-Identifier: MIT

import { h } from './dom.js';
import { saveName } from './names.js';

/**
 * Hands a file to the browser to save. Its type names nothing that a browser would open in our
 * origin.
 *
 * @param {Blob} blob
 * @param {string} path as the sender has it
 */
export function saveBlob(blob, path) {
  const url = URL.createObjectURL(blob);
  const anchor = h('a', { href: url, download: saveName(path), hidden: true });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  // The browser has taken hold of the Blob by then; how long it writes does not matter.
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

export const SAVED_TYPE = 'application/octet-stream';
