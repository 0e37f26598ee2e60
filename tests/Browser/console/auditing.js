import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from '../harness/accessibility.js';
import { fixture } from '../harness/embedded.js';
import { logIntoConsole } from '../harness/operator.js';
import { until } from '../harness/until.js';

test('The audit log shows who did what, by actor and action, page by page', async () => {
  const { id } = await fixture.event({ name: 'An audited night', capacity: 12 });
  for (let i = 0; i < 60; i++) await fixture.operator.call('POST', `/admin/events/${id}/pause`);
  await fixture.operator.call('POST', `/admin/events/${id}/resume`);
  const page = await logIntoConsole(fixture);
  await page.getByRole('link', { name: 'Audit log' }).click();
  const rows = page.locator('tbody tr');

  await rows.filter({ hasText: 'RESUME_EVENT' }).filter({ hasText: id }).filter({ hasText: 'DONE' }).first().waitFor();
  assert.equal(await rows.count(), 50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await until('more are shown', async () => await rows.count() > 50);

  await page.getByLabel('Action').fill('open event');
  await page.getByLabel('Who').fill('operator');
  await page.keyboard.press('Enter');
  await until('only events that were opened are shown', async () =>
    await rows.count() > 0 && await rows.count() === await rows.filter({ hasText: 'OPEN_EVENT' }).count());
  await rows.filter({ hasText: `${id}name An audited night, capacity 12` }).waitFor();

  await page.getByLabel('Who').fill('nobody');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByText('Nothing was recorded.').waitFor();
  assert.equal(await rows.count(), 0);

  await page.getByLabel('Who').fill('');
  await page.getByLabel('Action').fill('');
  await page.keyboard.press('Enter');
  await until('all are shown again', async () => await rows.count() === 50);
  await assertAccessible(page, 'console-audit');
});
