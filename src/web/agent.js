// SPDX-License-Identifier: MIT

// What the owner's list calls us, such as "Firefox 153 on Linux".

/**
 * @typedef {{brand: string, version: string}} Brand
 * @typedef {{userAgent: string, userAgentData?: {brands: Brand[], platform: string}}} Browser
 */

const BYTES_MAX = 120;

/** By the product's name in a user agent, the special before the general.
 * @type {[RegExp, string][]} */
const products = [
  [/\bEdgA?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bSamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Chrome|HeadlessChrome|CriOS)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+).*Safari/, 'Safari'],
];

/** @type {[RegExp, string][]} */
const systems = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/**
 * @param {Browser} browser the navigator
 * @returns {string}
 */
export function describeAgent({ userAgent, userAgentData }) {
  const product = brandOf(userAgentData?.brands ?? []) ?? productOf(userAgent);
  const system = userAgentData?.platform || systems.find(([mark]) => mark.test(userAgent))?.[1];
  return limit(system === undefined ? product : `${product} on ${system}`);
}

/** @param {Brand[]} brands among which one that does not exist is mixed */
function brandOf(brands) {
  const real = brands.filter(({ brand }) => !/not.*brand/i.test(brand));
  const known = real.find(({ brand }) => brand !== 'Chromium') ?? real[0];
  return known && `${known.brand.replace(/^(Google|Microsoft) /, '')} ${known.version}`;
}

/** @param {string} userAgent */
function productOf(userAgent) {
  for (const [mark, name] of products) {
    const version = mark.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return 'A browser';
}

/** @param {string} text */
function limit(text) {
  const bytes = new TextEncoder().encode(text.replace(/[^\p{L}\p{N}\p{P}\p{Zs}]/gu, ''));
  return new TextDecoder().decode(bytes.subarray(0, BYTES_MAX)).replace(/\ufffd+$/, '');
}

