// SPDX-License-Identifier: MIT

// Pictures, painted by the browser that will be shown them.

import fs from 'node:fs';
import { hashBytes } from './files.mjs';

/**
 * @param {import('./browser.mjs').Visit} visit
 * @param {string} file
 * @param {{type: string, width: number, height: number}} picture
 * @returns {Promise<string>} its hash
 */
export async function paint(visit, file, { type, width, height }) {
  const page = await visit.newPage();
  const url = await page.evaluate(
    (kind, w, h) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [w, h];
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
      context.fillStyle = 'seagreen';
      context.fillRect(0, 0, w / 2, h);
      return canvas.toDataURL(kind);
    },
    type,
    width,
    height,
  );
  await page.close();
  const [head, body] = url.split(',');
  if (head !== `data:${type};base64`) throw new Error(`it paints ${head} for ${type}`);
  const bytes = Buffer.from(body, 'base64');
  fs.writeFileSync(file, bytes);
  return hashBytes(bytes);
}
