// SPDX-License-Identifier: MIT

// Sizes, rates and times as people read them.

import { _, fill, locale, ngettext } from './i18n.js';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/**
 * @param {number} bytes
 * @param {string} [per] such as "-per-second"
 */
function withUnit(bytes, per = '') {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power] + per,
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}

/** @param {number} bytes */
export function formatSize(bytes) {
  return withUnit(bytes);
}

/** @param {number} bytes a second */
export function formatRate(bytes) {
  return withUnit(Math.round(bytes), '-per-second');
}

/** @param {number} part between 0 and 1; only what is whole reads as 100 % */
export function formatPercent(part) {
  const whole = Math.floor(part * 100) / 100;
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(whole);
}

/** @param {number} seconds */
export function formatTimeLeft(seconds) {
  if (seconds < 60) {
    const count = Math.max(Math.ceil(seconds), 1);
    return fill(ngettext('{count} second left', '{count} seconds left', count), { count });
  }
  if (seconds < 3600) {
    const count = Math.ceil(seconds / 60);
    return fill(ngettext('{count} minute left', '{count} minutes left', count), { count });
  }
  const count = Math.ceil(seconds / 3600);
  if (count > 48) return _('more than two days left');
  return fill(ngettext('{count} hour left', '{count} hours left', count), { count });
}
