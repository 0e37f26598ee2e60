import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsWith, keysOf, outcome, reads, reserveButton, tabTo } from '../harness/buyer.js';
import { fixture } from '../harness/embedded.js';

test('A new member signs up, reserves with one press and finds the ticket', async () => {
  const { id } = await fixture.event({ name: 'Giselle', capacity: 3 });
  const page = await fixture.visit();

  await page.getByRole('link', { name: 'Giselle' }).click();
  await page.getByRole('button', { name: 'Log in to reserve' }).click();
  await page.getByRole('button', { name: 'New here? Sign up' }).click();
  await page.getByLabel('Member id').fill('newcomer');
  await page.getByLabel('Password', { exact: true }).fill('see you at the show');
  await page.getByRole('button', { name: 'Sign up', exact: true }).click();
  await reserveButton(page).click();
  await endsWith(page, 'It is yours');
  await page.getByRole('link', { name: 'My tickets' }).click();
  await page.getByRole('article', { name: /Giselle/ }).waitFor();

  assert.equal(await fixture.operator.soldExactly(id), 1);
  assert.equal(await page.getByRole('article', { name: /Giselle/ }).getByText('Confirmed').count(), 1);
});

test('A held ticket shows its time, is confirmed, and given back', async () => {
  const { id } = await fixture.event({ name: 'Nutcracker', capacity: 3, holdSeconds: 300 });
  const page = await fixture.visit({ as: 'holder1', at: `#/event/${id}` });

  await reserveButton(page).click();
  await endsWith(page, 'Held for you');
  // never 5:01
  assert.match(await page.getByRole('timer').locator('.time').textContent() ?? '', /^(5:00|4:\d\d)$/);
  assert.equal((await fixture.operator.numbersOf(id)).held, 1);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await endsWith(page, 'It is yours');
  assert.equal((await fixture.operator.numbersOf(id)).confirmed, 1);
  await page.getByRole('button', { name: 'Give back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  assert.equal((await fixture.operator.numbersOf(id)).confirmed, 1);
  await page.getByRole('button', { name: 'Give back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Give back' }).click();
  await endsWith(page, 'Given back');

  assert.equal((await fixture.operator.numbersOf(id)).available, 3);
});

test('An unconfirmed hold ends on the open page', async () => {
  const { id } = await fixture.event({ capacity: 1, holdSeconds: 2 });
  const page = await fixture.visit({ as: 'holder2', at: `#/event/${id}` });

  await reserveButton(page).click();
  await endsWith(page, 'Held for you');
  await endsWith(page, 'The hold has ended');
  await page.getByRole('article').getByText('Expired').waitFor();
  await reserveButton(page).waitFor();

  assert.equal((await fixture.operator.numbersOf(id)).available, 1);
});

test('A hold that has ended cannot be confirmed, and the page says why', async () => {
  const { id } = await fixture.event({ capacity: 1, holdSeconds: 300 });
  const page = await fixture.visit({ as: 'holder3', at: `#/event/${id}` });
  await reserveButton(page).click();
  await endsWith(page, 'Held for you');
  await page.route('**/confirm', (route) => route.fulfill({
    status: 410,
    contentType: 'application/problem+json',
    body: JSON.stringify({ code: 'HOLD_EXPIRED', terminal: true, outcome: 'NOT_APPLIED', status: 410, title: 'x' }),
  }));

  await page.getByRole('button', { name: 'Confirm' }).click();
  await reads(page, 'It was not confirmed in time');

  assert.equal(await page.getByRole('article').getByRole('alert').count(), 1);
});

test('Several tickets are one reservation, as many as a member may have and no more', async () => {
  const { id } = await fixture.event({ capacity: 20, maxPerMember: 4 });
  const page = await fixture.visit({ as: 'family1', at: `#/event/${id}` });

  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await reserveButton(page, 3).click();
  await endsWith(page, 'It is yours');
  await reserveButton(page, 1).click(); // one is left of the four that a member may have
  await page.getByRole('button', { name: 'You have all you may have' }).waitFor();

  assert.equal(await fixture.operator.soldExactly(id), 4);
});

test('A double press buys once', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  const page = await fixture.visit({ as: 'twice1', at: `#/event/${id}` });
  const keys = keysOf(page);
  await reserveButton(page).waitFor();

  await reserveButton(page).dblclick();
  await endsWith(page, 'It is yours');

  assert.equal(new Set(keys).size, 1);
  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('… also when the answer to its first click comes before its second click', async () => {
  const { id } = await fixture.event({ capacity: 5, maxPerMember: 5 });
  const page = await fixture.visit({ as: 'twice2', at: `#/event/${id}` });

  await reserveButton(page).click();
  await endsWith(page, 'It is yours');
  await reserveButton(page).dispatchEvent('click', { detail: 2 }); // as browsers count the clicks of a double press
  await reserveButton(page).dispatchEvent('click', { detail: 1 });
  await page.locator('.left .big').filter({ hasText: '3' }).waitFor();

  assert.equal(await fixture.operator.soldExactly(id), 2);
});

test('The whole purchase works with the keyboard alone, and the focus is always visible', async () => {
  const { id } = await fixture.event({ name: 'Keyboard concert', capacity: 5, holdSeconds: 300 });
  await fixture.operator.call('POST', '/member/signup', { id: 'keys', password: 'see you at the show' });
  const page = await fixture.visit();
  await page.getByRole('link', { name: 'Keyboard concert' }).waitFor();

  await tabTo(page, 'Keyboard concert');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Log in to reserve' }).waitFor();
  await tabTo(page, 'Log in to reserve');
  await page.keyboard.press('Enter');
  await page.getByLabel('Member id').waitFor();
  await page.keyboard.type('keys'); // the dialog has put the focus there
  await tabTo(page, 'Password');
  await page.keyboard.type('see you at the show');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await reserveButton(page).waitFor();
  assert.match(await focusedOutline(page), /solid/);
  await page.keyboard.press('Enter'); // the focus is back at the button
  await endsWith(page, 'Held for you');
  assert.equal(await page.evaluate(() => document.activeElement?.classList.contains('outcome')), true);
  await tabTo(page, 'Confirm');
  assert.match(await focusedOutline(page), /solid/);
  await page.keyboard.press('Enter');
  await endsWith(page, 'It is yours');

  assert.equal(await fixture.operator.soldExactly(id), 1);
});

test('A browser that prefers Korean gets Korean, and the other language is one press away', async () => {
  const { id } = await fixture.event({ name: '백조의 호수', capacity: 1 });
  const page = await fixture.visit({ as: 'korean1', at: `#/event/${id}`, locale: 'ko-KR' });

  await page.getByRole('button', { name: '1장 예매하기' }).click();
  await endsWith(page, '예매가 완료되었습니다');
  assert.equal(await page.locator('html').getAttribute('lang'), 'ko');
  await page.getByRole('button', { name: 'English' }).click();
  await endsWith(page, 'It is yours');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.reload();
  await page.getByRole('button', { name: '한국어' }).waitFor(); // remembered

  assert.equal(await outcome(page).count(), 0);
});

test('An event’s name is shown as text, also when it contains HTML', async () => {
  const name = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const { id } = await fixture.event({ name });
  const page = await fixture.visit({ at: `#/event/${id}` });

  await page.getByRole('heading', { name }).waitFor();

  assert.equal(await page.locator('main img, main script').count(), 0);
});

test('The page of an unknown event says so', async () => {
  const page = await fixture.visit({ at: '#/event/nowhere' });

  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();

  assert.equal(await page.getByRole('button', { name: /Reserve/ }).count(), 0);
});

/** @param {import('playwright-core').Page} page */
function focusedOutline(page) {
  return page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.activeElement)).outlineStyle);
}
