// The pictures that the README shows, taken of one sale while it goes on. Not a part of the tests: `npm run pictures`.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, test } from 'node:test';
import { endsWith, inSeconds, reserveButton } from './harness/buyer.js';
import { Crowd } from './harness/crowd.js';
import { House } from './harness/house.js';
import { figure, logIntoConsole } from './harness/operator.js';
import { Stage } from './harness/stage.js';
import { until } from './harness/until.js';

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const capacity = 5_000;
const secondsOfSale = 50; // before that, the charts are not full
const desk = { width: 1200, height: 800 };

/** @type {Stage} */
let stage;
before(async () => { stage = await Stage.open(House.cluster({ silos: 3, frontEnds: 2 })); });
afterEach(() => stage.endVisits());
after(() => stage.close());

test('A sale is pictured while it goes on, and when it is sold out', async () => {
  await mkdir(folder, { recursive: true });
  const opensAt = inSeconds(15);
  const { id } = await stage.operator.call('POST', '/admin/events',
    { id: 'swan-lake', name: 'Swan Lake', capacity, maxPerMember: 2, holdSeconds: 300, opensAt });
  const page = { at: `#/event/${id}`, timezoneId: 'Europe/London', deviceScaleFactor: 1.5 };
  const operator = await logIntoConsole(stage, { ...page, at: `#/events/${id}`, viewport: desk });
  const buyer = await stage.visit({ ...page, as: 'ann1', viewport: { width: 1080, height: 720 } });
  const late = await stage.visit({ ...page, as: 'bob1', viewport: { width: 390, height: 844 }, frontEnd: 1 });

  const sale = (await Crowd.gather(stage, id, Date.parse(opensAt))).buyAll();
  await until('the sale has gone on for a while', () => Date.now() > Date.parse(opensAt) + secondsOfSale * 1_000, 2 * secondsOfSale);
  const timing = await operator.locator('.panel', { has: operator.getByRole('heading', { name: 'Where the time goes' }) }).boundingBox();
  assert.ok(timing);
  await take('timing', operator, timing); // first, because to take pictures is work for the same processors
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
  assert.equal(await stage.operator.soldAndSound(id), capacity);
});

/**
 * Pictures a page, or a part of it, in light and in dark.
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
