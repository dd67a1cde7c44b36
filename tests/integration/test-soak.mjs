// SPDX-License-Identifier: MIT

// Hundreds of receivers, one after another: what the sender holds levels off.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { get, send } from './harness/cli.mjs';
import { KiB, makeFile } from './harness/files.mjs';
import { scenario } from './harness/scene.mjs';

const WARM_UP = 50;
const RECEIVERS = 300;
const LIMIT = 15 * 60 * 1000;
const SETTLE_MS = 20000;
// GStreamer itself keeps some 11 KiB of each connection, and a row of the history stays.
const GROWTH = 100 * KiB;

/** @param {number} pid */
function look(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (/** @type {string} */ key) => Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(status)?.[1]);
  return {
    memory: number('VmRSS') * KiB,
    threads: number('Threads'),
    descriptors: fs.readdirSync(`/proc/${pid}/fd`).length,
  };
}

/**
 * Once the threads of the last connections, which are kept for a while, are gone.
 *
 * @param {number} pid
 * @param {number} threads
 */
async function settled(pid, threads) {
  const end = Date.now() + SETTLE_MS;
  while (look(pid).threads > threads && Date.now() < end) await pause(200); // sleep: /proc tells nothing by itself
  return look(pid);
}

scenario(
  `${RECEIVERS} receivers one after another`,
  async (scene) => {
    const file = path.join(scene.folder, 'sent.bin');
    makeFile(file, 200 * KiB);
    const sender = send(scene, [file]);
    const link = await sender.link();
    const pid = /** @type {number} */ (sender.program.child.pid);
    const idle = look(pid);
    let warm = idle;

    for (let i = 1; i <= RECEIVERS; i++) {
      const into = scene.makeFolder(`into-${i}`);
      assert.equal((await get(scene, link, { into }).exit()).code, 0, `receiver ${i}`);
      if (i === WARM_UP) warm = await settled(pid, idle.threads + 2);
    }

    const end = await settled(pid, idle.threads + 2);
    assert.ok(end.threads <= idle.threads + 2, JSON.stringify({ idle, end }));
    assert.ok(end.descriptors <= warm.descriptors + 2, JSON.stringify({ warm, end }));
    assert.ok(end.memory - warm.memory <= (RECEIVERS - WARM_UP) * GROWTH, JSON.stringify({ warm, end }));
  },
  { limit: LIMIT },
);
