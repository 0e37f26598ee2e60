import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fixture } from '../harness/embedded.js';
import { buy, figure, logIntoConsole } from '../harness/operator.js';
import { until } from '../harness/until.js';

test('The console names the version of the front-end', async () => {
  const page = await fixture.visit({ at: 'admin' });

  await page.getByText(/^BoxOffice \d+\.\d+\.\d+$/).waitFor();
});

test('An operator opens an event with all terms, and sees it', async () => {
  const id = fixture.name('opened');
  const page = await logIntoConsole(fixture);
  await page.getByRole('link', { name: 'Open an event' }).click();
  await page.getByLabel('Id', { exact: true }).fill(id);
  await page.getByLabel('Name').fill('<b>Winter</b> & more');
  await page.getByLabel('Capacity').fill('1200');
  await page.getByLabel('Most tickets for one member').fill('4');
  await page.getByLabel('Hold, in seconds').fill('90');
  await page.getByLabel('Sale opens').fill('2026-01-02T09:30:00'); // in the browser's time zone, Seoul
  await page.getByLabel('Sale closes').fill('2099-12-31T23:59:59');

  await page.getByRole('button', { name: 'Open the event' }).click();

  await page.getByRole('heading', { name: '<b>Winter</b> & more', level: 1 }).waitFor();
  const { name, capacity, maxPerMember, holdSeconds, opensAt, closesAt } = await fixture.operator.numbersOf(id);
  assert.deepEqual({ name, capacity, maxPerMember, holdSeconds, opensAt, closesAt }, {
    name: '<b>Winter</b> & more', capacity: 1200, maxPerMember: 4, holdSeconds: 90,
    opensAt: '2026-01-02T00:30:00Z', closesAt: '2099-12-31T14:59:59Z',
  });
  await page.getByText('At most 4 for one member; held for 90 s;').waitFor();
});

test('Each violated rule is shown at its field', async () => {
  const page = await logIntoConsole(fixture, { at: '#/open' });
  await page.getByLabel('Id', { exact: true }).fill('no spaces please');
  await page.getByLabel('Capacity').fill('many');
  const errorOf = (/** @type {string} */ label) =>
    page.locator('.field').filter({ has: page.getByLabel(label, { exact: true }) }).locator('.error');

  await page.getByRole('button', { name: 'Open the event' }).click();
  await errorOf('Capacity').getByText('must be a whole number').waitFor();
  assert.equal(await page.getByLabel('Capacity').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'capacity');

  await page.getByLabel('Capacity').fill('0');
  await page.getByRole('button', { name: 'Open the event' }).click();
  await errorOf('Id').getByText('letters, digits').waitFor();

  await page.getByLabel('Id', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Open the event' }).click();
  await errorOf('Capacity').getByText('must be 1 to 100000000').waitFor();
  await errorOf('Name').getByText('must be 1 to 200 characters').waitFor();
  assert.equal(await errorOf('Id').textContent(), '');
});

test('A sale is shown live, in the list and on its page', async () => {
  const { id, name } = await fixture.event({ name: 'A live night', capacity: 10, maxPerMember: 1 });
  const list = await logIntoConsole(fixture);
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await page.getByText('On sale').waitFor();
  assert.equal(await figure(page, 'Sold').textContent(), '0');

  await buy(fixture, id, 7);

  await until('7 are shown as sold', async () => await figure(page, 'Sold').textContent() === '7');
  assert.equal(await figure(page, 'Available').textContent(), '3');
  assert.equal(await page.getByRole('img', { name: '7 sold, 0 held, 3 available of 10' }).count(), 1);
  const entry = list.getByRole('listitem').filter({ hasText: id });
  await entry.getByRole('img', { name: '7 sold, 0 held, 3 available of 10' }).waitFor();

  await buy(fixture, id, 4);

  await page.getByText('Sold out', { exact: true }).waitFor();
  await page.getByRole('status').getByText(`${name}: Sold out`).waitFor();
  await until('the chart’s table says so', async () =>
    await page.getByRole('row', { name: /^Sold/ }).locator('td').textContent() === '10');
});

test('An event’s page shows decisions, latencies and timing', async () => {
  const { id } = await fixture.event({ capacity: 5 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await page.getByText('Nobody has asked for a ticket yet.').waitFor();

  await buy(fixture, id, 9);

  const total = (/** @type {string} */ code) =>
    page.getByRole('row', { name: new RegExp(`^${code}`) }).locator('td').nth(1);
  await until('5 are reserved', async () => await total('RESERVED').textContent() === '5');
  await until('4 are refused', async () => await total('SOLD_OUT').textContent() === '4');
  await page.getByText(/^Most of the time goes to .*(edge|queue|turn|store)/).waitFor();
  const p99 = Number(await page.getByRole('row', { name: /^Total/ }).locator('td').nth(2).textContent());
  assert.ok(p99 > 0 && p99 < 60_000, `p99 is ${p99}`);
  await page.getByText(/at a time on average/).waitFor();
  await page.getByRole('list', { name: 'Silos' }).getByText('Active').waitFor();
});

test('An operator pauses and resumes a sale, which the buyer’s page sees', async () => {
  const { id } = await fixture.event({ capacity: 5 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  const buyer = await fixture.visit({ at: `#/event/${id}` });
  await buyer.getByText('On sale').first().waitFor();

  await page.getByRole('button', { name: 'Pause…' }).click();
  await page.getByRole('dialog', { name: /Pause the sale/ }).getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await fixture.operator.numbersOf(id)).state, 'OPEN');

  await page.getByRole('button', { name: 'Pause…' }).click();
  await page.getByRole('button', { name: 'Pause the sale' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  await buyer.getByText(/paused/i).first().waitFor();
  assert.equal((await fixture.operator.numbersOf(id)).state, 'PAUSED');

  await page.getByRole('button', { name: 'Resume…' }).click();
  await page.getByRole('button', { name: 'Resume the sale' }).click();
  await page.getByText('On sale', { exact: true }).waitFor();
  await fixture.operator.untilState(id, 'OPEN');
});

test('A change sends only the changed fields', async () => {
  const { id } = await fixture.event({ name: 'Before', capacity: 5, opensAt: '2026-01-01T00:00:00.123456Z' });
  await buy(fixture, id, 3);
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await page.getByRole('heading', { name: 'Before' }).waitFor();

  await page.getByRole('button', { name: 'Change…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change Before' });
  await dialog.getByLabel('Capacity').fill('2');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await dialog.getByText('More tickets are held and sold than that.').first().waitFor();

  await dialog.getByLabel('Capacity').fill('8');
  await dialog.getByLabel('Name').fill('After');
  await dialog.getByRole('button', { name: 'Save changes' }).click();

  await page.getByRole('heading', { name: 'After', level: 1 }).waitFor();
  await until('8 is the capacity', async () => await figure(page, 'Capacity').textContent() === '8');
  assert.equal((await fixture.operator.numbersOf(id)).opensAt, '2026-01-01T00:00:00.123456Z');

  await page.getByRole('button', { name: 'Change…' }).click();
  await page.getByRole('dialog').getByLabel('Sale opens').fill('');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await until('the opening time is cleared', async () => (await fixture.operator.numbersOf(id)).opensAt === null);
});

test('A reconciliation is shown as exact, broken or incomplete', async () => {
  const { id } = await fixture.event({ capacity: 5 });
  await buy(fixture, id, 5);
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });

  await page.getByRole('button', { name: 'Reconcile' }).click();
  await page.getByRole('dialog').getByText('Exact', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();

  const sums = await fixture.operator.call('GET', `/admin/events/${id}/reconcile`);
  await page.route('**/reconcile', (route) => route.fulfill({ json: { data: { ...sums, gaps: 1 } } }));
  await page.getByRole('button', { name: 'Reconcile' }).click();
  await page.getByRole('dialog').getByText('Something is broken').waitFor();
  assert.equal(await page.getByRole('dialog').getByText('Exact', { exact: true }).count(), 0);
  await page.getByRole('button', { name: 'Close' }).click();

  await page.unroute('**/reconcile');
  await page.route('**/reconcile', (route) => route.fulfill({ json: { data: { ...sums, unread: 11_200_000 } } }));
  await page.getByRole('button', { name: 'Reconcile' }).click();
  await page.getByRole('dialog').getByText('11,200,000 entries were not read').waitFor();
  assert.equal(await page.getByRole('dialog').getByText('Exact', { exact: true }).count(), 0);
});

test('The export has exactly the sold tickets', async () => {
  const { id } = await fixture.event({ capacity: 5 });
  const sold = (await buy(fixture, id, 6)).flatMap(({ data }) => (data ? [data.reservationId] : []));
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const download = await downloading;

  assert.equal(download.suggestedFilename(), `reservations-${id}.csv`);
  const [heading, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.equal(heading, 'reservationId,memberId,quantity,status,sequence,reservedAt,expiresAt');
  assert.deepEqual(lines.map((line) => line.split(',')[0]).sort(), sold.sort());
  assert.equal(sold.length, 5);
});

test('The page of an unknown event says so', async () => {
  const page = await logIntoConsole(fixture, { at: '#/events/never' });

  await page.getByText('There is no event never.').waitFor();

  assert.equal(await page.getByRole('button', { name: 'Pause…' }).count(), 0);
});

test('An operator can work with the keyboard alone', async () => {
  const { id } = await fixture.event({ name: 'By keyboard' });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await page.getByRole('heading', { name: 'By keyboard' }).waitFor();

  await page.getByRole('button', { name: 'Pause…' }).focus();
  await page.keyboard.press('Enter');
  // the harmless button has the focus
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Cancel');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Pause…');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await fixture.operator.untilState(id, 'PAUSED');

  await until('the button that takes its place has the focus',
    () => page.evaluate(() => document.activeElement?.textContent === 'Resume…'));
});

test('The console switches to Korean, and remembers it', async () => {
  const { id } = await fixture.event({ capacity: 10 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await page.getByText('On sale', { exact: true }).waitFor();

  await page.getByRole('button', { name: '한국어' }).click();

  await page.getByText('예매 중', { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ko');
  await page.getByRole('img', { name: '총 10장 중 판매 0장, 선점 0장, 잔여 10장' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: '로그아웃' }).waitFor();
  await page.getByText('예매 중', { exact: true }).waitFor();
});

test('A state of short duration is not announced', async () => {
  const { id, name } = await fixture.event({ capacity: 1, holdSeconds: 60 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await page.getByText('On sale', { exact: true }).waitFor();
  const member = await fixture.member('flapper1');
  const said = page.getByRole('status').filter({ hasText: name });

  const { reservationId } = await member.call('POST', `/ticket/reserve/${id}`);
  await page.getByText('All held', { exact: true }).waitFor();
  await member.call('POST', `/ticket/reservations/${reservationId}/cancel`);
  await page.getByText('On sale', { exact: true }).waitFor();
  await page.waitForTimeout(2_000);
  assert.equal(await said.count(), 0);

  await member.call('POST', `/ticket/reserve/${id}`);
  await said.getByText('All held').waitFor();
});
