// SPDX-License-Identifier: MIT

/** @typedef {keyof typeof import('../protocol/protocol.json')['codes']} CodeName */

/** A failure with one of the names that protocol.json declares. */
export class SeedError extends Error {
  /**
   * @param {CodeName} code
   * @param {string} [detail] for whoever debugs; a person reads the sentence of the code
   */
  constructor(code, detail) {
    super(detail ?? code);
    this.name = 'SeedError';
    this.code = code;
  }
}

/**
 * @param {unknown} error
 * @returns {CodeName} its own code, or "failed" for what no one foresaw
 */
export function codeOf(error) {
  return error instanceof SeedError ? error.code : 'failed';
}
