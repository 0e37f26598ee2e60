// The load of a page on the servers: requests and bytes of a first view, and of a reload.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inSeconds, reads } from './harness/buyer.js';
import { fixture } from './harness/embedded.js';
import { operatorPassword } from './harness/server.js';
import { Weight } from './harness/weight.js';

const buyers = { requests: 4, kilobytes: 50, againRequests: 3, againKilobytes: 5 };
const operators = { requests: 8, kilobytes: 150, againRequests: 4, againKilobytes: 10 };

/** @typedef {import('playwright-core').Page} Page */

test('The list of events is light', async () => {
  for (let i = 0; i < 12; i++) await fixture.event({ name: `Swan Lake ${i}`, capacity: 1_200 });

  await weigh('list', '', buyers, async (page) => { await page.getByText('Swan Lake 11').waitFor(); });
});

test('An event is light, also before it opens', async () => {
  const { id: open } = await fixture.event({ name: 'Swan Lake', capacity: 1_200 });
  const { id: soon } = await fixture.event({ name: 'The Cherry Orchard', capacity: 1_200, opensAt: inSeconds(3_600) });
  const isLive = (/** @type {Page} */ page) => page.locator('.link-state').filter({ hasText: 'Live' }).waitFor();

  await weigh('event', `#/event/${open}`, buyers, isLive);
  await weigh('event that opens soon', `#/event/${soon}`, buyers, async (page) => {
    await isLive(page);
    await reads(page, /exact to/);
    await page.waitForTimeout(2_000); // includes its requests during the countdown
  });
});

test('My tickets are light', async () => {
  const member = await fixture.member('weigher1');
  const names = ['Swan Lake', 'The Cherry Orchard', 'Open-air cinema'];
  for (const name of names) {
    const { id } = await fixture.event({ name, capacity: 1_200 });
    await member.call('POST', `/ticket/reserve/${id}`);
  }

  await weigh('my tickets', '#/tickets', buyers, async (page) => {
    for (const name of names) await page.getByRole('heading', { name }).waitFor();
  }, { as: 'weigher1' });
});

test('The console is light: login and list together', async () => {
  const page = await fixture.visit({ at: null });
  const weight = await Weight.of(page);
  await page.goto('/admin');
  await page.getByLabel('Password').fill(operatorPassword);
  await page.keyboard.press('Enter');
  await isComplete(page);
  assertLight('console', weight, operators.requests, operators.kilobytes);

  weight.clear();
  await page.reload();
  await isComplete(page);
  assertLight('console again', weight, operators.againRequests, operators.againKilobytes);

  async function isComplete(/** @type {Page} */ page) {
    await page.getByText('Swan Lake').first().waitFor();
    await page.getByRole('list', { name: 'Silos' }).getByText('Active').waitFor();
  }
});

/**
 * Loads a page for the first time, and reloads it.
 * @param {string} name
 * @param {string} at
 * @param {typeof buyers} bounds
 * @param {(page: Page) => Promise<void>} isComplete  resolves when the view is complete
 * @param {import('./harness/fixture.js').Visit} [visit]
 */
async function weigh(name, at, bounds, isComplete, visit = {}) {
  const page = await fixture.visit({ ...visit, at: null });
  const weight = await Weight.of(page);
  await page.goto(`/${at}`);
  await isComplete(page);
  assertLight(name, weight, bounds.requests, bounds.kilobytes);

  weight.clear();
  await page.reload();
  await isComplete(page);
  assertLight(`${name} again`, weight, bounds.againRequests, bounds.againKilobytes);
  const assets = weight.paths.filter((path) => path.startsWith('/assets/'));
  assert.deepEqual(assets, [], `${name} again`);
}

/**
 * @param {string} name
 * @param {Weight} weight
 * @param {number} requests
 * @param {number} kilobytes
 */
function assertLight(name, weight, requests, kilobytes) {
  // The console polls every second: repeated requests are no part of the first view.
  const paths = [...new Set(weight.paths)];
  console.log(`page ${name}: ${paths.length} requests, ${weight.kilobytes.toFixed(1)} KB`);
  assert.ok(paths.length <= requests, `${name}: ${paths.join(' ')}`);
  assert.ok(weight.kilobytes <= kilobytes, `${name}: ${weight.kilobytes} KB`);
}
