import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { History, windowSeconds } from '../../src/Api/Pages/assets/admin/history.js';
import { buyersFor, Curve, isUnderWay, toldOf } from '../../src/Api/Pages/assets/admin/rehearsal.js';
import { Parser } from '../../src/Api/Pages/assets/api/sse.js';
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

test('Server-sent events are read across any boundaries of network chunks', () => {
  const text = 'retry: 700\n\nid: 7\r\nevent: availability\r\ndata: {"a":1}\r\n\r\n'
    + ': \n\nid: 8\nevent: availability\ndata: one\ndata: two\n\n';

  for (let cut = 0; cut <= text.length; cut++) {
    /** @type {any[]} */
    const told = [];
    const parser = new Parser((sent) => told.push(sent));
    parser.add(text.slice(0, cut));
    parser.add(text.slice(cut));
    assert.deepEqual(told, [
      { id: '7', event: 'availability', data: '{"a":1}', retryMs: 700 },
      { id: '8', event: 'availability', data: 'one\ntwo', retryMs: 700 },
    ], `cut at ${cut}`);
  }
});

test('A crowd is nine buyers for each ticket, up to the server’s limit', () => {
  assert.deepEqual([1, 40, 2_222, 2_223, 100_000_000].map(buyersFor), [9, 360, 19_998, 20_000, 20_000]);
});

test('A rehearsal runs until it is done, stopped or failed', () => {
  const states = /** @type {const} */ (['PREPARING', 'RUNNING', 'CHECKING', 'DONE', 'STOPPED', 'FAILED']);

  assert.deepEqual(states.filter((state) => isUnderWay({ state })), ['PREPARING', 'RUNNING', 'CHECKING']);
});

test('The seconds of a rehearsal are columns of a chart, the last as wide as the others', () => {
  const second = { arrived: 3, accepted: 2, refused: 1, failed: 0, waiting: 0, p99Ms: 4.5 };

  const curve = new Curve([{ ...second, at: 0 }, { ...second, at: 1, arrived: 0, p99Ms: null }]);

  assert.deepEqual(curve.times, [0, 1, 2]);
  assert.deepEqual(curve.column('arrived'), [3, 0, 0]);
  assert.deepEqual(curve.column('p99Ms'), [4.5, null, null]);
  assert.deepEqual(new Curve([]).times, []);
});

test(
  'Codes that buyers were told are listed with the most frequent refusal first, also those that nobody was refused by',
  () => {
  assert.deepEqual(
    toldOf({ refused: { LIMIT_EXCEEDED: 1, SOLD_OUT: 8_000 }, repeated: { BUSY: 12, ALL_HELD: 40, SOLD_OUT: 2 } }), [
    { code: 'SOLD_OUT', refused: 8_000, repeated: 2 },
    { code: 'LIMIT_EXCEEDED', refused: 1, repeated: 0 },
    { code: 'ALL_HELD', refused: 0, repeated: 40 },
    { code: 'BUSY', refused: 0, repeated: 12 },
  ]);
});

test('The console has all texts in both languages, with the same placeholders', () => {
  const toFill = (/** @type {string} */ text) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();

  for (const [key, text] of Object.entries(en)) {
    assert.ok(ko[key], `${key} is not there in Korean`);
    assert.deepEqual(toFill(ko[key] ?? ''), toFill(text), key);
  }
});

test('Every refusal that an operator can get has a Korean text', async () => {
  const problems = await readFile(new URL('../../src/Api/Contracts/Problems.cs', import.meta.url), 'utf8');
  const codes = [...problems.matchAll(/new\(\w+, "([A-Z_]+)"/g)].map((match) => match[1] ?? '');
  // Buyers' codes, and those of calls that the console does not make.
  const others = new RegExp([
    'RESERVATION|MEMBER|COHORT|PASSWORD|IDEMPOTENCY|QUANTITY|PAUSED|NOT_OPEN|CLOSED|LIMIT_EX|CYCLING|SOLD_OUT|HELD',
    'INSUFFICIENT|CANCELLED|EXPIRED|METHOD|PAYLOAD|MEDIA|NOT_FOUND|NOT_READY|VERSION',
  ].join('|'));

  const needed = codes.filter(
    (code) => !others.test(code) || ['EVENT_NOT_FOUND', 'CAPACITY_BELOW_SOLD'].includes(code));

  assert.ok(needed.length >= 12, needed.join());
  for (const code of needed) assert.ok(ko[`code.${code}`], code);
});

test(
  'Every state and every bottleneck of a rehearsal has its words, and in Korean what the server says in English only',
  async () => {
  const namesOf = async (/** @type {string} */ file, /** @type {string} */ name) => {
    const source = await readFile(new URL(`../../src/${file}`, import.meta.url), 'utf8');
    const [, body = ''] = new RegExp(`enum ${name}\\s*\\{(.*?)\\n\\}`, 's').exec(source) ?? [];
    return [...body.matchAll(/^ +(\w+) = \d+,/gm)].map(([, one = '']) => one.toUpperCase());
  };
  const [states, places] = await Promise.all([
    namesOf('Grains.Abstractions/Rehearsals.cs', 'RehearsalState'), namesOf(
      'Api/Rehearsal/Bottleneck.cs', 'BottleneckPlace'),
  ]);

  assert.deepEqual([states.length, places.length], [6, 7]);
  for (const state of states) assert.ok(`state.${state}` in en, state);
  for (const place of places) assert.ok(ko[`bottleneck.${place}`], place);
});
