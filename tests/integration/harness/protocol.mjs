// SPDX-License-Identifier: MIT

// What the protocol declares.

import fs from 'node:fs';

const declared = new URL('../../../src/protocol/protocol.json', import.meta.url);

/** @type {{states: Record<string, string[]>, codes: Record<string, {exit: number}>}} */
export const { states, codes } = JSON.parse(fs.readFileSync(declared, 'utf8'));
