// SPDX-License-Identifier: MIT

// What comes from npm; it lies in the build directory, where an import would not look for it.

import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(path.resolve(process.env.SEED_NPM ?? '.'), 'package.json'));

/** @type {typeof import('puppeteer-core').default} */
export const puppeteer = require('puppeteer-core').default;
/** @type {typeof import('ws')} */
export const { WebSocket, WebSocketServer } = require('ws');
