/** @typedef {import('playwright-core').Page} Page */

/**
 * The button that reserves.
 * @param {Page} page
 * @param {number} [quantity]
 */
export function reserveButton(page, quantity = 1) {
  const name = quantity === 1 ? 'Reserve 1 ticket' : `Reserve ${quantity} tickets`;
  return page.getByRole('button', { name, exact: true });
}

/**
 * Waits until a text is visible on the page.
 * @param {Page} page
 * @param {string | RegExp} text
 */
export async function reads(page, text) {
  await page.getByText(text).locator('visible=true').first().waitFor();
}

/**
 * The title of the notice with a purchase's outcome.
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
 * Collects the keys of the page's later reserve calls.
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
      return [here?.getAttribute('aria-label'), ...labels, here?.textContent].find((text) => text) ?? '';
    });
    if (focused.trim() === name) return;
  }
  throw new Error(`Tab does not reach "${name}".`);
}

/**
 * A problem response of the server.
 * @param {number} status
 * @param {string} code
 * @param {object} [more]
 */
export function problem(status, code, more = {}) {
  return {
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({
      type: 'urn:x', title: code, status, code, terminal: false, outcome: 'NOT_APPLIED', ...more,
    }),
  };
}

/** @param {number} seconds */
export function inSeconds(seconds) { return new Date(Date.now() + seconds * 1_000).toISOString(); }
