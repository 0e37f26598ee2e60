import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../harness/embedded.js';
import { buy, figure, logIntoConsole } from '../harness/operator.js';
import { until } from '../harness/until.js';

test('Without its server the console says so, shows a gap in the figures, and recovers by itself', async () => {
  const { id } = await fixture.event({ capacity: 9 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await until('it is live', async () => await figure(page, 'Available').textContent() === '9');

  await fixture.server.stopFrontEnd();
  await page.getByText(/No connection to the server\. Figures are those of/).waitFor();
  await page.getByText('No timing can be had now.').waitFor();
  await page.getByText('The cluster cannot be asked now.').waitFor();
  await until('the chart’s table has no figure', async () =>
    await page.getByRole('row', { name: /^Sold/ }).locator('td').textContent() === '–');

  await fixture.server.startFrontEnd();
  await page.getByText('Connected again.').waitFor();
  await buy(fixture, id, 2);
  await until('it is live again', async () => await figure(page, 'Sold').textContent() === '2');
  await page.getByRole('list', { name: 'Silos' }).getByText('Active').waitFor();
  assert.equal(await page.getByText('No connection to the server').count(), 0);
});

test('A server that accepts the connection and does not answer is noticed', async () => {
  const { id } = await fixture.event({ capacity: 9 });
  const page = await logIntoConsole(fixture);
  await page.clock.install();
  await page.route('**/ticket/events/**', () => {}); // no answer
  await page.evaluate((hash) => { location.hash = hash; }, `#/events/${id}`);
  await page.getByRole('heading', { level: 1, name: id }).waitFor();

  await page.clock.runFor(21_000);

  await page.getByText('No connection to the server. Trying again …').waitFor();
  assert.equal(await figure(page, 'Sold').textContent(), '–');
});

test('A page that is left stops polling', async () => {
  const { id } = await fixture.event({ capacity: 9 });
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });
  await until('it is live', async () => await figure(page, 'Available').textContent() === '9');
  await page.getByRole('button', { name: 'Log out' }).click();
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));

  await page.waitForTimeout(2_500); // two periods

  assert.deepEqual(asked, []);
});
