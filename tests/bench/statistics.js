// SPDX-License-Identifier: MIT

/**
 * @param {number[]} values
 * @param {number} share 0 to 1
 * @returns {number} the smallest value that at least that share of them does not exceed
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number[]} values */
export function spread(values) {
  return { least: Math.min(...values), most: Math.max(...values) };
}
