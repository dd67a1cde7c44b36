// SPDX-License-Identifier: MIT

// What a code means for a person, and for the phase that the page shows. The sentences are those of
// protocol.json, the same as in the window and the terminal.

import { _ } from './i18n.js';
import { Code, codes } from './protocol.js';

/** @typedef {import('./errors.js').CodeName} CodeName */

/** @type {Set<CodeName>} */
const gone = new Set([Code['share-unknown'], Code['share-closed'], Code['share-lost']]);
/** @type {Set<CodeName>} */
const refused = new Set([Code.refused, Code['seal-broken'], Code['bad-link']]);

/**
 * @param {CodeName} code
 * @returns {'gone' | 'refused' | 'failed'}
 */
export function phaseOf(code) {
  if (gone.has(code)) return 'gone';
  return refused.has(code) ? 'refused' : 'failed';
}

/**
 * @param {CodeName} code
 * @returns {string} what happened
 */
export function says(code) {
  return _(codes[code].says);
}

/**
 * @param {CodeName} code
 * @returns {string} what to do next
 */
export function next(code) {
  return _(codes[code].next);
}
