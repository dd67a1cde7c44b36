// SPDX-License-Identifier: MIT

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} limit in milliseconds
 * @param {string | (() => string)} what is waited for
 * @returns {Promise<T>} rejected when it takes longer
 */
export async function within(promise, limit, what) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    const say = () => (typeof what === 'string' ? what : what());
    timer = setTimeout(() => reject(new Error(`not within ${limit} ms: ${say()}`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
