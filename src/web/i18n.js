// SPDX-License-Identifier: MIT

// Every string that a person reads passes here. There is no catalogue for the page yet, so they
// come back as they are.

export const locale = 'en';

/**
 * @param {string} text
 * @returns {string}
 */
export function _(text) {
  return text;
}

/**
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @returns {string}
 */
export function ngettext(one, many, count) {
  return count === 1 ? one : many;
}

/**
 * @param {string} text with places such as {name}
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}
