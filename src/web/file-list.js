// SPDX-License-Identifier: MIT

// The list of a share's files. It grows as it is scrolled: rows are made in portions, and a page of
// the list is asked for when the last known row was made, so that thousands of files cost nothing
// before someone looks at them.

import { h, nameElement } from './dom.js';
import { formatSize } from './format.js';
import { _, fill, locale, ngettext } from './i18n.js';
import { displayName } from './names.js';
import { ProgressView } from './progress-view.js';

/** @typedef {import('./download.js').Entry} Entry */

const PORTION = 200;
// About the height of a row.
const ROW_REM = 5;

/** One file: what it is called, how large it is, and what can be done with it. */
class Row {
  #entry;
  #path;
  #state = h('div', { class: 'state' });
  /** @type {ProgressView | undefined} */
  #progress;
  #button;

  /**
   * @param {Entry} entry
   * @param {number} file
   * @param {() => void} save
   */
  constructor(entry, file, save) {
    const shown = displayName(entry.path);
    this.#entry = entry;
    this.#path = shown.folder + shown.name;
    this.#button = h('button', { type: 'button', click: save }, _('Save'));
    this.#label(_('Save {name}'));
    const about = h('div', { class: 'about' }, nameElement(shown), this.#size());
    this.element = h('li', { class: 'file', 'data-file': String(file) }, about, this.#button);
    this.element.append(this.#state);
  }

  #size() {
    return h('span', { class: 'size' }, formatSize(this.#entry.size));
  }

  /** @param {string} text */
  #label(text) {
    this.#button.setAttribute('aria-label', fill(text, { name: this.#path }));
  }

  wait() {
    this.#button.hidden = true;
    this.#progress = new ProgressView(this.#path);
    this.#progress.update(0, this.#entry.size);
    this.#state.replaceChildren(this.#progress.element);
  }

  /** @param {number} verified */
  progress(verified) {
    this.#progress?.update(verified, this.#entry.size);
  }

  saved() {
    this.#button.hidden = false;
    this.#button.textContent = _('Save again');
    this.#label(_('Save {name} again'));
    this.#button.classList.add('quiet');
    this.#state.replaceChildren(h('span', { class: 'good' }, _('Saved')));
  }

  /** @param {string} text why it can't be had; "" where that is said elsewhere */
  fail(text) {
    this.#button.hidden = true;
    this.#state.replaceChildren(...(text === '' ? [] : [h('span', { class: 'bad' }, text)]));
  }

  /** The sender is gone, and with it what is not here yet. */
  end() {
    if (this.#button.textContent === _('Save')) this.#button.disabled = true;
  }
}

export class FileList {
  #portions = h('div');
  #more = h('button', { type: 'button', class: 'more quiet', click: () => this.#grow() });
  #on;
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Map<number, Row>} */
  #made = new Map();
  /** @type {Map<number, (row: Row) => void>} what is to be done to rows that are made later */
  #later = new Map();
  #total = 0;
  #waiting = false;
  #ended = false;
  #observer;

  /** @param {{save: (file: number) => void, more: () => void}} on `more`: a page is needed */
  constructor(on) {
    this.#on = on;
    this.element = h('section', { class: 'files', hidden: true }, this.#portions, this.#more);
    this.element.setAttribute('aria-label', _('Files'));
    const seen = (/** @type {IntersectionObserverEntry[]} */ entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#grow();
    };
    this.#observer = new IntersectionObserver(seen, { rootMargin: '600px' });
  }

  /**
   * @param {Entry[]} entries the next page
   * @param {number} total
   */
  add(entries, total) {
    this.#entries.push(...entries);
    this.#total = total;
    this.element.hidden = false;
    this.element.dataset.single = String(total === 1);
    if (this.#made.size === 0 || this.#waiting) this.#grow();
  }

  /**
   * @param {number} file
   * @param {(row: Row) => void} change
   */
  #with(file, change) {
    const row = this.#made.get(file);
    if (row === undefined) this.#later.set(file, change);
    else change(row);
  }

  /** Makes a portion of rows, or asks for the page that they are on. */
  #grow() {
    const end = Math.min(this.#made.size + PORTION, this.#entries.length);
    const rows = [];
    for (let file = this.#made.size; file < end; file++) rows.push(this.#make(file));
    // A list of its own for each portion, which the browser need not lay out while it is not seen.
    if (rows.length > 0) this.#portions.append(portion(rows));

    const left = this.#total - end;
    this.#more.hidden = left === 0 || this.#ended;
    this.#more.textContent = fill(ngettext('{count} more file', '{count} more files', left), {
      count: left.toLocaleString(locale),
    });

    this.#waiting = rows.length === 0 && left > 0;
    if (this.#waiting) this.#on.more();
    // Only what begins to be seen is told, so it has to begin anew.
    this.#observer.unobserve(this.#more);
    if (!this.#waiting) this.#observer.observe(this.#more);
  }

  /** @param {number} file */
  #make(file) {
    const row = new Row(this.#entries[file], file, () => this.#on.save(file));
    this.#made.set(file, row);
    this.#later.get(file)?.(row);
    this.#later.delete(file);
    return row.element;
  }

  /** @param {number} file */
  wait(file) {
    this.#with(file, (row) => row.wait());
  }

  /**
   * @param {number} file
   * @param {number} verified
   */
  progress(file, verified) {
    this.#made.get(file)?.progress(verified);
  }

  /** @param {number} file */
  saved(file) {
    this.#with(file, (row) => row.saved());
  }

  /**
   * @param {number} file
   * @param {string} text
   */
  fail(file, text) {
    this.#with(file, (row) => row.fail(text));
  }

  end() {
    this.#ended = true;
    this.#more.hidden = true;
    for (const row of this.#made.values()) row.end();
  }
}

/** @param {HTMLElement[]} rows */
function portion(rows) {
  const list = h('ul', { class: 'rows' }, ...rows);
  list.style.setProperty('contain-intrinsic-block-size', `auto ${rows.length * ROW_REM}rem`);
  return list;
}
