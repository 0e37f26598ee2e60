import { test } from 'node:test';
import { assertAccessible } from '../harness/accessibility.js';
import { endsWith, inSeconds, problem, reads, reserveButton } from '../harness/buyer.js';
import { fixture } from '../harness/embedded.js';

test('No violations on the list of events', async () => {
  await fixture.event({ name: 'Swan Lake', capacity: 1_200 });
  await fixture.event({
    name: 'An evening of late string quartets, played by candlelight',
    capacity: 80,
    opensAt: inSeconds(90_000),
  });
  const { id: soldOut } = await fixture.event({ name: 'The Cherry Orchard', capacity: 1 });
  const { id: paused } = await fixture.event({ name: 'Open-air cinema', capacity: 300 });
  await fixture.event({ name: 'Matinée', capacity: 300, closesAt: inSeconds(1) });
  await (await fixture.member('list1')).call('POST', `/ticket/reserve/${soldOut}`);
  await fixture.operator.call('POST', `/admin/events/${paused}/pause`);
  const page = await fixture.visit();

  await reads(page, 'The Cherry Orchard');

  await assertAccessible(page, 'events');
});

test('… on an event before a login', async () => {
  const { id } = await fixture.event({ name: 'Swan Lake', capacity: 240, maxPerMember: 4, holdSeconds: 300 });
  await fixture.sell(id, 90);
  await fixture.hold(id, 30);
  const page = await fixture.visit({ at: `#/event/${id}` });

  await page.getByRole('button', { name: 'Log in to reserve' }).waitFor();
  await page.locator('.left .big').filter({ hasText: '120' }).waitFor();

  await assertAccessible(page, 'event');
});

test('… on an event that opens soon', async () => {
  const { id } = await fixture.event({ name: 'Swan Lake', capacity: 240, opensAt: inSeconds(90_061) });
  const page = await fixture.visit({ as: 'early1', at: `#/event/${id}` });

  await reads(page, /exact to/);

  await assertAccessible(page, 'countdown');
});

test('… while a ticket is held, and in the dialog that gives it back', async () => {
  const { id } = await fixture.event({ name: 'Swan Lake', capacity: 240, holdSeconds: 300, maxPerMember: 2 });
  const page = await fixture.visit({ as: 'holder1', at: `#/event/${id}` });

  await reserveButton(page).click();
  await endsWith(page, 'Held for you');
  await page.getByRole('button', { name: 'Confirm' }).waitFor();

  await assertAccessible(page, 'held');
  await page.getByRole('button', { name: 'Give back' }).click();
  await assertAccessible(page, 'give-back');
});

test('… on a refusal, and on an unknown outcome', async () => {
  const { id } = await fixture.event({ name: 'Swan Lake', capacity: 2 });
  const page = await fixture.visit({ as: 'doubt1', at: `#/event/${id}` });
  await reserveButton(page).waitFor();
  await page.route('**/ticket/reserve/**', (route) =>
    route.fulfill(problem(409, 'SOLD_OUT', { terminal: true })), { times: 1 });
  await reserveButton(page).click();
  await endsWith(page, 'Sold out');
  await assertAccessible(page, 'refused');

  await page.route('**/ticket/reserve/**', (route) =>
    route.fulfill(problem(503, 'OUTCOME_UNKNOWN', { outcome: 'UNKNOWN', retryAfterMs: 600_000 })));
  await reserveButton(page).click();
  await endsWith(page, 'We do not know yet');

  await assertAccessible(page, 'doubt');
});

test('… on the member’s tickets', async () => {
  const member = await fixture.member('collector1');
  const { id: ballet } = await fixture.event({ name: 'Swan Lake', capacity: 240, maxPerMember: 4, holdSeconds: 300 });
  const { id: play } = await fixture.event({ name: 'The Cherry Orchard', capacity: 10, maxPerMember: 4 });
  await member.call('POST', `/ticket/reserve/${play}`, { quantity: 2 });
  const given = await member.call('POST', `/ticket/reserve/${play}`);
  await member.call('POST', `/ticket/reservations/${given.reservationId}/cancel`);
  await member.call('POST', `/ticket/reserve/${ballet}`, { quantity: 3 });
  const page = await fixture.visit({ as: 'collector1', at: '#/tickets' });

  await page.getByRole('heading', { name: 'Swan Lake' }).waitFor();
  await page.getByRole('heading', { name: 'The Cherry Orchard' }).first().waitFor();

  await assertAccessible(page, 'my-tickets');
});

test('… on the member’s tickets while some events do not answer', async () => {
  const member = await fixture.member('missing1');
  const { id } = await fixture.event({ name: 'Swan Lake', capacity: 240, maxPerMember: 4 });
  await member.call('POST', `/ticket/reserve/${id}`, { quantity: 2 });
  const page = await fixture.visit({ as: 'missing1' });
  let isAll = false;
  await page.route('**/ticket/reservations', async (route) => {
    const answer = await route.fetch();
    const { data } = await answer.json();
    await route.fulfill({ json: { data: isAll ? [] : data, unavailable: ['the-cherry-orchard'] } });
  });

  await page.getByRole('link', { name: 'My tickets' }).click();
  await page.getByRole('heading', { name: 'Swan Lake' }).waitFor();
  await reads(page, 'Some tickets cannot be shown right now');
  await assertAccessible(page, 'some-tickets-missing');

  isAll = true;
  await page.goto('/?all#/tickets');
  await reads(page, 'Some tickets cannot be shown right now');
  await assertAccessible(page, 'all-tickets-missing');
});

test('… without tickets, at the login, and on an unknown page', async () => {
  const page = await fixture.visit({ as: 'nobody1', at: '#/tickets' });
  await reads(page, 'You have no tickets yet');
  await assertAccessible(page, 'no-tickets');

  await page.goto('/#/event/nowhere');
  await reads(page, 'There is nothing here');
  await assertAccessible(page, 'nothing');

  await page.getByRole('button', { name: 'Log out' }).click();
  await page.goto('/#/login');
  await page.getByRole('button', { name: 'New here? Sign up' }).click();
  await page.getByRole('button', { name: 'Sign up', exact: true }).click();
  await reads(page, 'Something is missing');
  await assertAccessible(page, 'login');
});

test('… in Korean', async () => {
  const { id } = await fixture.event({ name: '백조의 호수', capacity: 240, maxPerMember: 4, holdSeconds: 300 });
  await fixture.sell(id, 90);
  const page = await fixture.visit({ as: 'korean1', at: `#/event/${id}`, locale: 'ko-KR' });

  await page.getByRole('button', { name: '1장 예매하기' }).click();
  await endsWith(page, '티켓을 선점했습니다');

  await assertAccessible(page, 'korean');
});
