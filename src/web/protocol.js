// SPDX-License-Identifier: MIT

// Every message against its declaration in protocol.json, the file that the C side is made from.
// Whatever comes from outside passes parse() before other code sees it.

import protocol from '../protocol/protocol.json' with { type: 'json' };
import { SeedError } from './errors.js';

/**
 * @typedef {import('./errors.js').CodeName} CodeName
 * @typedef {keyof typeof protocol.messages} MessageName
 * @typedef {'signalling' | 'sealed' | 'control'} Channel
 * @typedef {'server' | 'owner' | 'receiver'} Role
 * @typedef {{type: MessageName, [field: string]: any}} Message
 * @typedef {{type: string, optional?: boolean, min?: number, max?: number, charset?: string,
 *            of?: string}} FieldSpec
 * @typedef {Record<string, FieldSpec>} RecordSpec
 */

/**
 * @template {string} K
 * @param {Record<K, unknown>} table
 * @returns {{[N in K]: N}} each key under its own name, so that a misspelt one is a type error
 */
function names(table) {
  return /** @type {any} */ (Object.fromEntries(Object.keys(table).map((key) => [key, key])));
}

export const Type = names(protocol.messages);
export const Code = names(protocol.codes);
export const constants = protocol.constants;
export const labels = protocol.labels;
export const frames = protocol.frames;
export const codes = protocol.codes;
export const charsets = protocol.charsets;
export const subprotocol = protocol.subprotocol;

// Far deeper than any message.
const DEPTH_MAX = 8;

// Behind an even number of backslashes, or it is none.
const ESCAPED_NUL = /(?:^|[^\\])(?:\\\\)*\\u0000/;

const encoder = new TextEncoder();

/** @type {Record<string, MessageSpec>} */
const specs = /** @type {any} */ (protocol.messages);
/** @typedef {{channel: Channel, to: Role[], fields: RecordSpec}} MessageSpec */
/** @type {Record<string, RecordSpec>} */
const records = protocol.records;

/**
 * @param {string} text
 * @returns {number} its bytes in UTF-8
 */
function byteLength(text) {
  return encoder.encode(text).length;
}

/**
 * @param {string} name
 * @param {string} charset
 */
function within(name, charset) {
  const allowed = /** @type {Record<string, string>} */ (charsets)[charset];
  return [...name].every((character) => allowed.includes(character));
}

/**
 * @param {FieldSpec} spec
 * @param {unknown} value
 */
function fitsString(spec, value) {
  if (typeof value !== 'string') return false;
  if (value.includes('\0') || /\p{Surrogate}/u.test(value)) return false;

  const length = byteLength(value);
  if (length < (spec.min ?? 0) || length > (spec.max ?? Infinity)) return false;
  return spec.charset === undefined || within(value, spec.charset);
}

/**
 * @param {FieldSpec} spec
 * @param {unknown} value
 */
function fitsUint(spec, value) {
  return (
    Number.isSafeInteger(value) &&
    /** @type {number} */ (value) >= (spec.min ?? 0) &&
    /** @type {number} */ (value) <= (spec.max ?? Infinity)
  );
}

/**
 * @param {FieldSpec} spec
 * @param {unknown} value
 * @returns {Record<string, unknown>[] | undefined}
 */
function checkList(spec, value) {
  if (!Array.isArray(value)) return undefined;
  if (value.length < (spec.min ?? 0) || value.length > (spec.max ?? Infinity)) return undefined;
  return value.map((item) => checkRecord(records[spec.of ?? ''], item));
}

/**
 * @param {FieldSpec} spec
 * @param {unknown} value
 * @returns {unknown} the value, undefined where it does not fit
 */
function checkField(spec, value) {
  switch (spec.type) {
    case 'string':
      return fitsString(spec, value) ? value : undefined;
    case 'uint':
      // Zero is written with a sign, too.
      return fitsUint(spec, value) ? /** @type {number} */ (value) + 0 : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'code':
      return typeof value === 'string' && Object.hasOwn(codes, value) ? value : undefined;
    case 'list':
      return checkList(spec, value);
    default:
      return undefined;
  }
}

/**
 * Copies what the declaration knows, so that nothing else ever reaches the rest of the code.
 *
 * @param {RecordSpec} spec
 * @param {unknown} from
 * @returns {Record<string, unknown>}
 */
function checkRecord(spec, from) {
  if (typeof from !== 'object' || from === null || Array.isArray(from))
    throw new SeedError(Code['bad-message'], 'not a record');

  /** @type {Record<string, unknown>} */
  const into = {};
  for (const [name, field] of Object.entries(spec)) {
    const value = Object.hasOwn(from, name) ? /** @type {any} */ (from)[name] : undefined;
    if (value === undefined && field.optional) continue;

    const checked = checkField(field, value);
    if (checked === undefined) throw new SeedError(Code['bad-message'], `${name} does not fit`);
    into[name] = checked;
  }
  return into;
}

/**
 * @param {string} text
 * @returns {boolean}
 */
function tooDeep(text) {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/gs, '');
  let depth = 0;
  for (const bracket of bare.match(/[[\]{}]/g) ?? []) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1;
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new SeedError(Code['bad-message'], 'not JSON');
  }
}

/**
 * @param {unknown} text what came from outside
 * @param {Channel} channel the channel that it came by
 * @param {Role} role who we are; a message that is not for this role is an error
 * @returns {Message}
 * @throws {SeedError} unknown-type, too-large or bad-message
 */
export function parse(text, channel, role) {
  if (typeof text !== 'string') throw new SeedError(Code['bad-message'], 'not a text');

  const limit = constants[channel === 'control' ? 'control-message-max' : 'signalling-message-max'];
  if (byteLength(text) > limit) throw new SeedError(Code['too-large']);
  if (ESCAPED_NUL.test(text) || tooDeep(text)) throw new SeedError(Code['bad-message']);

  const root = /** @type {any} */ (parseJson(text));
  const type = typeof root === 'object' && root !== null ? root.type : undefined;
  if (typeof type !== 'string') throw new SeedError(Code['bad-message'], 'no type');

  const spec = Object.hasOwn(specs, type) ? specs[type] : undefined;
  if (spec === undefined || spec.channel !== channel || !spec.to.includes(role))
    throw new SeedError(Code['unknown-type'], type);

  return /** @type {Message} */ ({ type, ...checkRecord(spec.fields, root) });
}

/**
 * @param {MessageName} type
 * @param {Record<string, unknown>} [fields]
 * @returns {string} the text to send
 * @throws {SeedError} when a message of our own would break the protocol
 */
export function build(type, fields = {}) {
  return JSON.stringify({ type, ...checkRecord(specs[type].fields, fields) });
}
