import { operatorPassword } from './server.js';
import { desktop } from './fixture.js';

/**
 * Opens the console in a new browser context, and logs in with the password.
 * @param {import('./fixture.js').Fixture} fixture
 * @param {import('./fixture.js').Visit} [visit]  at: the address within the console, such as #/events/1
 */
export async function logIntoConsole(fixture, { at = '', viewport = desktop, ...visit } = {}) {
  const page = await fixture.visit({ at: `admin${at}`, viewport, ...visit });
  await page.getByLabel(/^(Password|비밀번호)$/).fill(operatorPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^(Log out|로그아웃)$/ }).waitFor();
  return page;
}

/**
 * One of the event's four numbers on the page.
 * @param {import('playwright-core').Page} page
 * @param {'Sold' | 'Held' | 'Available' | 'Capacity'} name
 */
export function figure(page, name) {
  return page.locator('.now .figures > div').filter({ has: page.locator('dt', { hasText: name }) }).locator('dd');
}

/**
 * Reserves one ticket for each of new members, concurrently.
 * @param {import('./fixture.js').Fixture} fixture
 * @param {string} eventId
 * @param {number} count
 * @param {number} [frontEnd]  the front-end to call
 * @returns {Promise<any[]>} the reservations and refusals
 */
export async function buy(fixture, eventId, count, frontEnd = 0) {
  const { tokens } = await fixture.operator.call(
    'POST', '/admin/tokens', { prefix: fixture.name('crowd-'), first: 1, count });
  return Promise.all(tokens.map(async (/** @type {string} */ token) => {
    const answer = await fetch(`${fixture.server.urls[frontEnd]}/ticket/reserve/${eventId}`,
      { method: 'POST', headers: { 'x-access-token': token } });
    return answer.json();
  }));
}

/**
 * Starts a rehearsal of an event, without a browser.
 * @param {import('./fixture.js').Fixture} fixture
 * @param {string} eventId
 * @param {{buyers: number, rampSeconds: number}} order
 * @returns {Promise<{id: string}>} the started rehearsal
 */
export function rehearse(fixture, eventId, order) {
  return fixture.operator.call('POST', `/admin/events/${eventId}/rehearse`, order);
}
