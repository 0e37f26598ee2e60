import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { endsWith, keysOf, outcome, reserveButton } from './harness/buyer.js';
import { Cluster } from './harness/cluster.js';
import { Fixture } from './harness/fixture.js';

/** @type {Fixture} */
let fixture;
before(async () => { fixture = await Fixture.open(Cluster.start({ silos: 2, frontEnds: 2 })); });
afterEach(() => fixture.endVisits());
after(() => fixture.close());

test('In a cluster a purchase at one front-end appears at the other', async () => {
  const { id } = await fixture.event({ name: 'Swan Lake', capacity: 1, holdSeconds: 300 });
  const buyer = await fixture.visit({ as: 'buyer1', at: `#/event/${id}`, frontEnd: 0 });
  const watcher = await fixture.visit({ as: 'watcher1', at: `#/event/${id}`, frontEnd: 1 });
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

  assert.equal((await fixture.operator.numbersOf(id)).held, 1);
  assert.equal(await fixture.operator.soldExactly(id), 0);
});

test('Two browsers at two front-ends race for the last ticket: exactly one wins', async () => {
  const { id } = await fixture.event({ capacity: 1 });
  const ann = await fixture.visit({ as: 'racer1', at: `#/event/${id}`, frontEnd: 0 });
  const bob = await fixture.visit({ as: 'racer2', at: `#/event/${id}`, frontEnd: 1 });
  await Promise.all([reserveButton(ann).waitFor(), reserveButton(bob).waitFor()]);

  const press = (/** @type {import('playwright-core').Page} */ page) => page.evaluate(() =>
    /** @type {HTMLElement} */ (document.querySelector('.order .reserve')).click());
  await Promise.all([press(ann), press(bob)]);
  await Promise.all(
    [outcome(ann), outcome(bob)].map((one) => one.filter({ hasText: /It is yours|Sold out/ }).waitFor()));

  assert.deepEqual(
    [await outcome(ann).textContent(), await outcome(bob).textContent()].sort(), ['It is yours', 'Sold out']);
  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('In a cluster the page survives a restart of its front-end', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  const page = await fixture.visit({ as: 'restart1', at: `#/event/${id}`, frontEnd: 1 });
  await reserveButton(page).waitFor();
  const keys = keysOf(page);

  await fixture.server.stopFrontEnd(1);
  await reserveButton(page).click();
  await endsWith(page, 'We do not know yet');
  await fixture.server.startFrontEnd(1);
  await endsWith(page, 'It is yours');
  await page.locator('.left .big').filter({ hasText: '4' }).waitFor();

  assert.equal(new Set(keys).size, 1);
  assert.equal(await fixture.operator.soldExactly(id), 1);
});
