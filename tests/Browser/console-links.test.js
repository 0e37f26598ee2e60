import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { buy, figure, logIntoConsole } from './console/operator.js';
import { Stage } from './harness/stage.js';
import { until } from './harness/until.js';

const modules = '/assets/admin';

describe('The console without its server', () => {
  /** @type {Stage} */
  let stage;
  before(async () => { stage = await Stage.open(); });
  after(() => stage?.close());
  afterEach(() => stage.endVisits());

  it('says that the server is gone, shows no figures for that time, and comes back by itself', async () => {
    const { id } = await stage.event({ capacity: 9 });
    const page = await logIntoConsole(stage, { at: `#/events/${id}` });
    await until('it is live', async () => await figure(page, 'Available').textContent() === '9');

    await stage.house.stopFrontEnd();
    await page.getByText(/No connection to the server\. Figures are those of/).waitFor();
    await page.getByText('No timing can be had now.').waitFor();
    await until('the chart’s table shows no figure', async () => await page.getByRole('row', { name: /^Sold/ }).locator('td').textContent() === '–');

    await stage.house.startFrontEnd();
    await page.getByText('Connected again.').waitFor();
    await buy(stage, id, 2);
    await until('it is live again', async () => await figure(page, 'Sold').textContent() === '2');
    assert.equal(await page.getByText('No connection to the server').count(), 0);
  });

  it('notices a server that stands still', async () => {
    const { id } = await stage.event({ capacity: 9 });
    const page = await logIntoConsole(stage);
    await page.clock.install();
    await page.route('**/stream', () => {}); // it never answers
    await page.goto(`/admin#/events/${id}`);
    await page.getByRole('heading', { level: 1 }).waitFor();

    await page.clock.runFor(21_000);

    await page.getByText('No connection to the server. Trying again …').waitFor();
    assert.equal(await figure(page, 'Sold').textContent(), '–');
  });

  it('keeps the readings of the last minutes, and gaps where there are none', async () => {
    const page = await stage.visit({ at: 'admin' });

    const seen = await page.evaluate(async (address) => {
      const { History, windowSeconds } = await import(address);
      const history = new History(0.25, ['sold']);
      history.add(1_000, { sold: 1 });
      history.add(1_000.1, { sold: 2 }); // in the same slot
      history.addGap(1_001);
      history.addGap(1_002); // still the same gap
      history.add(1_005, { sold: 3, held: 1 });
      const early = { times: [...history.times], sold: [...history.column('sold')], held: [...history.column('held')], gaps: history.gaps(1_005) };
      for (let at = 1_006; at < 20_000; at += 0.25) history.add(at, { sold: 4 });
      return { early, length: history.times.length, lengthMax: windowSeconds / 0.25 + 1, columns: history.column('held').length };
    }, `${modules}/history.js`);

    assert.deepEqual(seen.early, { times: [1_000, 1_001, 1_005], sold: [2, null, 3], held: [0, null, 1], gaps: [[1_000, 1_005]] });
    assert.ok(seen.length <= seen.lengthMax, `${seen.length} readings`);
    assert.equal(seen.columns, seen.length);
  });

  it('reads server-sent events however they are cut', async () => {
    const page = await stage.visit({ at: 'admin' });

    const seen = await page.evaluate(async (address) => {
      const { Parser } = await import(address);
      const text = 'retry: 700\n\nid: 7\r\nevent: availability\r\ndata: {"a":1}\r\n\r\n: \n\nid: 8\nevent: availability\ndata: one\ndata: two\n\n';
      return Array.from({ length: text.length }, (_, cut) => {
        /** @type {any[]} */
        const told = [];
        const parser = new Parser((/** @type {any} */ sent) => told.push(sent));
        parser.add(text.slice(0, cut));
        parser.add(text.slice(cut));
        return JSON.stringify(told);
      });
    }, `${modules}/sse.js`);

    const whole = JSON.stringify([
      { id: '7', event: 'availability', data: '{"a":1}' }, { id: '8', event: 'availability', data: 'one\ntwo' },
    ]);
    assert.deepEqual([...new Set(seen)], [whole]);
  });
});
