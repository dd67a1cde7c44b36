// SPDX-License-Identifier: MIT

import { h } from './dom.js';
import { formatPercent, formatRate, formatSize, formatTimeLeft } from './format.js';
import { _, fill } from './i18n.js';
import { Rate } from './rate.js';

const REDRAW_MS = 100;

/** A bar for one file, with per cent, rate and time left. It means verified bytes. */
export class ProgressView {
  #rate = new Rate();
  #drawnAt = -Infinity;
  #fill = h('span', { class: 'fill' });
  #text = h('span', { class: 'figures' });
  #bar;

  /** @param {string} name of the file, for those who hear the bar */
  constructor(name) {
    this.#bar = h(
      'div',
      {
        class: 'bar',
        role: 'progressbar',
        'aria-label': fill(_('Downloading {name}'), { name }),
        'aria-valuemin': '0',
        'aria-valuemax': '100',
        'aria-valuenow': '0',
      },
      this.#fill,
    );
    this.element = h('div', { class: 'progress' }, this.#bar, this.#text);
    this.#rate.add(0, performance.now());
  }

  /**
   * @param {number} verified
   * @param {number} size
   * @returns {boolean} whether it was drawn, which is not done for every piece
   */
  update(verified, size) {
    const now = performance.now();
    this.#rate.add(verified, now);
    if (now - this.#drawnAt < REDRAW_MS && verified < size) return false;
    this.#drawnAt = now;

    const part = size === 0 ? 1 : verified / size;
    const text = this.#figures(verified, size);
    this.#fill.style.inlineSize = `${part * 100}%`;
    this.#bar.setAttribute('aria-valuenow', String(Math.floor(part * 100)));
    this.#bar.setAttribute('aria-valuetext', text);
    this.#text.textContent = text;
    return true;
  }

  /**
   * @param {number} verified
   * @param {number} size
   */
  #figures(verified, size) {
    const rate = this.#rate.perSecond;
    const done = fill(_('{percent} of {size}'), {
      percent: formatPercent(size === 0 ? 1 : verified / size),
      size: formatSize(size),
    });
    if (rate === 0) return done;
    return [done, formatRate(rate), formatTimeLeft((size - verified) / rate)].join(' · ');
  }
}
