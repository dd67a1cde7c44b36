// SPDX-License-Identifier: MIT

import { h, nameElement } from './dom.js';
import { formatSize } from './format.js';
import { _, fill, locale } from './i18n.js';
import { displayName } from './names.js';

/**
 * Shows a picture. Only <img> reads it, so nothing in it can run.
 *
 * @param {import('./download.js').Entry} entry
 * @param {Blob} blob of one of the types that images.js knows
 * @param {() => void} save
 * @returns {{element: HTMLElement, shown: Promise<boolean>}} `shown` once it can be seen; false when
 *   the browser can't read it
 */
export function pictureView(entry, blob, save) {
  const shown = displayName(entry.path);
  const image = h('img', { class: 'picture', alt: shown.name });
  const about = h('span', { class: 'size' });
  const button = h('button', { type: 'button', click: save }, _('Save'));
  button.setAttribute('aria-label', fill(_('Save {name}'), { name: shown.name }));

  const loaded = new Promise((/** @type {(seen: boolean) => void} */ resolve) => {
    image.onerror = () => resolve(false);
    image.onload = () => {
      resolve(true);
      const [width, height] = [image.naturalWidth, image.naturalHeight];
      about.textContent = fill(_('{width} × {height}, {size}'), {
        width: width.toLocaleString(locale),
        height: height.toLocaleString(locale),
        size: formatSize(entry.size),
      });
    };
  });
  image.src = URL.createObjectURL(blob);

  const caption = h('div', { class: 'about' }, nameElement(shown), about);
  return {
    element: h('figure', {}, image, h('figcaption', {}, caption, button)),
    shown: loaded,
  };
}
