// SPDX-License-Identifier: MIT

/**
 * Copies what stands in a field. Pages on plain http have no clipboard of their own, and then the
 * browser copies what is selected; the selection stays, for copying by hand.
 *
 * @param {HTMLInputElement} field
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copyField(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand('copy');
  }
}
