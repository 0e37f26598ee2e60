// Takes the pictures of the README during one sale. Not a part of the tests: `npm run pictures`.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, test } from 'node:test';
import { endsWith, inSeconds, reserveButton } from './harness/buyer.js';
import { Crowd } from './harness/crowd.js';
import { Cluster } from './harness/cluster.js';
import { figure, logIntoConsole } from './harness/operator.js';
import { Fixture } from './harness/fixture.js';
import { until } from './harness/until.js';

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const capacity = 5_000;
const secondsOfSale = 50; // until the charts are full
const desk = { width: 1200, height: 800 };

/** @type {Fixture} */
let fixture;
before(async () => { fixture = await Fixture.open(Cluster.start({ silos: 3, frontEnds: 2 })); });
afterEach(() => fixture.endVisits());
after(() => fixture.close());

test('Pictures of a sale, and of its end', async () => {
  await mkdir(folder, { recursive: true });
  const opensAt = inSeconds(15);
  const { id } = await fixture.operator.call('POST', '/admin/events',
    { id: 'swan-lake', name: 'Swan Lake', capacity, maxPerMember: 2, holdSeconds: 300, opensAt });
  const page = { at: `#/event/${id}`, timezoneId: 'Europe/London', deviceScaleFactor: 1.5 };
  const operator = await logIntoConsole(fixture, { ...page, at: `#/events/${id}`, viewport: desk });
  const buyer = await fixture.visit({ ...page, as: 'ann1', viewport: { width: 1080, height: 720 } });
  const late = await fixture.visit({ ...page, as: 'bob1', viewport: { width: 390, height: 844 }, frontEnd: 1 });

  const sale = (await Crowd.gather(fixture, id, Date.parse(opensAt))).buyAll();
  await until('the charts are full',
    () => Date.now() > Date.parse(opensAt) + secondsOfSale * 1_000, 2 * secondsOfSale);
  const heading = operator.getByRole('heading', { name: 'Where the time goes' });
  const timing = await operator.locator('.panel', { has: heading }).boundingBox();
  assert.ok(timing);
  await take('timing', operator, timing); // first: taking pictures uses the same processors
  await take('console', operator, { x: 0, y: 0, width: desk.width, height: timing.y });
  await buyer.getByRole('button', { name: 'More' }).click();
  await reserveButton(buyer, 2).click();
  await endsWith(buyer, 'Held for you');
  await take('event', buyer);

  await buyer.getByRole('button', { name: 'Confirm' }).click();
  await sale;
  await late.getByRole('button', { name: 'Sold out' }).waitFor();
  await take('sold-out', late);
  await until('the console shows it', async () => await figure(operator, 'Sold').textContent() === '5,000');
  assert.equal(await fixture.operator.soldExactly(id), capacity);
});

/**
 * Takes pictures of a page, or of a part of it, in light and in dark.
 * @param {string} name
 * @param {import('playwright-core').Page} page
 * @param {{x: number, y: number, width: number, height: number}} [clip]
 */
async function take(name, page, clip) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: `${folder}${name}-${colorScheme}.png`, fullPage: true, ...clip && { clip } });
  }
}
