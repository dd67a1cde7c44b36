// SPDX-License-Identifier: MIT

// The link that is shared: `<server>/<share id>#<secret>`. What stands behind the '#' is never
// sent to the server.

import { decode } from './base64url.js';
import { SeedError } from './errors.js';
import { charsets, Code, constants } from './protocol.js';

/** @typedef {{server: string, share: string, secret: Uint8Array<ArrayBuffer>}} Link */

const share = new RegExp(`^[${charsets.id}]{${constants['share-id-length']}}$`);

/**
 * @param {string} pathname of a page's address
 * @returns {boolean} whether it names a share, and is not the front page
 */
export function namesShare(pathname) {
  return share.test(pathname.slice(pathname.lastIndexOf('/') + 1));
}

/**
 * @param {string} text white space around it is dropped
 * @returns {Link}
 * @throws {SeedError} bad-link
 */
export function parseLink(text) {
  const [address, fragment] = split(text.trim());
  const secret = decode(fragment);
  if (secret?.length !== constants['secret-size']) throw new SeedError(Code['bad-link'], 'no key');

  const slash = address.lastIndexOf('/');
  if (!namesShare(address)) throw new SeedError(Code['bad-link'], 'no share');

  return { server: server(address.slice(0, slash)), share: address.slice(slash + 1), secret };
}

/**
 * @param {string} text
 * @returns {[string, string]}
 */
function split(text) {
  const hash = text.indexOf('#');
  return hash < 0 ? [text, ''] : [text.slice(0, hash), text.slice(hash + 1)];
}

/**
 * @param {string} text
 * @returns {string} without query and slash at its end
 */
function server(text) {
  /** @type {URL} */
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new SeedError(Code['bad-link'], 'no server');
  }
  if (!/^https?:$/.test(url.protocol) || url.username || url.password)
    throw new SeedError(Code['bad-link'], 'no server');
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/**
 * @param {string} base a server, as a link has it
 * @returns {string} where its WebSocket is
 */
export function socketAddress(base) {
  return `${base.replace(/^http/, 'ws')}/ws`;
}
