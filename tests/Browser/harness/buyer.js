/** @typedef {import('playwright-core').Page} Page */

/**
 * The button that reserves.
 * @param {Page} page
 * @param {number} [quantity]
 */
export function reserveButton(page, quantity = 1) {
  return page.getByRole('button', { name: quantity === 1 ? 'Reserve 1 ticket' : `Reserve ${quantity} tickets`, exact: true });
}

/**
 * Waits until the page says something, anywhere that is seen.
 * @param {Page} page
 * @param {string | RegExp} text
 */
export async function reads(page, text) {
  await page.getByText(text).locator('visible=true').first().waitFor();
}

/**
 * What became of the press of the button.
 * @param {Page} page
 */
export function outcome(page) { return page.locator('.outcome .notice-title'); }

/**
 * Waits until the outcome has this title.
 * @param {Page} page
 * @param {string | RegExp} title
 */
export async function endsWith(page, title) {
  await outcome(page).filter({ hasText: title }).waitFor();
}

/**
 * The keys of all calls for tickets that a page sends from now on.
 * @param {Page} page
 */
export function keysOf(page) {
  /** @type {string[]} */
  const keys = [];
  page.on('request', (request) => {
    if (request.url().includes('/ticket/reserve/')) keys.push(request.headers()['idempotency-key'] ?? '');
  });
  return keys;
}

/**
 * Presses Tab until the element with this name has the focus.
 * @param {Page} page
 * @param {string} name
 */
export async function tabTo(page, name) {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const here = document.activeElement;
      const labels = here instanceof HTMLInputElement ? [...(here.labels ?? [])].map((label) => label.textContent) : [];
      return [here?.getAttribute('aria-label'), ...labels, here?.textContent].find((one) => one) ?? '';
    });
    if (focused.trim() === name) return;
  }
  throw new Error(`Nobody comes to "${name}" with Tab.`);
}

/**
 * A problem as the server writes it.
 * @param {number} status
 * @param {string} code
 * @param {object} [more]
 */
export function problem(status, code, more = {}) {
  return {
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'urn:x', title: code, status, code, terminal: false, outcome: 'NOT_APPLIED', ...more }),
  };
}

/** @param {number} seconds */
export function inSeconds(seconds) { return new Date(Date.now() + seconds * 1_000).toISOString(); }
