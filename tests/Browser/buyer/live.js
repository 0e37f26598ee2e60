import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsWith, inSeconds, keysOf, outcome, problem, reads, reserveButton } from '../harness/buyer.js';
import { fixture } from '../harness/embedded.js';
import { until } from '../harness/until.js';

/** @typedef {import('playwright-core').Page} Page */

test('Two browsers race for the last ticket: exactly one wins, and the other shows the reason', async () => {
  const { id } = await fixture.event({ capacity: 1 });
  const [ann, bob] = await Promise.all(['racer1', 'racer2'].map((as) => fixture.visit({ as, at: `#/event/${id}` })));
  assert.ok(ann && bob);
  await Promise.all([reserveButton(ann).waitFor(), reserveButton(bob).waitFor()]);

  // Both press before either page can get the other's update.
  const gate = withGate();
  await Promise.all([gate.hold(ann), gate.hold(bob)]);
  await Promise.all([reserveButton(ann).click(), reserveButton(bob).click()]);
  await until('both have pressed', () => gate.waiting === 2);
  gate.open();
  await Promise.all(
    [outcome(ann), outcome(bob)].map((one) => one.filter({ hasText: /It is yours|Sold out/ }).waitFor()));

  const ends = [await outcome(ann).textContent(), await outcome(bob).textContent()].sort();
  assert.deepEqual(ends, ['It is yours', 'Sold out']);
  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('A sold-out event, and its return to sale, appear without a reload', async () => {
  const { id } = await fixture.event({ capacity: 1 });
  const page = await fixture.visit({ as: 'watcher1', at: `#/event/${id}` });
  await reserveButton(page).waitFor();
  await reads(page, 'Live');
  const asked = questionsAbout(page, id);
  await page.evaluate(() => { document.documentElement.dataset['mark'] = 'not reloaded'; });
  const other = await fixture.member('other1');

  const { reservationId } = await other.call('POST', `/ticket/reserve/${id}`);
  await page.getByRole('button', { name: 'Sold out' }).waitFor();
  assert.equal(await page.locator('.left .big').textContent(), '0');
  await other.call('POST', `/ticket/reservations/${reservationId}/cancel`);
  await reserveButton(page).click();
  await endsWith(page, 'It is yours');

  assert.equal(await page.locator('html').getAttribute('data-mark'), 'not reloaded');
  assert.deepEqual(asked, []); // the stream brought the update
});

test('All held is distinguished from sold out, and the ticket returns when the hold ends', async () => {
  const { id } = await fixture.event({ capacity: 1, holdSeconds: 3 });
  const page = await fixture.visit({ as: 'watcher2', at: `#/event/${id}` });
  await reserveButton(page).waitFor();

  await (await fixture.member('other2')).call('POST', `/ticket/reserve/${id}`);
  await page.getByRole('button', { name: 'All held for the moment' }).waitFor();
  await reserveButton(page).waitFor();

  assert.equal(await page.locator('.left .big').textContent(), '1');
});

test('A buyer sees an operator’s pause and resume', async () => {
  const { id } = await fixture.event();
  const page = await fixture.visit({ as: 'watcher3', at: `#/event/${id}` });
  await reserveButton(page).waitFor();

  await fixture.operator.call('POST', `/admin/events/${id}/pause`);
  await page.getByRole('button', { name: 'Paused' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Paused' }).getAttribute('aria-disabled'), 'true');
  await fixture.operator.call('POST', `/admin/events/${id}/resume`);
  await reserveButton(page).click();
  await endsWith(page, 'It is yours');

  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('The countdown runs by the server’s clock, and at its end the button works', async () => {
  const { id } = await fixture.event({ opensAt: inSeconds(6) });
  const page = await fixture.visit({ as: 'early1' });
  // The device's clock is an hour slow: by it, the sale would open in an hour.
  await page.addInitScript(() => { const real = Date.now; Date.now = () => real() - 3_600_000; });
  await page.goto(`/?slow#/event/${id}`);

  await page.getByRole('button', { name: 'Not open yet' }).waitFor();
  await page.getByRole('timer').filter({ hasText: /0:0[1-6]/ }).waitFor();
  await reads(page, /exact to ±0\.\d\s/);
  assert.equal(await page.getByRole('button', { name: 'Not open yet' }).getAttribute('aria-disabled'), 'true');
  await reserveButton(page).click();
  await endsWith(page, 'It is yours');

  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('A press a moment before the opening waits for it', async () => {
  const { id } = await fixture.event();
  const page = await fixture.visit({ as: 'early2', at: `#/event/${id}` });
  const keys = keysOf(page);
  const [opensAt, serverTime] = [inSeconds(0.7), inSeconds(0)];
  await page.route('**/ticket/reserve/**',
    (route) => route.fulfill(problem(409, 'NOT_OPEN', { opensAt, serverTime, retryAfterMs: 700 })), { times: 1 });

  await reserveButton(page).click();
  await endsWith(page, 'A moment too early');
  await endsWith(page, 'It is yours');

  assert.equal(keys.length, 2);
  assert.equal(new Set(keys).size, 1);
});

test('A sale is shown as closed at its closing time', async () => {
  const { id } = await fixture.event({ closesAt: inSeconds(3) });
  const page = await fixture.visit({ as: 'late1', at: `#/event/${id}` });

  await reserveButton(page).waitFor();
  await page.getByRole('button', { name: 'The sale is over' }).waitFor();

  // The page knows the server's clock to a few milliseconds only.
  await until('the event says so too', async () => (await fixture.operator.numbersOf(id)).state === 'CLOSED', 1);
});

test('Quickly changing numbers are not announced to screen readers; changes of state are', async () => {
  const { id } = await fixture.event({ capacity: 16 });
  const page = await fixture.visit({ at: `#/event/${id}` });
  await reads(page, 'tickets left');
  await page.evaluate(() => {
    const said = /** @type {string[]} */ ([]);
    Object.assign(window, { said });
    const place = /** @type {Element} */ (document.getElementById('announcements'));
    const observer = new MutationObserver(() => { if (place.textContent) said.push(place.textContent); });
    observer.observe(place, { childList: true });
  });

  const crowd = await Promise.all(Array.from({ length: 16 }, (_, i) => fixture.member(`crowd${i + 10}`)));
  for (const one of crowd) await one.call('POST', `/ticket/reserve/${id}`);
  await page.getByText('Sold out').first().waitFor();
  await until('the end is said', () => page.evaluate(() => Reflect.get(window, 'said').includes('Sold out.')));

  const said = await page.evaluate(() => /** @type {string[]} */ (Reflect.get(window, 'said')));
  assert.ok(said.length <= 2, said.join(' | '));
});

test('Without the stream the page polls every few seconds', async () => {
  const { id } = await fixture.event({ capacity: 7 });
  const page = await fixture.visit({ at: '#/' });
  // as from a proxy without support for streams
  await page.route('**/stream', (route) => route.fulfill({ status: 503 }));
  await page.goto(`/?polling#/event/${id}`);
  await reads(page, 'Updated every few seconds');

  await (await fixture.member('other3')).call('POST', `/ticket/reserve/${id}`);
  await page.locator('.left .big').filter({ hasText: '6' }).waitFor();

  assert.equal(await page.locator('.link-state').textContent(), 'Updated every few seconds');
});

test('A stream that is refused once is retried soon, while polling works', async () => {
  const { id } = await fixture.event({ capacity: 7 });
  const page = await fixture.visit({ at: '#/' });
  // A front-end that stops, or is at its limit of streams, still answers polls.
  await page.route('**/stream', (route) => route.fulfill({ status: 503 }), { times: 1 });
  await page.goto(`/?refused#/event/${id}`);
  await reads(page, 'Updated every few seconds');

  await reads(page, 'Live');
});

/**
 * Collects the page's later polls of an event's numbers.
 * @param {Page} page
 * @param {string} eventId
 */
function questionsAbout(page, eventId) {
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => {
    if (request.url().endsWith(`/ticket/events/${eventId}`)) asked.push(request.url());
  });
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
