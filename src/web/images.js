// SPDX-License-Identifier: MIT

// Which files are pictures that the page shows by itself. A document that only looks like one, such
// as SVG, is not among them: it can be saved.

/** @typedef {import('./download.js').Entry} Entry */

const FILES_MAX = 24;
const BYTES_EACH = 32 * 1024 * 1024;
const BYTES_ALL = 64 * 1024 * 1024;

/** @type {Record<string, (text: string) => boolean>} by type, whether a file begins like one */
const beginnings = {
  'image/png': (text) => text.startsWith('\x89PNG\r\n\x1a\n'),
  'image/jpeg': (text) => text.startsWith('\xff\xd8\xff'),
  'image/gif': (text) => /^GIF8[79]a/.test(text),
  'image/webp': (text) => /^RIFF[^]{4}WEBP/.test(text),
  'image/avif': (text) => /^[^]{4}ftyp(avif|avis|mif1|msf1)/.test(text),
  'image/bmp': (text) => text.startsWith('BM'),
};

/**
 * @param {Entry[]} entries the first page of a list
 * @param {number} total files of the share
 * @returns {number[]} those to fetch and show at once
 */
export function automatic(entries, total) {
  if (total > FILES_MAX) return [];

  let sum = 0;
  return entries.flatMap(({ type, size }, file) => {
    const fits = isShown(type) && size > 0 && size <= BYTES_EACH && sum + size <= BYTES_ALL;
    sum += fits ? size : 0;
    return fits ? [file] : [];
  });
}

/** @param {string} type as the sender declares it */
function isShown(type) {
  return Object.hasOwn(beginnings, type);
}

/**
 * @param {string} type as the sender declares it
 * @param {Uint8Array} head the first bytes of the file
 * @returns {boolean} whether it is a picture of that type
 */
export function isPicture(type, head) {
  return isShown(type) && beginnings[type](String.fromCharCode(...head));
}
