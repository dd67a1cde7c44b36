// SPDX-License-Identifier: MIT

// The beginning. The socket is opened before anything else, because everything waits for what comes
// by it; it is opened for someone who looks, not for the preview that a chat application makes.

import { describeAgent } from './agent.js';
import { codeOf } from './errors.js';
import { showFront } from './front.js';
import { _ } from './i18n.js';
import { namesShare, parseLink, socketAddress } from './link.js';
import { getCommand, Receive } from './receive.js';
import { next, phaseOf, says } from './sentences.js';
import { openSocket } from './signalling.js';
import { View } from './view.js';

const canConnect = typeof RTCPeerConnection === 'function';

/** @returns {Promise<void>} when someone looks at the page */
function visible() {
  return new Promise((resolve) => {
    const check = () => {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', check);
      resolve();
    };
    document.addEventListener('visibilitychange', check);
    check();
  });
}

/** @returns {Promise<void>} when there is something to put elements into */
function parsed() {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener('DOMContentLoaded', () => resolve(), { once: true });
  });
}

async function makeView() {
  await parsed();
  return new View(/** @type {HTMLElement} */ (document.querySelector('main')));
}

/** @param {unknown} error */
async function showBadLink(error) {
  const code = codeOf(error);
  (await makeView()).show(phaseOf(code), says(code), { next: next(code), code });
}

async function showUnable() {
  const view = await makeView();
  const sentence = _('This browser can’t connect to the sender: it has no WebRTC, or it is switched off.');
  view.show('failed', sentence, { next: _('Open the link in another browser.'), code: 'failed' });
  view.rest.append(getCommand());
}

/** @param {import('./link.js').Link} link */
async function receive(link) {
  const open = () => openSocket(socketAddress(link.server));
  const socket = document.visibilityState === 'visible' ? open() : undefined;
  if (socket === undefined) await visible();

  const page = new Receive(await makeView(), {
    link,
    open,
    socket,
    agent: describeAgent(navigator),
  });
  addEventListener('pagehide', () => page.close());
}

function begin() {
  if (!namesShare(location.pathname)) return parsed().then(showFrontPage);
  if (!canConnect) return showUnable();
  try {
    // Some programs add a query to what they pass on.
    return receive(parseLink(location.origin + location.pathname + location.hash));
  } catch (error) {
    return showBadLink(error);
  }
}

function showFrontPage() {
  showFront(/** @type {HTMLElement} */ (document.querySelector('main')));
}

// Another key in the address bar is another link.
addEventListener('hashchange', () => location.reload());
// A page that comes back from the browser's cache is connected to no one.
addEventListener('pageshow', (event) => event.persisted && location.reload());

begin();
