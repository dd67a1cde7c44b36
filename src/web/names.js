// SPDX-License-Identifier: MIT

// A sender's file names, for the eye and for the disk. Nothing in them can be trusted.

const NAME_BYTES = 200;

// Controls, and what turns the direction of the text around it: a name like "gpj.exe" must not
// read as something else.
const invisible = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** @param {string} character */
function shown(character) {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
}

/**
 * @param {string} path as the sender has it
 * @returns {{folder: string, name: string}} for the eye; to be isolated from the text around it
 */
export function displayName(path) {
  const clean = path.replace(invisible, shown);
  const slash = clean.lastIndexOf('/', clean.length - 2);
  return { folder: clean.slice(0, slash + 1), name: clean.slice(slash + 1) };
}

/**
 * @param {string} path as the sender has it
 * @returns {string} a name that a browser may offer to save under: no folder, no controls, none of
 *   the characters or names that a system keeps for itself
 */
export function saveName(path) {
  const base = path.split(/[/\\]/).filter(Boolean).pop() ?? '';
  const clean = base
    .replace(invisible, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const safe = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(clean) ? `_${clean}` : clean;
  return safe === '' ? 'file' : shorten(safe);
}

/**
 * @param {string} name
 * @returns {string} within what file systems hold, its extension kept
 */
function shorten(name) {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text).length;
  if (bytes(name) <= NAME_BYTES) return name;

  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && bytes(name.slice(dot)) <= 20 ? name.slice(dot) : '';
  const stem = [...name.slice(0, name.length - extension.length)];
  while (bytes(stem.join('')) > NAME_BYTES - bytes(extension)) stem.length -= 1;
  return stem.join('') + extension;
}
