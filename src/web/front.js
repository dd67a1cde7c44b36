// SPDX-License-Identifier: MIT

// What the server's own address shows.

import { commandView } from './command-view.js';
import { h } from './dom.js';
import { _ } from './i18n.js';
import { sprout } from './view.js';

/** @param {HTMLElement} main */
export function showFront(main) {
  const server = new URL('.', location.href).href.replace(/\/$/, '');
  delete main.dataset.phase;
  main.classList.add('front');
  main.replaceChildren(
    h('div', {}, sprout(), h('h1', {}, _('Share straight from your own machine'))),
    h(
      'p',
      { class: 'lead' },
      _(
        'Seedshot shares a screenshot or a file without uploading it. You get a link at once; whoever opens it downloads from you, and when you stop, it is gone. This server only introduces the two of you: it never sees a byte, a name or a key.',
      ),
    ),
    commandView(`seedshot-cli send --server ${server} photo.png`, _('To share a file:')),
    h('p', { class: 'next' }, _('You have been sent a link? Open the whole of it, with everything after the #.')),
  );
}
