import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsWith, inSeconds, keysOf, outcome, problem, reads, reserveButton } from '../harness/buyer.js';
import { stage } from '../harness/embedded.js';
import { until } from '../harness/until.js';

/** @typedef {import('playwright-core').Page} Page */

test('Two browsers race for the last ticket: exactly one wins, and the other is told why', async () => {
  const { id } = await stage.event({ capacity: 1 });
  const [ann, bob] = await Promise.all(['racer1', 'racer2'].map((as) => stage.visit({ as, at: `#/event/${id}` })));
  assert.ok(ann && bob);
  await Promise.all([reserveButton(ann).waitFor(), reserveButton(bob).waitFor()]);

  // Both press before either page can hear of the other's.
  const gate = withGate();
  await Promise.all([gate.hold(ann), gate.hold(bob)]);
  await Promise.all([reserveButton(ann).click(), reserveButton(bob).click()]);
  await until('both have pressed', () => gate.waiting === 2);
  gate.open();
  await Promise.all([outcome(ann), outcome(bob)].map((one) => one.filter({ hasText: /It is yours|Sold out/ }).waitFor()));

  const ends = [await outcome(ann).textContent(), await outcome(bob).textContent()].sort();
  assert.deepEqual(ends, ['It is yours', 'Sold out']);
  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('Sold out, and on sale again, appear without a reload', async () => {
  const { id } = await stage.event({ capacity: 1 });
  const page = await stage.visit({ as: 'watcher1', at: `#/event/${id}` });
  await reserveButton(page).waitFor();
  await reads(page, 'Live');
  const asked = questionsAbout(page, id);
  await page.evaluate(() => { document.documentElement.dataset['mark'] = 'not reloaded'; });
  const other = await stage.member('other1');

  const { reservationId } = await other.call('POST', `/ticket/reserve/${id}`);
  await page.getByRole('button', { name: 'Sold out' }).waitFor();
  assert.equal(await page.locator('.left .big').textContent(), '0');
  await other.call('POST', `/ticket/reservations/${reservationId}/cancel`);
  await reserveButton(page).click();
  await endsWith(page, 'It is yours');

  assert.equal(await page.locator('html').getAttribute('data-mark'), 'not reloaded');
  assert.deepEqual(asked, []); // the stream told it
});

test('All held is told from sold out, and the ticket comes back when the hold ends', async () => {
  const { id } = await stage.event({ capacity: 1, holdSeconds: 3 });
  const page = await stage.visit({ as: 'watcher2', at: `#/event/${id}` });
  await reserveButton(page).waitFor();

  await (await stage.member('other2')).call('POST', `/ticket/reserve/${id}`);
  await page.getByRole('button', { name: 'All held for the moment' }).waitFor();
  await reserveButton(page).waitFor();

  assert.equal(await page.locator('.left .big').textContent(), '1');
});

test('When an operator pauses, the buyer sees it, and when the sale goes on too', async () => {
  const { id } = await stage.event();
  const page = await stage.visit({ as: 'watcher3', at: `#/event/${id}` });
  await reserveButton(page).waitFor();

  await stage.operator.call('POST', `/admin/events/${id}/pause`);
  await page.getByRole('button', { name: 'Paused' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Paused' }).getAttribute('aria-disabled'), 'true');
  await stage.operator.call('POST', `/admin/events/${id}/resume`);
  await reserveButton(page).click();
  await endsWith(page, 'It is yours');

  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('The countdown runs by the server’s clock, and at its end the button works', async () => {
  const { id } = await stage.event({ opensAt: inSeconds(6) });
  const page = await stage.visit({ as: 'early1' });
  // This device's clock is an hour slow: by it, the sale would open in an hour.
  await page.addInitScript(() => { const real = Date.now; Date.now = () => real() - 3_600_000; });
  await page.goto(`/?slow#/event/${id}`);

  await page.getByRole('button', { name: 'Not open yet' }).waitFor();
  await page.getByRole('timer').filter({ hasText: /0:0[1-6]/ }).waitFor();
  await reads(page, /exact to ±0\.\d\s/);
  assert.equal(await page.getByRole('button', { name: 'Not open yet' }).getAttribute('aria-disabled'), 'true');
  await reserveButton(page).click();
  await endsWith(page, 'It is yours');

  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('Who presses a moment too early is not sent away', async () => {
  const { id } = await stage.event();
  const page = await stage.visit({ as: 'early2', at: `#/event/${id}` });
  const keys = keysOf(page);
  const [opensAt, serverTime] = [inSeconds(0.7), inSeconds(0)];
  await page.route('**/ticket/reserve/**', (route) => route.fulfill(problem(409, 'NOT_OPEN', { opensAt, serverTime, retryAfterMs: 700 })), { times: 1 });

  await reserveButton(page).click();
  await endsWith(page, 'A moment too early');
  await endsWith(page, 'It is yours');

  assert.equal(keys.length, 2);
  assert.equal(new Set(keys).size, 1);
});

test('A closed sale says so when its time has come', async () => {
  const { id } = await stage.event({ closesAt: inSeconds(3) });
  const page = await stage.visit({ as: 'late1', at: `#/event/${id}` });

  await reserveButton(page).waitFor();
  await page.getByRole('button', { name: 'The sale is over' }).waitFor();

  // The page knows the server's clock to a few milliseconds only.
  await until('the event says so too', async () => (await stage.operator.numbersOf(id)).state === 'CLOSED', 1);
});

test('Numbers that change quickly are not read out; what matters is', async () => {
  const { id } = await stage.event({ capacity: 16 });
  const page = await stage.visit({ at: `#/event/${id}` });
  await reads(page, 'tickets left');
  await page.evaluate(() => {
    const said = /** @type {string[]} */ ([]);
    Object.assign(window, { said });
    const place = /** @type {Element} */ (document.getElementById('announcements'));
    new MutationObserver(() => { if (place.textContent) said.push(place.textContent); }).observe(place, { childList: true });
  });

  const crowd = await Promise.all(Array.from({ length: 16 }, (_, i) => stage.member(`crowd${i + 10}`)));
  for (const one of crowd) await one.call('POST', `/ticket/reserve/${id}`);
  await page.getByText('Sold out').first().waitFor();
  await until('the end is said', () => page.evaluate(() => Reflect.get(window, 'said').includes('Sold out.')));

  const said = await page.evaluate(() => /** @type {string[]} */ (Reflect.get(window, 'said')));
  assert.ok(said.length <= 2, said.join(' | '));
});

test('Without the stream the page asks every few seconds', async () => {
  const { id } = await stage.event({ capacity: 7 });
  const page = await stage.visit({ at: '#/' });
  await page.route('**/stream', (route) => route.fulfill({ status: 503 })); // a proxy that knows no streams
  await page.goto(`/?polling#/event/${id}`);
  await reads(page, 'Updated every few seconds');

  await (await stage.member('other3')).call('POST', `/ticket/reserve/${id}`);
  await page.locator('.left .big').filter({ hasText: '6' }).waitFor();

  assert.equal(await page.locator('.link-state').textContent(), 'Updated every few seconds');
});

test('A stream that is refused once is tried again soon, while the numbers can be asked for', async () => {
  const { id } = await stage.event({ capacity: 7 });
  const page = await stage.visit({ at: '#/' });
  // A front-end that stops, or has as many listeners as it may, still answers questions.
  await page.route('**/stream', (route) => route.fulfill({ status: 503 }), { times: 1 });
  await page.goto(`/?refused#/event/${id}`);
  await reads(page, 'Updated every few seconds');

  await reads(page, 'Live');
});

/**
 * The calls for an event's numbers that a page makes from now on.
 * @param {Page} page
 * @param {string} eventId
 */
function questionsAbout(page, eventId) {
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => { if (request.url().endsWith(`/ticket/events/${eventId}`)) asked.push(request.url()); });
  return asked;
}

function withGate() {
  let open = () => {};
  /** @type {Promise<void>} */
  const opened = new Promise((resolve) => { open = resolve; });
  const gate = {
    waiting: 0,
    open,
    /** @param {Page} page */
    hold: (page) => page.route('**/ticket/reserve/**', async (route) => {
      gate.waiting++;
      await opened;
      await route.continue();
    }),
  };
  return gate;
}
