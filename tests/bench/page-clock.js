// SPDX-License-Identifier: MIT

// Runs inside a page, before its own scripts: notes when it comes where, in milliseconds since the
// navigation began.

/** To be evaluated in the page; refers to nothing outside itself. */
export function installClock() {
  /** @type {Record<string, number>} */
  const times = {};
  const note = (/** @type {string} */ name) => (times[name] ??= performance.now());

  globalThis.WebSocket = class extends globalThis.WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} rest */
    constructor(...rest) {
      super(...rest);
      note('socket made');
      this.addEventListener('open', () => note('socket open'));
      this.addEventListener('message', ({ data }) => {
        const type = /"type":"(\w+)"/.exec(data)?.[1];
        if (type !== undefined) note(`${type} came`);
      });
    }
  };

  globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {
    /** @param {ConstructorParameters<typeof RTCPeerConnection>} rest */
    constructor(...rest) {
      super(...rest);
      note('peer made');
      this.addEventListener('icecandidate', () => note('first candidate'));
      this.addEventListener('iceconnectionstatechange', () => note(`ice ${this.iceConnectionState}`));
      this.addEventListener('connectionstatechange', () => note(`dtls ${this.connectionState}`));
    }

    /** @param {any} description */
    async setRemoteDescription(description) {
      note('offer opened');
      await super.setRemoteDescription(description);
    }

    async setLocalDescription() {
      await super.setLocalDescription();
      note('answer made');
    }

    /** @param {Parameters<RTCPeerConnection['createDataChannel']>} rest */
    createDataChannel(...rest) {
      const channel = super.createDataChannel(...rest);
      channel.addEventListener('open', () => note('channel open'));
      channel.addEventListener('message', () => {
        note(`first ${channel.label}`);
        times[`last ${channel.label}`] = performance.now();
      });
      return channel;
    }
  };

  /** @param {HTMLImageElement} image */
  const watch = async (image) => {
    note('picture made');
    await image.decode();
    note('picture decoded');
    requestAnimationFrame(() => {
      // The frame that holds it has been handed over once a task behind it runs.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => note('shown');
      port2.postMessage(null);
    });
  };
  const observer = new MutationObserver(() => {
    const image = document.querySelector('img.picture');
    if (image === null || 'picture made' in times) return;
    observer.disconnect();
    watch(/** @type {HTMLImageElement} */ (image));
  });
  observer.observe(document, { childList: true, subtree: true });

  Object.assign(globalThis, { benchTimes: times });
}

/** To be evaluated in the page, once the picture is shown. */
export function readClock() {
  const [page] = /** @type {PerformanceNavigationTiming[]} */ (
    performance.getEntriesByType('navigation')
  );
  const resources = /** @type {PerformanceResourceTiming[]} */ (
    performance.getEntriesByType('resource')
  );
  const loaded = Object.fromEntries(
    resources
      .filter(({ name }) => /\.(js|css)$/.test(name))
      .map(({ name, responseEnd }) => [`${name.replace(/.*\//, '')} loaded`, responseEnd]),
  );
  return {
    'html loaded': page.responseEnd,
    'html parsed': page.domInteractive,
    ...loaded,
    .../** @type {any} */ (globalThis).benchTimes,
  };
}
