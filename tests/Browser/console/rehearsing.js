import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fixture } from '../harness/embedded.js';
import { buy, figure, logIntoConsole, rehearse } from '../harness/operator.js';
import { until } from '../harness/until.js';

test('An operator rehearses an event: a crowd sells out a copy exactly, and the event is unchanged', async () => {
  const { id, name } = await fixture.event({ name: 'The night to come', capacity: 40 });
  await buy(fixture, id, 3);
  const before = await fixture.operator.numbersOf(id);
  const page = await logIntoConsole(fixture, { at: `#/events/${id}` });

  await page.getByRole('button', { name: 'Rehearse…' }).click();
  const dialog = page.getByRole('dialog', { name: `Rehearse ${name}` });
  assert.equal(await dialog.getByLabel('Buyers').inputValue(), '360'); // nine for each ticket
  await dialog.getByLabel('Buyers').fill('20001');
  await dialog.getByLabel('Tickets for each').fill('2');
  await dialog.getByRole('button', { name: 'Start the rehearsal' }).click();
  await dialog.getByText('must be 1 to 20000').waitFor();
  await dialog.getByText('must be 1 to 1, what one member may have').waitFor();
  await dialog.getByLabel('Buyers').fill('200');
  await dialog.getByLabel('They come within').fill('1');
  await dialog.getByLabel('Tickets for each').fill('1');
  await dialog.getByRole('button', { name: 'Start the rehearsal' }).click();

  await page.getByRole('heading', { name: `Rehearsal of ${name}`, level: 1 }).waitFor();
  await page.getByRole('status').getByText(/The copy is opened|The crowd buys/).waitFor();
  await page.getByRole('heading', { name: 'Exact: yes' }).waitFor();
  const [arrived, accepted, refused] = await Promise.all(
    [...'123'].map((nth) => page.locator(`.now .figures > div:nth-child(${nth}) dd`).textContent()));
  assert.deepEqual([arrived, accepted, refused], ['200', '40', '160']);
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByText('40 of 40 tickets sold, none twice and none lost').waitFor();
  assert.match(await page.getByRole('row', { name: /^SOLD_OUT/ }).innerText(), /SOLD_OUT\s+160/);
  assert.equal(await page.locator('.pictures canvas').count(), 4);
  await page.locator('summary').click();
  assert.equal(await sumOf(page, 'Arrived'), 200);
  assert.equal(await sumOf(page, 'Accepted'), 40);
  assert.equal(await page.getByRole('button', { name: 'Stop' }).count(), 0);

  await page.waitForTimeout(1_500); // more than a period of polling
  assert.deepEqual(asked, []); // a finished rehearsal does not change

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the report' }).click();
  const download = await downloading;
  assert.match(download.suggestedFilename(), new RegExp(`^rehearsal-${id}-\\d{4}-\\d\\d-\\d\\d\\.html$`));
  assert.match(await readFile(await download.path(), 'utf8'), /<!doctype html>[^]*The night to come/i);

  await page.getByRole('link', { name }).click();
  const past = page.getByRole('list', { name: 'Last rehearsals' }).getByRole('listitem');
  await past.getByText('Exact: yes').waitFor();
  assert.match(await past.innerText(), /200 buyers for 40 tickets[^]*Done/);
  assert.deepEqual(await fixture.operator.numbersOf(id), before);
  assert.equal(await figure(page, 'Sold').textContent(), '3');
});

test('A rehearsal survives a reload of the page, excludes others, and can be stopped', async () => {
  const [{ id }, { id: other }] = await Promise.all(
    [fixture.event({ capacity: 40 }), fixture.event({ name: 'Next in line' })]);
  const { id: rehearsalId } = await rehearse(fixture, id, { buyers: 600, rampSeconds: 60 });
  const page = await logIntoConsole(fixture, { at: `#/rehearsals/${rehearsalId}` });
  const arrived = async () => Number(await page.locator('.now .figures dd').first().textContent());
  await page.getByText('The crowd buys').waitFor();
  const seen = await until('some came', arrived);

  await page.reload();
  await page.getByText('The crowd buys').waitFor();
  await until('more came', async () => await arrived() > seen);
  assert.equal(await page.getByRole('img', { name: /^\d+ of 600 buyers came:/ }).count(), 1);

  await page.goto(`/admin#/events/${other}`);
  await page.getByRole('heading', { name: 'Next in line' }).waitFor();
  await page.getByRole('button', { name: 'Rehearse…' }).click();
  await page.getByRole('button', { name: 'Start the rehearsal' }).click();
  await page.getByRole('alert').getByText('Another rehearsal is under way').waitFor();
  await page.getByRole('link', { name: 'Show it' }).click();

  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped', { exact: true }).waitFor();
  await page.getByRole('status').getByText('The rehearsal is over.').waitFor();
  assert.equal((await fixture.operator.call('GET', `/admin/rehearsals/${rehearsalId}`)).state, 'STOPPED');
  assert.equal(await page.getByRole('button', { name: 'Stop' }).count(), 0);
  assert.ok(await arrived() < 600);
});

test('The report of a rehearsal that is not exact says why, also after a lost connection', async () => {
  const page = await logIntoConsole(fixture);
  const rehearsals = '**/admin/rehearsals/made-up';
  await page.route(rehearsals, (route) =>
    route.fulfill({ json: { data: { ...over, state: 'RUNNING', hasReport: false, report: null } } }));
  await page.goto('/admin#/rehearsals/made-up');
  await page.getByText('The crowd buys').waitFor();
  await page.unroute(rehearsals);
  await page.route(rehearsals, (route) => route.abort());
  await page.getByText('No connection to the server. Figures are those of').waitFor();
  await page.unroute(rehearsals);
  await page.route(rehearsals, (route) => route.fulfill({ json: { data: over } }));

  await page.getByRole('heading', { name: 'Exact: no' }).waitFor();
  await page.getByText('3 tickets were sold, and there are 2.').waitFor();
  assert.equal(await page.getByText('none twice and none lost').count(), 0);
  assert.equal(await page.getByText('No connection to the server').count(), 0);
});

test('The page of an unknown rehearsal says so', async () => {
  const page = await logIntoConsole(fixture);

  await page.goto('/admin#/rehearsals/never');

  await page.getByText('There is no such rehearsal').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Stop' }).count(), 0);
});

/**
 * Sums a column of the table of seconds.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function sumOf(page, name) {
  const table = page.getByRole('region', { name: 'Figures of every second' });
  const column = (await table.getByRole('columnheader').allTextContents()).indexOf(name);
  const cells = await table.locator(`tbody tr > :nth-child(${column + 1})`).allTextContents();
  return cells.reduce((sum, cell) => sum + Number(cell), 0);
}

/** An invented rehearsal with an error. */
const over = {
  id: 'made-up', eventId: '1', eventName: 'Made up', capacity: 2, maxPerMember: 1, holdSeconds: 0,
  startedAt: '2026-11-24T19:00:00Z', endedAt: '2026-11-24T19:00:01Z',
  order: { buyers: 3, rampSeconds: 0, patienceSeconds: 1, quantity: 1 }, state: 'DONE', problem: null, hasReport: true,
  progress: { seconds: 1, arrived: 3, accepted: 3, refused: 0, gaveUp: 0, failed: 0, waiting: 0, available: 0 },
  report: {
    exact: false, notExact: ['3 tickets were sold, and there are 2.'],
    sold: 3, unsold: 0, refused: {}, gaveUp: 0, failed: 0, repeated: {}, noAnswer: 0,
    sellOutSeconds: 1, lastAnswerSeconds: 1, latency: { accepted: null, refused: null, all: null },
    curve: [], stages: [], dominant: null, outsideMs: 0,
    reconciliation: { drift: 1, gaps: 0, duplicates: 0 }, acknowledgedButMissing: 0, unknownOutcomes: 0,
    bottleneck: { where: 'NONE', words: 'None.' },
  },
};
