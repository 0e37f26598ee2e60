import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { modulesFrom, pages } from './harness/modules.js';
import { History, windowSeconds } from '../../src/Api/Pages/assets/admin/history.js';
import { Parser } from '../../src/Api/Pages/assets/admin/sse.js';
import { en } from '../../src/Api/Pages/assets/admin/words/en.js';
import { ko } from '../../src/Api/Pages/assets/admin/words/ko.js';

test('The history keeps one reading for each slot of time, and gaps where there was none', () => {
  const history = new History(0.25, ['sold']);

  history.add(1_000, { sold: 1 });
  history.add(1_000.1, { sold: 2 }); // in the same slot
  history.addGap(1_001);
  history.addGap(1_002); // still the same gap
  history.add(1_005, { sold: 3, held: 1 });

  assert.deepEqual(history.times, [1_000, 1_001, 1_005]);
  assert.deepEqual(history.column('sold'), [2, null, 3]);
  assert.deepEqual(history.column('held'), [0, null, 1]);
  assert.deepEqual(history.gaps(1_005), [[1_000, 1_005]]);
});

test('The history forgets what is older than its window, in all columns', () => {
  const history = new History(0.25, ['sold']);

  for (let at = 0; at < 20_000; at += 0.1) history.add(at, { sold: at, late: 1 });

  assert.ok(history.times.length <= windowSeconds / 0.25 + 1, `${history.times.length} readings`);
  assert.equal(history.column('sold').length, history.times.length);
  assert.equal(history.column('late').length, history.times.length);
  assert.ok((history.times[0] ?? 0) >= 20_000 - windowSeconds - 1);
});

test('Server-sent events are read however the network cuts them', () => {
  const text = 'retry: 700\n\nid: 7\r\nevent: availability\r\ndata: {"a":1}\r\n\r\n: \n\nid: 8\nevent: availability\ndata: one\ndata: two\n\n';

  for (let cut = 0; cut <= text.length; cut++) {
    /** @type {any[]} */
    const told = [];
    const parser = new Parser((sent) => told.push(sent));
    parser.add(text.slice(0, cut));
    parser.add(text.slice(cut));
    assert.deepEqual(told, [
      { id: '7', event: 'availability', data: '{"a":1}' }, { id: '8', event: 'availability', data: 'one\ntwo' },
    ], `cut at ${cut}`);
  }
});

test('The console has every word in both languages, with the same names to fill in', () => {
  const toFill = (/** @type {string} */ text) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();

  for (const [key, text] of Object.entries(en)) {
    assert.ok(ko[key], `${key} is not there in Korean`);
    assert.deepEqual(toFill(ko[key] ?? ''), toFill(text), key);
  }
});

test('Every refusal that an operator can get is there in Korean', async () => {
  const problems = await readFile(new URL('../../src/Api/Wire/Problems.cs', import.meta.url), 'utf8');
  const codes = [...problems.matchAll(/new\(\d+, "([A-Z_]+)"/g)].map((match) => match[1] ?? '');
  // Buyers' codes, and those of calls that the console does not make.
  const others = /RESERVATION|MEMBER|COHORT|PASSWORD|IDEMPOTENCY|QUANTITY|PAUSED|NOT_OPEN|CLOSED|LIMIT_EX|SOLD_OUT|HELD|INSUFFICIENT|CANCELLED|EXPIRED|METHOD|PAYLOAD|MEDIA|NOT_FOUND|NOT_READY/;

  const needed = codes.filter((code) => !others.test(code) || ['EVENT_NOT_FOUND', 'CAPACITY_BELOW_SOLD'].includes(code));

  assert.ok(needed.length >= 12, needed.join());
  for (const code of needed) assert.ok(ko[`code.${code}`], code);
});

test('The console fetches its modules together: each is named in the page', async () => {
  const page = await readFile(new URL('admin.html', pages), 'utf8');
  const preloaded = [...page.matchAll(/rel="modulepreload" href="\/assets\/([^"]+)"/g)].map((match) => match[1]);

  const reached = await modulesFrom('admin/main.js');

  assert.deepEqual(preloaded.toSorted(), reached.filter((name) => name !== 'admin/main.js').toSorted());
});
