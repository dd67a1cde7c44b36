// SPDX-License-Identifier: MIT

// Receiving, as the page shows it: turns what a Session tells into phases, pictures, rows and saved
// files.

import { commandView } from './command-view.js';
import { FileList } from './file-list.js';
import { formatPercent, formatSize } from './format.js';
import { _, fill, locale, ngettext } from './i18n.js';
import { automatic, isPicture } from './images.js';
import { SAVE_MAX } from './limits.js';
import { displayName } from './names.js';
import { pictureView } from './picture-view.js';
import { ProgressView } from './progress-view.js';
import { Code } from './protocol.js';
import { SAVED_TYPE, saveBlob } from './save.js';
import { next, phaseOf, says } from './sentences.js';
import { Session } from './session.js';
import { retryButton } from './view.js';

/**
 * @typedef {import('./errors.js').CodeName} CodeName
 * @typedef {import('./download.js').Entry} Entry
 */

const ANNOUNCE_MS = 15000;

export class Receive {
  #view;
  #session;
  #list;
  /** @type {Entry[]} */
  #entries = [];
  #total = 0;
  /** @type {Map<number, ProgressView>} pictures on their way */
  #pictures = new Map();
  /** @type {Map<number, (type: string) => Blob>} what is here */
  #here = new Map();
  /** @type {Set<number>} to be saved once they are here */
  #saving = new Set();
  #failures = 0;
  #announcedAt = performance.now();

  /**
   * @param {import('./view.js').View} view
   * @param {ConstructorParameters<typeof Session>[0]} options
   */
  constructor(view, options) {
    this.#view = view;
    this.#list = new FileList({
      save: (file) => this.#save(file),
      more: () => this.#session.list(),
    });
    view.rest.append(this.#list.element);
    view.show('connecting', _('Connecting to the sender…'));
    this.#session = new Session(options, {
      preparing: () => view.show('connecting', _('The sender is still preparing this…')),
      away: (away) => this.#away(away),
      entries: (from, entries, total) => this.#takeEntries(from, entries, total),
      progress: (file, verified, size) => this.#progress(file, verified, size),
      done: (file, blob, head) => this.#done(file, blob, head),
      fileFailed: (file, code) => this.#fileFailed(file, code),
      ended: (code) => this.#ended(code),
    });
  }

  /** The page is being left. */
  close() {
    this.#session.close();
  }

  /** @param {boolean} away */
  #away(away) {
    const sentence = away
      ? _('The sender has lost its connection. Waiting for it to come back…')
      : _('Connecting to the sender…');
    this.#view.show('connecting', sentence);
  }

  /** @param {number} file */
  #name(file) {
    return displayName(this.#entries[file].path).name;
  }

  /**
   * @param {number} from
   * @param {Entry[]} entries
   * @param {number} total
   */
  #takeEntries(from, entries, total) {
    this.#entries.push(...entries);
    this.#total = total;
    const shown = from === 0 ? automatic(entries, total) : [];
    // The list of a single picture would say the same once more.
    if (total > 1 || shown.length === 0) this.#list.add(entries, total);
    entries.forEach((entry, i) => entry.size > SAVE_MAX && this.#refuseSize(from + i));
    if (from > 0) return;

    if (total === 1 && entries[0].size > SAVE_MAX) this.#endTooBig();
    else if (shown.length === 0) this.#ready();
    else this.#fetchPictures(shown);
  }

  /** @param {number} file */
  #refuseSize(file) {
    this.#list.fail(file, this.#total === 1 ? '' : says(Code['too-big-here']));
    if (this.#failures++ === 0) this.#view.rest.append(getCommand());
  }

  #endTooBig() {
    this.#session.close(Code['too-big-here']);
    this.#showEnd(Code['too-big-here']);
  }

  /** @param {number[]} files */
  #fetchPictures(files) {
    for (const file of files) this.#pictures.set(file, new ProgressView(this.#name(file)));
    this.#downloading(files[0]);
    for (const file of files) this.#session.want(file);
    for (const { element } of this.#pictures.values()) this.#view.progress.append(element);
  }

  /** @param {number} file */
  #downloading(file) {
    this.#view.show('downloading', fill(_('Downloading {name}…'), { name: this.#name(file) }));
  }

  #ready() {
    const onlyPictures = this.#view.pictures.childElementCount === this.#total;
    if (onlyPictures) this.#view.show('ready', _('Here it is, straight from the sender.'));
    else this.#readyToSave();
    document.title = this.#total === 1 ? `${this.#name(0)} – Seedshot` : 'Seedshot';
  }

  #readyToSave() {
    const count = this.#total.toLocaleString(locale);
    const sentence = ngettext('A file for you', '{count} files for you', this.#total);
    const sum = this.#entries.reduce((bytes, { size }) => bytes + size, 0);
    const summed = this.#total > 1 && this.#entries.length === this.#total;
    this.#view.show('ready', fill(sentence, { count }), {
      next: summed ? fill(_('{size} in all.'), { size: formatSize(sum) }) : '',
    });
  }

  /**
   * @param {number} file
   * @param {number} verified
   * @param {number} size
   */
  #progress(file, verified, size) {
    const drawn = this.#pictures.get(file)?.update(verified, size);
    this.#list.progress(file, verified);
    if (drawn === false || verified === size) return;

    const percent = formatPercent(verified / size);
    document.title = `${percent} – ${this.#name(file)}`;
    if (performance.now() - this.#announcedAt < ANNOUNCE_MS) return;
    this.#announcedAt = performance.now();
    this.#view.announce(fill(_('{percent} downloaded'), { percent }));
  }

  /**
   * @param {number} file
   * @param {(type: string) => Blob} blob
   * @param {Uint8Array} head
   */
  #done(file, blob, head) {
    this.#here.set(file, blob);
    if (this.#pictures.has(file)) this.#showPicture(file, blob, head);
    if (this.#saving.delete(file)) this.#saveNow(file);
  }

  /**
   * @param {number} file
   * @param {(type: string) => Blob} blob
   * @param {Uint8Array} head
   */
  async #showPicture(file, blob, head) {
    const entry = this.#entries[file];
    if (isPicture(entry.type, head)) {
      const picture = pictureView(entry, blob(entry.type), () => this.#save(file));
      this.#view.pictures.append(picture.element);
      this.#view.showsPicture = true;
      if (!(await picture.shown)) picture.element.remove();
    }
    this.#view.showsPicture = this.#view.pictures.childElementCount > 0;
    this.#pictureSettled(file);
  }

  /** @param {number} file which is shown, or turned out not to be a picture */
  #pictureSettled(file) {
    this.#pictures.get(file)?.element.remove();
    this.#pictures.delete(file);
    if (this.#total === 1 && this.#view.pictures.childElementCount === 0)
      this.#list.add(this.#entries, 1);
    if (this.#pictures.size === 0 && this.#view.phase === 'downloading' && this.#saving.size === 0)
      this.#ready();
  }

  /** @param {number} file */
  #save(file) {
    if (this.#here.has(file)) return this.#saveNow(file);
    if (this.#saving.has(file)) return;
    this.#saving.add(file);
    this.#list.wait(file);
    this.#downloading(file);
    this.#session.want(file);
  }

  /** @param {number} file */
  #saveNow(file) {
    const blob = this.#here.get(file);
    if (blob === undefined) return;
    saveBlob(blob(SAVED_TYPE), this.#entries[file].path);
    this.#list.saved(file);
    if (isEnd(this.#view.phase)) return;

    const [waiting] = this.#saving;
    if (waiting !== undefined) return this.#downloading(waiting);
    const name = this.#name(file);
    this.#view.show('saved', fill(_('Saved {name}'), { name }), { next: saveHint() });
    document.title = `${name} – Seedshot`;
  }

  /**
   * @param {number} file
   * @param {CodeName} code
   */
  #fileFailed(file, code) {
    if (this.#total === 1) {
      this.#session.close(code);
      return this.#showEnd(code);
    }
    this.#saving.delete(file);
    this.#list.fail(file, says(code));
    if (this.#pictures.has(file)) this.#pictureSettled(file);
    else if (this.#saving.size === 0 && this.#view.phase === 'downloading') this.#ready();
  }

  /** @param {CodeName} code */
  #ended(code) {
    if (!this.#session.complete) return this.#showEnd(code);

    this.#list.end();
    const kept = this.#view.pictures.childElementCount > 0;
    this.#view.show('gone', _('The sender has stopped sharing.'), {
      next: kept
        ? _('What you see stays here for as long as this page is open.')
        : _('What you have saved is yours.'),
      code,
    });
  }

  /** @param {CodeName} code */
  #showEnd(code) {
    const phase = phaseOf(code);
    const tooBig = code === Code['too-big-here'];
    this.#list.end();
    this.#view.progress.replaceChildren();
    this.#view.show(phase, says(code), {
      next: next(code),
      code,
      actions: phase === 'failed' && !tooBig ? [retryButton()] : [],
    });
    document.title = 'Seedshot';
  }
}

/** @param {import('./view.js').Phase} phase */
function isEnd(phase) {
  return phase === 'gone' || phase === 'refused' || phase === 'failed';
}

/** @returns {HTMLElement} how to receive with the program for the terminal */
export function getCommand() {
  return commandView(
    `seedshot-cli get ${location.href}`,
    _('To receive it in a terminal instead:'),
  );
}

/** @returns {string} where to look, since what the browser does with it can't be seen from here */
function saveHint() {
  if (isSecureContext) return _('Look in your browser’s downloads.');
  return _('Look in your browser’s downloads. If it warns of an insecure download, choose Keep.');
}
