import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from '../harness/accessibility.js';
import { fixture } from '../harness/embedded.js';
import { buy, figure, logIntoConsole, rehearse } from '../harness/operator.js';
import { until } from '../harness/until.js';

test('The login and the list of events', async () => {
  await fixture.event(
    { name: 'A night with a rather long name, for a small screen', capacity: 12_345, holdSeconds: 60 });
  const { id } = await fixture.event({ capacity: 6 });
  await buy(fixture, id, 6);
  await fixture.operator.call('POST', `/admin/events/${(await fixture.event()).id}/pause`);

  const door = await fixture.visit({ at: 'admin' });
  await door.getByLabel('Password').fill('wrong');
  await door.keyboard.press('Enter');
  await door.getByRole('alert').getByText('wrong').waitFor();
  await assertAccessible(door, 'console-door');
  const page = await logIntoConsole(fixture);
  await page.getByRole('listitem').filter({ hasText: 'Sold out' }).waitFor();
  await assertAccessible(page, 'console-events');
});

test('One event, in sale', async () => {
  const { id } = await fixture.event({
    name: 'An evening with a long name, for a small screen',
    capacity: 60,
    holdSeconds: 300,
  });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  for (const count of [9, 5, 14, 6]) {
    await buy(fixture, id, count);
    await page.waitForTimeout(1_100); // for data in the charts
  }
  await until('it is live', async () => await figure(page, 'Held').textContent() === '34');
  await page.getByText(/Most of the time goes to .*\d ms on average/).waitFor();

  await assertAccessible(page, 'console-event');
});

test('The operator’s dialogs', async () => {
  const { id } = await fixture.event({ capacity: 60 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await page.getByText('On sale', { exact: true }).waitFor();

  const dialogs = [['Pause…', 'console-pause'], ['Change…', 'console-change'], ['Reconcile', 'console-reconcile']];
  for (const [button, name] of dialogs) {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').waitFor();
    if (button === 'Reconcile') await page.getByText('Exact', { exact: true }).waitFor();
    await assertAccessible(page, /** @type {string} */ (name));
    await page.keyboard.press('Escape');
  }
  await page.goto('/admin#/open');
  await page.getByRole('button', { name: 'Open the event' }).click();
  await page.getByText('Please look at the marked fields.').waitFor();
  await assertAccessible(page, 'console-open');
});

test('A rehearsal: its dialog, its report, and its progress', async () => {
  const { id } = await fixture.event({ name: 'An evening with a long name, for a small screen', capacity: 120 });
  const first = await rehearse(fixture, id, { buyers: 900, rampSeconds: 2 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await page.getByRole('button', { name: 'Rehearse…' }).click();
  await page.getByRole('dialog').waitFor();
  await assertAccessible(page, 'console-rehearse');

  await page.goto(`/admin#/rehearsals/${first.id}`);
  await page.getByRole('heading', { name: 'Exact: yes' }).waitFor();
  await page.locator('summary').click();
  await page.getByRole('button', { name: '한국어' }).click();
  await assertAccessible(page, 'console-rehearsal');

  const second = await rehearse(fixture, id, { buyers: 1_200, rampSeconds: 10 });
  await page.getByRole('button', { name: 'English' }).click();
  await page.goto(`/admin#/rehearsals/${second.id}`);
  await page.getByRole('img', { name: /[1-9]\d* refused/ }).waitFor();
  await assertAccessible(page, 'console-rehearsal-live');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped', { exact: true }).waitFor();
});

test('In Korean, and without the server', async () => {
  const { id } = await fixture.event({ name: '겨울밤의 긴 연주회', capacity: 60 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}`, locale: 'ko-KR' });
  await buy(fixture, id, 20);
  await page.getByText(/가장 많은 시간이 걸립니다\. 평균/).waitFor();
  await assertAccessible(page, 'console-korean');

  await fixture.server.stopFrontEnd();
  await page.getByText(/서버에 연결할 수 없습니다/).first().waitFor();
  await page.waitForTimeout(2_000); // for a gap in the charts
  await assertAccessible(page, 'console-gone');
  await fixture.server.startFrontEnd();
});

test('Changing numbers are not announced to screen readers', async () => {
  const { id } = await fixture.event({ capacity: 50 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await until('it is live', async () => await figure(page, 'Available').textContent() === '50');
  await page.evaluate(() => {
    /** @type {string[]} */
    const spoken = [];
    Reflect.set(window, 'spoken', spoken);
    for (const region of document.querySelectorAll('[role="status"], [role="alert"], [aria-live]')) {
      const observer = new MutationObserver(() => spoken.push(region.textContent ?? ''));
      observer.observe(region, { childList: true, characterData: true, subtree: true });
    }
  });

  for (let sold = 5; sold <= 20; sold += 5) {
    await buy(fixture, id, 5);
    await until(`${sold} are sold`, async () => await figure(page, 'Sold').textContent() === String(sold));
  }
  assert.deepEqual(await page.evaluate(() => Reflect.get(window, 'spoken')), []);

  await fixture.operator.call('POST', `/admin/events/${id}/pause`);
  await until('a change of state is read out', () =>
    page.evaluate(() => Reflect.get(window, 'spoken').some((/** @type {string} */ text) => text.includes('Paused'))));
});
