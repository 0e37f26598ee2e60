// The operator's console on a cluster.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { buy, figure, logIntoConsole } from './harness/operator.js';
import { Cluster } from './harness/cluster.js';
import { Fixture } from './harness/fixture.js';
import { until } from './harness/until.js';

/** @type {Fixture} */
let fixture;
before(async () => { fixture = await Fixture.open(Cluster.start({ silos: 2, frontEnds: 2 })); });
afterEach(() => fixture.endVisits());
after(() => fixture.close());

test('The console shows every silo, and counts what all front-ends answer', async () => {
  const { id } = await fixture.event({ capacity: 8 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  const total = (/** @type {string} */ code) =>
    page.getByRole('row', { name: new RegExp(`^${code}`) }).locator('td').nth(1);

  await buy(fixture, id, 5, 0);
  await buy(fixture, id, 7, 1);

  await until('8 are sold', async () => await figure(page, 'Sold').textContent() === '8');
  await until('all are counted', async () =>
    await total('RESERVED').textContent() === '8'
      && await total('SOLD_OUT').textContent() === '4' && await total('All').textContent() === '12');
  assert.equal(await page.getByRole('list', { name: 'Silos' }).getByText('Active').count(), 2);
  assert.equal(await fixture.operator.soldExactly(id), 8);
});
