// The page that shows the API. As on every page, the guard fails a test when a request leaves the origin, or when the
// content security policy refuses anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './harness/accessibility.js';
import { fixture } from './harness/embedded.js';
import { operatorPassword } from './harness/server.js';

test('The page shows every call of the document, and the buyer’s page leads to it', async () => {
  const page = await fixture.visit();
  await page.getByRole('link', { name: 'For programs: the API' }).click();
  await page.getByRole('heading', { name: 'API', exact: true }).waitFor();

  const { paths } = await (await fetch(`${fixture.server.urls[0]}/openapi/v1.json`)).json();
  const calls = Object.values(paths).flatMap((verbs) => Object.keys(verbs));
  assert.equal(await page.locator('.call').count(), calls.length);
  assert.equal(new URL(page.url()).pathname, '/docs');
});

test('A call can be tried with a token: it sells, and a refusal is shown', async () => {
  const { id } = await fixture.event({ capacity: 1 });
  const page = await fixture.visit({ at: 'docs#reserveTickets' });
  await page.getByLabel('Id', { exact: true }).fill('operator');
  await page.getByLabel('Password').fill(operatorPassword);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Calls are made as operator.').waitFor();

  const call = page.locator('#reserveTickets');
  await call.getByLabel('eventId', { exact: true }).fill(id);
  await call.getByRole('button', { name: 'Send' }).click();
  await call.locator('.answer').filter({ hasText: '"status": "CONFIRMED"' }).waitFor();
  await call.getByRole('button', { name: 'Send' }).click();
  await call.locator('.answer').filter({ hasText: 'LIMIT_EXCEEDED' }).waitFor();
  await call.getByText('409').first().waitFor();
});

test('A stream is shown while it comes, and can be stopped', async () => {
  const { id } = await fixture.event({ name: '<img src=x onerror=alert(1)>' });
  const page = await fixture.visit({ at: 'docs#watchEvent' });
  const call = page.locator('#watchEvent');
  await call.getByLabel('eventId', { exact: true }).fill(id);

  await call.getByRole('button', { name: 'Send' }).click();
  await call.locator('.answer').filter({ hasText: 'event: availability' }).waitFor();
  await call.getByRole('button', { name: 'Stop' }).click();

  await call.getByText('200').first().waitFor();
  await call.getByRole('button', { name: 'Send' }).waitFor();
});

test('Every control of it is accessible', async () => {
  const page = await fixture.visit({ at: 'docs#changeEvent' });
  await page.locator('#changeEvent').getByRole('button', { name: 'Send' }).waitFor();

  await assertAccessible(page, 'docs');
});
