import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsWith, keysOf, problem, reads, reserveButton } from '../harness/buyer.js';
import { fixture } from '../harness/embedded.js';
import { en } from '../../../src/Api/Pages/assets/buyer/words/en.js';

test('A reload during a call does not buy twice: the page retries the call with the same key', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  const page = await fixture.visit({ as: 'reload1', at: `#/event/${id}` });
  const keys = keysOf(page);
  let hasBought = () => {};
  const bought = new Promise((resolve) => { hasBought = () => resolve(undefined); });
  await page.route('**/ticket/reserve/**', async (route) => {
    await route.fetch(); // the server sells, and the answer is lost
    hasBought();
  }, { times: 1 });

  await reserveButton(page).click();
  await bought;
  await page.reload();
  await endsWith(page, 'It is yours');

  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal(await fixture.operator.soldExactly(id), 1);
  assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('intent')).length), 0);
});

test('An unknown outcome is shown, and the call is retried with its key until the outcome is known', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  const page = await fixture.visit({ as: 'doubt1', at: `#/event/${id}` });
  const keys = keysOf(page);
  let answers = 0;
  await page.route('**/ticket/reserve/**', async (route) => {
    await route.fetch();
    return ++answers < 4
      ? route.fulfill(problem(503, 'OUTCOME_UNKNOWN', { outcome: 'UNKNOWN', retryAfterMs: 300 }))
      : route.fallback();
  });

  await reserveButton(page).click();
  await endsWith(page, 'We do not know yet');
  await endsWith(page, 'It is yours');

  assert.equal(keys.length, 4);
  assert.equal(new Set(keys).size, 1);
  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('Presses in two tabs of a member are one purchase, while its outcome is unknown', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  const page = await fixture.visit({ as: 'tabs1', at: `#/event/${id}` });
  const other = await page.context().newPage();
  await other.goto('/health'); // for the same local storage
  const session = await page.evaluate(() => sessionStorage.getItem('boxoffice.session') ?? '');
  await other.addInitScript((kept) => sessionStorage.setItem('boxoffice.session', kept), session);
  const keys = [keysOf(page), keysOf(other)];
  await page.route('**/ticket/reserve/**',
    (route) => route.fulfill(problem(503, 'OUTCOME_UNKNOWN', { outcome: 'UNKNOWN', retryAfterMs: 2_500 })),
    { times: 1 });

  await reserveButton(page).click();
  await endsWith(page, 'We do not know yet');
  await other.goto(`/#/event/${id}`); // finds the open intention, and retries it too
  await Promise.all([endsWith(page, 'It is yours'), endsWith(other, 'It is yours')]);

  assert.equal(new Set(keys.flat()).size, 1);
  assert.ok(keys.every((some) => some.length > 0));
  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('A confirmation without an answer is retried', async () => {
  const { id } = await fixture.event({ holdSeconds: 300 });
  const page = await fixture.visit({ as: 'lost1', at: `#/event/${id}` });
  await reserveButton(page).click();
  await endsWith(page, 'Held for you');
  let calls = 0;
  await page.route('**/confirm', async (route) => {
    await route.fetch();
    return ++calls < 2 ? route.abort() : route.fallback();
  });

  await page.getByRole('button', { name: 'Confirm' }).click();
  await endsWith(page, 'It is yours');

  assert.equal(calls, 2);
  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('A rate-limited call waits, and gets the ticket', async () => {
  const { id } = await fixture.event();
  const page = await fixture.visit({ as: 'often1', at: `#/event/${id}` });
  await page.route('**/ticket/reserve/**',
    (route) => route.fulfill(problem(429, 'RATE_LIMITED', { retryAfterMs: 700 })), { times: 1 });

  await reserveButton(page).click();
  await endsWith(page, 'A little slower');
  await endsWith(page, 'It is yours');

  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('A busy server is retried until it answers', async () => {
  const { id } = await fixture.event();
  const page = await fixture.visit({ as: 'busy1', at: `#/event/${id}` });
  let answers = 0;
  await page.route('**/ticket/reserve/**', (route) => (++answers < 3
    ? route.fulfill(problem(503, 'BUSY', { retryAfterMs: 300 }))
    : route.fallback()));

  await reserveButton(page).click();
  await endsWith(page, 'There is a crowd');
  await endsWith(page, 'It is yours');

  assert.equal(answers, 3);
});

test('A refusal by the event is explained, and not retried', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  const page = await fixture.visit({ as: 'refused1', at: `#/event/${id}` });
  const serverTime = new Date().toISOString();
  const cases = /** @type {const} */ ([
    [409, 'LIMIT_EXCEEDED', { terminal: true, limit: 4, used: 3 }, 'Each member may have 4 tickets; you have 3.'],
    [409, 'INSUFFICIENT', { available: 2 }, 'Only 2 tickets left.'],
    [409, 'ALL_HELD', { retryAfterMs: 90_000 }, 'The next hold may end in 90 s'],
    [429, 'CYCLING', { retryAfterMs: 42_000 }, 'Please wait 42 s, then press again.'],
    [409, 'PAUSED', { retryAfterMs: 1_000 }, 'The button works again as soon as the sale goes on.'],
    [409, 'NOT_OPEN', { opensAt: '2031-05-01T10:00:00Z', serverTime, retryAfterMs: 900_000 }, /1 May 2031.*19:00/],
    [409, 'CLOSED', { terminal: true }, 'Tickets for this event are not sold any more.'],
    [409, 'SOLD_OUT', { terminal: true }, en.refusals.SOLD_OUT?.({ code: 'SOLD_OUT' }).text ?? ''],
    [422, 'INVALID_QUANTITY', { terminal: true }, 'Please choose a whole number'],
  ]);

  for (const [status, code, more, words] of cases) {
    await page.route('**/ticket/reserve/**', (route) => route.fulfill(problem(status, code, more)), { times: 1 });
    await reserveButton(page).click();
    await page.locator('.outcome').getByText(words).waitFor();
  }

  assert.equal(await fixture.operator.soldExactly(id), 0);
});

test('The page and its current call survive a restart of the front-end', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  const page = await fixture.visit({ as: 'restart1', at: `#/event/${id}` });
  await reserveButton(page).waitFor();
  const keys = keysOf(page);

  await fixture.server.stopFrontEnd();
  await reserveButton(page).click();
  await endsWith(page, 'We do not know yet');
  await fixture.server.startFrontEnd();
  await endsWith(page, 'It is yours');
  await page.locator('.left .big').filter({ hasText: '4' }).waitFor();
  await reads(page, 'Live'); // the stream is open again

  assert.ok(keys.length > 1);
  assert.equal(new Set(keys).size, 1);
  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('After an expired login and a new one the purchase goes on', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  await fixture.operator.call(
    'POST', '/admin/members', { prefix: 'lapsed', first: 1, count: 1, password: 'see you at the show' });
  const page = await fixture.visit({ as: 'lapsed1', at: `#/event/${id}` });
  await reserveButton(page).waitFor();
  const keys = keysOf(page);
  await page.route('**/ticket/reserve/**',
    (route) => route.fulfill(problem(401, 'UNAUTHENTICATED', { terminal: true })), { times: 1 });

  await reserveButton(page).click();
  await endsWith(page, 'Please log in again');
  await page.getByRole('button', { name: 'Log in and go on' }).click();
  assert.equal(await page.getByLabel('Member id').inputValue(), 'lapsed1');
  await page.getByLabel('Password', { exact: true }).fill('see you at the show');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await endsWith(page, 'It is yours');

  assert.equal(keys.length, 2);
  assert.equal(new Set(keys).size, 1);
  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('An intention of an hour ago is carried out only after a question', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  const page = await fixture.visit({ as: 'stale1' });
  await page.evaluate((eventId) => localStorage.setItem(`boxoffice.intent.stale1/${eventId}`, JSON.stringify({
    key: 'an-old-key', memberId: 'stale1', eventId, quantity: 2, madeAt: Date.now() - 3_600_000,
  })), id);
  await page.goto(`/?later#/event/${id}`);

  await endsWith(page, 'There is an open question');
  assert.equal(await fixture.operator.soldExactly(id), 0);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await endsWith(page, 'It is yours');

  assert.equal(await fixture.operator.soldExactly(id), 2);
});

test('Another member’s open intention is not carried out', async () => {
  const { id } = await fixture.event();
  const page = await fixture.visit({ as: 'second1' });
  await page.evaluate((eventId) => localStorage.setItem(`boxoffice.intent.first1/${eventId}`, JSON.stringify({
    key: 'key-of-another', memberId: 'first1', eventId, quantity: 1, madeAt: Date.now(),
  })), id);
  const keys = keysOf(page);
  await page.goto(`/?other#/event/${id}`);

  await reserveButton(page).click();
  await endsWith(page, 'It is yours');

  assert.equal(keys.length, 1);
  assert.notEqual(keys[0], 'key-of-another');
});
