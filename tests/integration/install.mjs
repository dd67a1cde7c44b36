// SPDX-License-Identifier: MIT

// Brings the packages that drive browsers into the build directory, where the lock file has changed
// since.
//
//   node install.mjs --npm DIR --stamp FILE

import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installPackages } from '../../src/web/build.mjs';

const text = { type: /** @type {const} */ ('string') };
const { values } = parseArgs({ options: { npm: text, stamp: text } });

installPackages(values.npm, fileURLToPath(new URL('..', import.meta.url)));
fs.writeFileSync(values.stamp, '');
