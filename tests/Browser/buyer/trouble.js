import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsWith, keysOf, problem, reads, reserveButton } from '../harness/buyer.js';
import { stage } from '../harness/embedded.js';

test('A reload in mid-request does not buy twice: the page repeats the call with the same key', async () => {
  const { id } = await stage.event({ capacity: 5, maxPerMember: 5 });
  const page = await stage.visit({ as: 'reload1', at: `#/event/${id}` });
  const keys = keysOf(page);
  let hasBought = () => {};
  const bought = new Promise((resolve) => { hasBought = () => resolve(undefined); });
  await page.route('**/ticket/reserve/**', async (route) => {
    await route.fetch(); // the server sells, and the answer never arrives
    hasBought();
  }, { times: 1 });

  await reserveButton(page).click();
  await bought;
  await page.reload();
  await endsWith(page, 'It is yours');

  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal(await stage.operator.soldAndSound(id), 1);
  assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('intent')).length), 0);
});

test('An answer that says "unknown" is shown as that, and the call is repeated with its key until it is known', async () => {
  const { id } = await stage.event({ capacity: 5, maxPerMember: 5 });
  const page = await stage.visit({ as: 'doubt1', at: `#/event/${id}` });
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
  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('Two tabs in which the same member presses are one purchase, while its answer is not known', async () => {
  const { id } = await stage.event({ capacity: 5, maxPerMember: 5 });
  const page = await stage.visit({ as: 'tabs1', at: `#/event/${id}` });
  const other = await page.context().newPage();
  await other.goto('/health'); // only to be in the same storage
  const session = await page.evaluate(() => sessionStorage.getItem('boxoffice.session') ?? '');
  await other.addInitScript((kept) => sessionStorage.setItem('boxoffice.session', kept), session);
  const keys = [keysOf(page), keysOf(other)];
  await page.route('**/ticket/reserve/**', (route) => route.fulfill(problem(503, 'OUTCOME_UNKNOWN', { outcome: 'UNKNOWN', retryAfterMs: 2_500 })), { times: 1 });

  await reserveButton(page).click();
  await endsWith(page, 'We do not know yet');
  await other.goto(`/#/event/${id}`); // which finds the open intention and asks too
  await Promise.all([endsWith(page, 'It is yours'), endsWith(other, 'It is yours')]);

  assert.equal(new Set(keys.flat()).size, 1);
  assert.ok(keys.every((some) => some.length > 0));
  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('A confirmation whose answer is lost is asked for again', async () => {
  const { id } = await stage.event({ holdSeconds: 300 });
  const page = await stage.visit({ as: 'lost1', at: `#/event/${id}` });
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
  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('Who calls too often is slowed down, and gets the ticket all the same', async () => {
  const { id } = await stage.event();
  const page = await stage.visit({ as: 'often1', at: `#/event/${id}` });
  await page.route('**/ticket/reserve/**', (route) => route.fulfill(problem(429, 'RATE_LIMITED', { retryAfterMs: 700 })), { times: 1 });

  await reserveButton(page).click();
  await endsWith(page, 'A little slower');
  await endsWith(page, 'It is yours');

  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('A crowd is waited out: busy is not the end', async () => {
  const { id } = await stage.event();
  const page = await stage.visit({ as: 'busy1', at: `#/event/${id}` });
  let answers = 0;
  await page.route('**/ticket/reserve/**', (route) => (++answers < 3
    ? route.fulfill(problem(503, 'BUSY', { retryAfterMs: 300 }))
    : route.fallback()));

  await reserveButton(page).click();
  await endsWith(page, 'There is a crowd');
  await endsWith(page, 'It is yours');

  assert.equal(answers, 3);
});

test('A refusal that the event decided is explained and ends the wait', async () => {
  const { id } = await stage.event({ capacity: 5, maxPerMember: 5 });
  const page = await stage.visit({ as: 'refused1', at: `#/event/${id}` });
  const cases = /** @type {const} */ ([
    [409, 'LIMIT_EXCEEDED', { terminal: true, limit: 4, used: 3 }, 'Each member may have 4 tickets; you have 3.'],
    [409, 'INSUFFICIENT', { available: 2 }, 'Only 2 tickets left.'],
    [409, 'ALL_HELD', { retryAfterMs: 90_000 }, 'The next hold may end in 90 s'],
    [429, 'CYCLING', { retryAfterMs: 42_000 }, 'Please wait 42 s, then press again.'],
    [409, 'PAUSED', { retryAfterMs: 1_000 }, 'The button works again as soon as the sale goes on.'],
    [409, 'NOT_OPEN', { opensAt: '2031-05-01T10:00:00Z', serverTime: new Date().toISOString(), retryAfterMs: 900_000 }, /1 May 2031.*19:00/],
    [409, 'CLOSED', { terminal: true }, 'Tickets for this event are not sold any more.'],
    [409, 'SOLD_OUT', { terminal: true }, 'Other buyers were quicker'],
    [422, 'INVALID_QUANTITY', { terminal: true }, 'Please choose a whole number'],
  ]);

  for (const [status, code, more, words] of cases) {
    await page.route('**/ticket/reserve/**', (route) => route.fulfill(problem(status, code, more)), { times: 1 });
    await reserveButton(page).click();
    await page.locator('.outcome').getByText(words).waitFor();
  }

  assert.equal(await stage.operator.soldAndSound(id), 0);
});

test('The page survives a restart of the front-end, and so does a call that was under way', async () => {
  const { id } = await stage.event({ capacity: 5, maxPerMember: 5 });
  const page = await stage.visit({ as: 'restart1', at: `#/event/${id}` });
  await reserveButton(page).waitFor();
  const keys = keysOf(page);

  await stage.house.stopFrontEnd();
  await reserveButton(page).click();
  await endsWith(page, 'We do not know yet');
  await stage.house.startFrontEnd();
  await endsWith(page, 'It is yours');
  await page.locator('.left .big').filter({ hasText: '4' }).waitFor();
  await reads(page, 'Live'); // and the numbers are followed again

  assert.ok(keys.length > 1);
  assert.equal(new Set(keys).size, 1);
  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('Whose login has ended logs in again, and the purchase goes on', async () => {
  const { id } = await stage.event({ capacity: 5, maxPerMember: 5 });
  await stage.operator.call('POST', '/member/signup', { id: 'lapsed1', password: 'see you at the show' });
  const page = await stage.visit({ as: 'lapsed1', at: `#/event/${id}` });
  await reserveButton(page).waitFor();
  const keys = keysOf(page);
  await page.route('**/ticket/reserve/**', (route) => route.fulfill(problem(401, 'UNAUTHENTICATED', { terminal: true })), { times: 1 });

  await reserveButton(page).click();
  await endsWith(page, 'Please log in again');
  await page.getByRole('button', { name: 'Log in and go on' }).click();
  assert.equal(await page.getByLabel('Member id').inputValue(), 'lapsed1');
  await page.getByLabel('Password', { exact: true }).fill('see you at the show');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await endsWith(page, 'It is yours');

  assert.equal(keys.length, 2);
  assert.equal(new Set(keys).size, 1);
  assert.equal(await stage.operator.soldAndSound(id), 1);
});

test('An intention of an hour ago is not carried out without a question', async () => {
  const { id } = await stage.event({ capacity: 5, maxPerMember: 5 });
  const page = await stage.visit({ as: 'stale1' });
  await page.evaluate((eventId) => localStorage.setItem(`boxoffice.intent.stale1/${eventId}`, JSON.stringify({
    key: 'an-old-key', memberId: 'stale1', eventId, quantity: 2, madeAt: Date.now() - 3_600_000,
  })), id);
  await page.goto(`/?later#/event/${id}`);

  await endsWith(page, 'There is an open question');
  assert.equal(await stage.operator.soldAndSound(id), 0);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await endsWith(page, 'It is yours');

  assert.equal(await stage.operator.soldAndSound(id), 2);
});

test('Another member’s open intention is not carried out', async () => {
  const { id } = await stage.event();
  const page = await stage.visit({ as: 'second1' });
  await page.evaluate((eventId) => localStorage.setItem(`boxoffice.intent.first1/${eventId}`, JSON.stringify({
    key: 'of-somebody-else', memberId: 'first1', eventId, quantity: 1, madeAt: Date.now(),
  })), id);
  const keys = keysOf(page);
  await page.goto(`/?other#/event/${id}`);

  await reserveButton(page).click();
  await endsWith(page, 'It is yours');

  assert.equal(keys.length, 1);
  assert.notEqual(keys[0], 'of-somebody-else');
});

test('Logging in says what is wrong, waits its turn when many log in, and gives guessers a time', async () => {
  await stage.operator.call('POST', '/member/signup', { id: 'patient1', password: 'see you at the show' });
  const page = await stage.visit({ at: '#/login' });
  const press = () => page.getByRole('button', { name: 'Log in', exact: true }).click();

  await press();
  await reads(page, 'Please fill in the member id and the password.');
  await page.getByLabel('Member id').fill('patient1');
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await press();
  await reads(page, 'The member id or the password is wrong.');
  await page.route('**/member/login', (route) => route.fulfill(problem(429, 'TOO_MANY_ATTEMPTS', { retryAfterMs: 7_000 })), { times: 1 });
  await press();
  await reads(page, 'please wait 7 s');
  await page.getByLabel('Password', { exact: true }).fill('see you at the show');
  await page.route('**/member/login', (route) => route.fulfill(problem(503, 'LOGIN_BUSY', { retryAfterMs: 800 })), { times: 1 });
  await press();
  await reads(page, 'Many people are logging in');
  await page.getByRole('button', { name: 'Log out' }).waitFor();

  assert.equal(await page.locator('#account .who').textContent(), 'patient1');
});

test('Signing up says why not', async () => {
  const page = await stage.visit({ at: '#/login' });
  await page.getByRole('button', { name: 'New here? Sign up' }).click();
  const cases = /** @type {const} */ ([
    ['with space', 'see you at the show', 'no spaces'],
    ['weak1', 'password', 'none of the commonest passwords'],
    ['operator', 'see you at the show', 'Choose another one'],
  ]);

  for (const [id, password, words] of cases) {
    await page.getByLabel('Member id').fill(id);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign up', exact: true }).click();
    await reads(page, words);
  }

  assert.equal(await page.getByRole('button', { name: 'Log out' }).count(), 0);
});
