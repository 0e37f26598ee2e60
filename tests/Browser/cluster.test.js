import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { endsWith, keysOf, outcome, reserveButton } from './harness/buyer.js';
import { House } from './harness/house.js';
import { Stage } from './harness/stage.js';

/** @type {Stage} */
let stage;
before(async () => { stage = await Stage.open(House.cluster({ silos: 2, frontEnds: 2 })); });
afterEach(() => stage.endVisits());
after(() => stage.close());

test('In a cluster somebody buys at one front-end, and who watches at the other sees it', async () => {
  const { id } = await stage.event({ name: 'Swan Lake', capacity: 1, holdSeconds: 300 });
  const buyer = await stage.visit({ as: 'buyer1', at: `#/event/${id}`, frontEnd: 0 });
  const watcher = await stage.visit({ as: 'watcher1', at: `#/event/${id}`, frontEnd: 1 });
  await reserveButton(watcher).waitFor();

  await reserveButton(buyer).click();
  await endsWith(buyer, 'Held for you');
  await watcher.getByRole('button', { name: 'All held for the moment' }).waitFor();
  await buyer.getByRole('button', { name: 'Confirm' }).click();
  await endsWith(buyer, 'It is yours');
  await watcher.getByRole('button', { name: 'Sold out' }).waitFor();
  await buyer.getByRole('button', { name: 'Give back' }).click();
  await buyer.getByRole('dialog').getByRole('button', { name: 'Give back' }).click();
  await reserveButton(watcher).click();
  await endsWith(watcher, 'Held for you');

  assert.equal((await stage.operator.numbersOf(id)).held, 1);
  assert.equal(await stage.operator.soldAndSound(id), 0);
});

test('Two browsers at two front-ends race for the last ticket: exactly one wins', async () => {
  const { id } = await stage.event({ capacity: 1 });
  const ann = await stage.visit({ as: 'racer1', at: `#/event/${id}`, frontEnd: 0 });
  const bob = await stage.visit({ as: 'racer2', at: `#/event/${id}`, frontEnd: 1 });
  await Promise.all([reserveButton(ann).waitFor(), reserveButton(bob).waitFor()]);

  const press = (/** @type {import('playwright-core').Page} */ page) => page.evaluate(() =>
    /** @type {HTMLElement} */ (document.querySelector('.order .reserve')).click());
  await Promise.all([press(ann), press(bob)]);
  await Promise.all([outcome(ann), outcome(bob)].map((one) => one.filter({ hasText: /It is yours|Sold out/ }).waitFor()));

  assert.deepEqual([await outcome(ann).textContent(), await outcome(bob).textContent()].sort(), ['It is yours', 'Sold out']);
  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('In a cluster the page survives a restart of its front-end', async () => {
  const { id } = await stage.event({ capacity: 5, maxPerMember: 5 });
  const page = await stage.visit({ as: 'restart1', at: `#/event/${id}`, frontEnd: 1 });
  await reserveButton(page).waitFor();
  const keys = keysOf(page);

  await stage.house.stopFrontEnd(1);
  await reserveButton(page).click();
  await endsWith(page, 'We do not know yet');
  await stage.house.startFrontEnd(1);
  await endsWith(page, 'It is yours');
  await page.locator('.left .big').filter({ hasText: '4' }).waitFor();

  assert.equal(new Set(keys).size, 1);
  assert.equal(await stage.operator.soldAndSound(id), 1);
});
