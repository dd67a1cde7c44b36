// SPDX-License-Identifier: MIT

// The frame of the page: the phase, as a contract for programs, and beside it a sentence for
// people. What belongs to a share is put below it by receive.js.

import { h } from './dom.js';
import { _ } from './i18n.js';

/**
 * @typedef {'connecting' | 'downloading' | 'ready' | 'saved' | 'gone' | 'refused' | 'failed'} Phase
 * @typedef {{next?: string, code?: string, actions?: HTMLElement[]}} More
 */

export class View {
  #main;
  #says = h('h1', { class: 'says' });
  #next = h('p', { class: 'next', hidden: true });
  #actions = h('div', { class: 'actions', hidden: true });
  #announcer = h('p', { class: 'heard', role: 'status' });

  /** @param {HTMLElement} main */
  constructor(main) {
    this.#main = main;
    this.pictures = h('div', { class: 'pictures' });
    this.progress = h('div', { class: 'whole' });
    this.rest = h('div', { class: 'rest' });
    const status = h('div', { class: 'status', role: 'status' }, this.#says, this.#next);
    main.replaceChildren(
      h('div', { class: 'top' }, sprout(), h('div', { class: 'words' }, status, this.#actions)),
      this.progress,
      this.pictures,
      this.rest,
      this.#announcer,
    );
  }

  /** @returns {Phase} */
  get phase() {
    return /** @type {Phase} */ (this.#main.dataset.phase);
  }

  /**
   * @param {Phase} phase
   * @param {string} says what is the case
   * @param {More} [more] `next`: what to do; `code`: of protocol.json, for a bad end
   */
  show(phase, says, { next = '', code, actions = [] } = {}) {
    this.#says.textContent = says;
    this.#next.textContent = next;
    this.#next.hidden = next === '';
    this.#actions.replaceChildren(...actions);
    this.#actions.hidden = actions.length === 0;
    if (code === undefined) delete this.#main.dataset.code;
    else this.#main.dataset.code = code;
    this.#main.dataset.phase = phase;
    if (phase !== 'connecting' && phase !== 'downloading') this.#main.classList.add('settled');
  }

  /** @param {boolean} shown whether a picture has the room */
  set showsPicture(shown) {
    this.#main.classList.toggle('with-picture', shown);
  }

  /** @param {string} text said to those who listen, and not shown */
  announce(text) {
    this.#announcer.textContent = text;
  }
}

/** @returns {HTMLElement} a stem and two leaves, for the eye alone */
export function sprout() {
  return h('div', { class: 'sprout', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
}

/** @returns {HTMLElement} */
export function retryButton() {
  return h('button', { type: 'button', click: () => location.reload() }, _('Try again'));
}
