// SPDX-License-Identifier: MIT

import { copyField } from './copy.js';
import { h } from './dom.js';
import { _ } from './i18n.js';

/**
 * @param {string} command for a terminal
 * @param {string} label what it does
 * @returns {HTMLElement} the command in a field that can be selected, with a button that copies it
 */
export function commandView(command, label) {
  const field = h('input', { class: 'command', readonly: true, spellcheck: 'false', dir: 'ltr' });
  field.value = command;
  field.setAttribute('aria-label', label);
  field.addEventListener('focus', () => field.select());

  const outcome = h('span', { class: 'outcome', role: 'status' });
  const copy = async () => {
    outcome.textContent = (await copyField(field))
      ? _('Copied.')
      : _('Your browser did not copy it. It is selected: press Ctrl+C, or hold and choose Copy.');
  };

  return h(
    'div',
    { class: 'command-box' },
    h('p', { class: 'label' }, label),
    h('div', { class: 'command-row' }, field, h('button', { type: 'button', click: copy }, _('Copy'))),
    outcome,
  );
}
