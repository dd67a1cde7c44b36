// SPDX-License-Identifier: MIT

// The messages of the bulk channel: 16 bytes of header, big-endian, then data.
//
//   0  kind                          4  file, its index in the manifest
//   1  three bytes of zero           8  offset in that file, in bytes

import { SeedError } from './errors.js';
import { Code, constants, frames } from './protocol.js';

/** @typedef {{kind: number, file: number, offset: number, data: Uint8Array<ArrayBuffer>}} Frame */

const HEADER = constants['frame-header'];

/**
 * @param {unknown} message what came by the bulk channel
 * @returns {Frame} its data is a view of the message
 * @throws {SeedError} bad-message
 */
export function parseFrame(message) {
  if (!(message instanceof ArrayBuffer)) throw new SeedError(Code['bad-message'], 'not binary');

  const size = message.byteLength;
  if (size <= HEADER || size > HEADER + constants['frame-data-max'])
    throw new SeedError(Code['bad-message'], 'a frame of a wrong size');

  const view = new DataView(message);
  const first = view.getUint32(0);
  const file = view.getUint32(4);
  const offset = view.getUint32(8) * 2 ** 32 + view.getUint32(12);
  if ((first & 0xffffff) !== 0 || file >= constants['files-max'] || offset > constants['size-max'])
    throw new SeedError(Code['bad-message'], 'a frame out of bounds');

  const kind = first >>> 24;
  const data = new Uint8Array(message, HEADER);
  if (kind === frames.digest && data.length === constants['digest-size'])
    return { kind, file, offset, data };
  if (kind === frames.data) return { kind, file, offset, data };

  throw new SeedError(Code['bad-message'], 'a frame of an unknown kind');
}

/**
 * @param {Frame} frame
 * @returns {ArrayBuffer}
 */
export function buildFrame({ kind, file, offset, data }) {
  const message = new ArrayBuffer(HEADER + data.length);
  const view = new DataView(message);
  view.setUint8(0, kind);
  view.setUint32(4, file);
  view.setUint32(8, Math.floor(offset / 2 ** 32));
  view.setUint32(12, offset % 2 ** 32);
  new Uint8Array(message, HEADER).set(data);
  return message;
}
