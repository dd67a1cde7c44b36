// SPDX-License-Identifier: MIT

// Makes elements. Text becomes text nodes, so nothing of a sender's is ever read as markup.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | (() => void)>} [attributes] a function listens to the
 *   event of that name, `true` stands for an attribute without a value, `false` for none
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {ReturnType<typeof import('./names.js').displayName>} shown
 * @returns {HTMLElement} a name that leaves the direction of the text around it alone
 */
export function nameElement({ folder, name }) {
  const bdi = h('bdi', {}, name);
  if (folder !== '') bdi.prepend(h('span', { class: 'folder' }, folder));
  return h('div', { class: 'name' }, bdi);
}
