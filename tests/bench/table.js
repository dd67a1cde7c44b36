// SPDX-License-Identifier: MIT

// What was measured, in rows.

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {number} value
 * @property {string} unit
 * @property {number} [least]
 * @property {number} [most]
 * @property {number} [raw] the same of Chromium → Chromium
 * @property {Aim} [aim]
 * @property {string} [note]
 *
 * @typedef {{text: string, met: boolean}} Aim
 */

/**
 * @param {number} value
 * @param {number} limit
 * @param {string} unit
 * @returns {Aim}
 */
export function atMost(value, limit, unit) {
  return { text: `≤ ${format(limit)} ${unit}`, met: value <= limit };
}

/** @param {number} value */
function format(value) {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** @param {Row} row */
function cells(row) {
  const { least, most, raw, aim } = row;
  return [
    row.what,
    format(row.value),
    row.unit,
    least === undefined || most === undefined ? '' : `${format(least)}–${format(most)}`,
    raw === undefined ? '' : format(raw),
    raw === undefined ? '' : `${(row.value / raw).toFixed(2)}×`,
    aim === undefined ? '' : `${aim.met ? 'meets' : 'misses'} ${aim.text}`,
    row.note ?? '',
  ];
}

const HEAD = ['', 'measured', 'unit', 'least–most', 'raw', 'to raw', 'aim', ''];
const RIGHT = [1, 3, 4, 5];

/**
 * @param {Row[]} rows
 * @returns {string}
 */
export function drawTable(rows) {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const draw = (/** @type {string[]} */ line) =>
    line
      .map((cell, i) => (RIGHT.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd();
  return lines.map(draw).join('\n');
}

/**
 * @param {Row[]} rows
 * @returns {object[]} for programs
 */
export function toPlain(rows) {
  return rows.map((row) => ({ ...row, ratio: row.raw === undefined ? undefined : row.value / row.raw }));
}
