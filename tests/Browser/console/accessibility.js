import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from '../harness/accessibility.js';
import { stage } from '../harness/embedded.js';
import { buy, figure, logIntoConsole, rehearse } from '../harness/operator.js';
import { until } from '../harness/until.js';

test('The door and the list of events', async () => {
  await stage.event({ name: 'A night with a rather long name, for a small screen', capacity: 12_345, holdSeconds: 60 });
  const { id } = await stage.event({ capacity: 6 });
  await buy(stage, id, 6);
  await stage.operator.call('POST', `/admin/events/${(await stage.event()).id}/pause`);

  const door = await stage.visit({ at: 'admin' });
  await door.getByLabel('Password').fill('wrong');
  await door.keyboard.press('Enter');
  await door.getByRole('alert').getByText('wrong').waitFor();
  await assertAccessible(door, 'console-door');
  const page = await logIntoConsole(stage);
  await page.getByRole('listitem').filter({ hasText: 'Sold out' }).waitFor();
  await assertAccessible(page, 'console-events');
});

test('One event, in sale', async () => {
  const { id } = await stage.event({ name: 'An evening with a long name, for a small screen', capacity: 60, holdSeconds: 300 });
  const page = await logIntoConsole(stage, { at: `#/events/${id}` });
  for (const count of [9, 5, 14, 6]) {
    await buy(stage, id, count);
    await page.waitForTimeout(1_100); // something for the charts
  }
  await until('it is live', async () => await figure(page, 'Held').textContent() === '34');
  await page.getByText(/Most of the time goes to .*\d ms on average/).waitFor();

  await assertAccessible(page, 'console-event');
});

test('What an operator can do', async () => {
  const { id } = await stage.event({ capacity: 60 });
  const page = await logIntoConsole(stage, { at: `#/events/${id}` });
  await page.getByText('On sale', { exact: true }).waitFor();

  for (const [button, name] of [['Pause…', 'console-pause'], ['Change…', 'console-change'], ['Reconcile', 'console-reconcile']]) {
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

test('A rehearsal: ordered, over, and under way', async () => {
  const { id } = await stage.event({ name: 'An evening with a long name, for a small screen', capacity: 120 });
  const first = await rehearse(stage, id, { buyers: 900, rampSeconds: 2 });
  const page = await logIntoConsole(stage, { at: `#/events/${id}` });
  await page.getByRole('button', { name: 'Rehearse…' }).click();
  await page.getByRole('dialog').waitFor();
  await assertAccessible(page, 'console-rehearse');

  await page.goto(`/admin#/rehearsals/${first.id}`);
  await page.getByRole('heading', { name: 'Exact: yes' }).waitFor();
  await page.locator('summary').click();
  await page.getByRole('button', { name: '한국어' }).click();
  await assertAccessible(page, 'console-rehearsal');

  const second = await rehearse(stage, id, { buyers: 1_200, rampSeconds: 10 });
  await page.getByRole('button', { name: 'English' }).click();
  await page.goto(`/admin#/rehearsals/${second.id}`);
  await page.getByRole('img', { name: /[1-9]\d* refused/ }).waitFor();
  await assertAccessible(page, 'console-rehearsal-live');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped', { exact: true }).waitFor();
});

test('In Korean, and without the server', async () => {
  const { id } = await stage.event({ name: '겨울밤의 긴 연주회', capacity: 60 });
  const page = await logIntoConsole(stage, { at: `#/events/${id}`, locale: 'ko-KR' });
  await buy(stage, id, 20);
  await page.getByText(/가장 많은 시간이 걸립니다\. 평균/).waitFor();
  await assertAccessible(page, 'console-korean');

  await stage.house.stopFrontEnd();
  await page.getByText(/서버에 연결할 수 없습니다/).first().waitFor();
  await page.waitForTimeout(2_000); // a gap to look at
  await assertAccessible(page, 'console-gone');
  await stage.house.startFrontEnd();
});

test('Nothing is read out when only numbers move', async () => {
  const { id } = await stage.event({ capacity: 50 });
  const page = await logIntoConsole(stage, { at: `#/events/${id}` });
  await until('it is live', async () => await figure(page, 'Available').textContent() === '50');
  await page.evaluate(() => {
    /** @type {string[]} */
    const spoken = [];
    Reflect.set(window, 'spoken', spoken);
    for (const region of document.querySelectorAll('[role="status"], [role="alert"], [aria-live]')) {
      new MutationObserver(() => spoken.push(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true });
    }
  });

  for (let sold = 5; sold <= 20; sold += 5) {
    await buy(stage, id, 5);
    await until(`${sold} are sold`, async () => await figure(page, 'Sold').textContent() === String(sold));
  }
  assert.deepEqual(await page.evaluate(() => Reflect.get(window, 'spoken')), []);

  await stage.operator.call('POST', `/admin/events/${id}/pause`);
  await until('a change of state is read out', () => page.evaluate(() => Reflect.get(window, 'spoken').some((/** @type {string} */ one) => one.includes('Paused'))));
});
