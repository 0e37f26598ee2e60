import { operatorPassword } from './house.js';
import { desktop } from './stage.js';

/**
 * Opens the console in a browser of its own, and logs in as a person would.
 * @param {import('./stage.js').Stage} stage
 * @param {import('./stage.js').Visit} [visit]  at: the address within the console, such as #/events/1
 */
export async function logIntoConsole(stage, { at = '', viewport = desktop, ...visit } = {}) {
  const page = await stage.visit({ at: `admin${at}`, viewport, ...visit });
  await page.getByLabel(/^(Password|비밀번호)$/).fill(operatorPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^(Log out|로그아웃)$/ }).waitFor();
  return page;
}

/**
 * One of the event's four numbers, as it is shown.
 * @param {import('playwright-core').Page} page
 * @param {'Sold' | 'Held' | 'Available' | 'Capacity'} name
 */
export function figure(page, name) {
  return page.locator('.now .figures > div').filter({ has: page.locator('dt', { hasText: name }) }).locator('dd');
}

/**
 * Members who reserve one ticket each, all at once.
 * @param {import('./stage.js').Stage} stage
 * @param {string} eventId
 * @param {number} count
 * @param {number} [frontEnd]  where they ask
 * @returns {Promise<any[]>} their reservations, or refusals
 */
export async function buy(stage, eventId, count, frontEnd = 0) {
  const { tokens } = await stage.operator.call('POST', '/admin/tokens', { prefix: stage.name('crowd-'), first: 1, count });
  return Promise.all(tokens.map(async (/** @type {string} */ token) => {
    const answer = await fetch(`${stage.house.urls[frontEnd]}/ticket/reserve/${eventId}`, { method: 'POST', headers: { 'x-access-token': token } });
    return answer.json();
  }));
}

/**
 * Rehearses an event, without a browser.
 * @param {import('./stage.js').Stage} stage
 * @param {string} eventId
 * @param {{buyers: number, rampSeconds: number}} order
 * @returns {Promise<{id: string}>} the rehearsal, which has begun
 */
export function rehearse(stage, eventId, order) {
  return stage.operator.call('POST', `/admin/events/${eventId}/rehearse`, order);
}
