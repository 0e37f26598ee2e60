import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ServerClock } from '../../src/Api/Pages/assets/api/server-clock.js';
import { waitBefore } from '../../src/Api/Pages/assets/api/patience.js';
import { saleState } from '../../src/Api/Pages/assets/buyer/sale-state.js';
import { verdictOf } from '../../src/Api/Pages/assets/buyer/verdict.js';
import { en } from '../../src/Api/Pages/assets/buyer/words/en.js';
import { ko } from '../../src/Api/Pages/assets/buyer/words/ko.js';

const problems = new URL('../../src/Api/Contracts/Problems.cs', import.meta.url);

test('Every code that the server can answer is explained to a buyer, in both languages', async () => {
  // The buyer's page never gets an operator's codes.
  const operators = new Set([
    'EVENT_EXISTS', 'EVENT_NOT_BROKEN', 'CAPACITY_BELOW_SOLD', 'TOO_MANY_COHORTS', 'REHEARSAL_RUNNING',
    'REHEARSAL_NOT_FOUND', 'REPORT_NOT_FOUND', 'VERSION_MISMATCH',
  ]);
  const source = await readFile(problems, 'utf8');
  const codes = [...source.matchAll(/new\(\w+, "([A-Z_]+)"/g)].map((match) => match[1] ?? '');

  assert.ok(codes.length > 25, 'the codes are found');
  for (const code of codes.filter((each) => !operators.has(each))) {
    for (const words of [en, ko]) {
      const { title, text } = words.refusals[code]?.({ code }) ?? { title: '', text: '' };
      assert.ok(title && text && !`${title}${text}`.includes('undefined'), `${code}: ${title} ${text}`);
    }
  }
});

test('Both languages have the same texts', () => {
  assert.deepEqual(namesIn(ko), namesIn(en));
});

test('A few answers in whole seconds give the server’s clock to a fraction of a second', () => {
  const clock = new ServerClock();
  const ahead = 5_000_123; // of performance.now()
  for (let local = 1_000; local < 2_000; local += 140) {
    const truth = new Date(local + 20 + ahead);
    clock.observe(local, local + 40, { date: truth.toUTCString() });
  }

  assert.ok(clock.errorMs < 150, String(clock.errorMs));
  assert.ok(Math.abs(clock.now() - (performance.now() + ahead)) <= clock.errorMs + 1);
});

test('One answer with milliseconds gives the clock to half of its round trip', () => {
  const clock = new ServerClock();
  clock.observe(1_000, 1_030, { date: new Date(5_002_000).toUTCString(), now: new Date(5_002_511).toISOString() });

  assert.ok(clock.errorMs <= 16, String(clock.errorMs));
  assert.ok(Math.abs(clock.now() - performance.now() - 5_001_496) <= 16);
});

test('A wait is never shown as longer than it is, although the server’s clock is known to a second only', () => {
  const clock = new ServerClock();
  const ahead = 5_000_999; // of performance.now(): its second is nearly over
  clock.observe(1_000, 1_010, { date: new Date(1_000 + ahead).toUTCString() });

  assert.ok(clock.now() < performance.now() + ahead - 100);
  assert.ok(clock.latest() >= performance.now() + ahead - 1);
});

test('The clock of the event’s owner has priority over a front-end’s Date', () => {
  const clock = new ServerClock();
  clock.observe(1_000, 1_010, { date: new Date(9_000_000).toUTCString() });
  const serverTime = new Date(5_002_010).toISOString();
  clock.observe(2_000, 2_020, { date: new Date(9_000_000).toUTCString(), serverTime });
  clock.observe(3_000, 3_010, { date: new Date(9_000_000).toUTCString() });

  assert.ok(clock.errorMs <= 10);
  assert.ok(Math.abs(clock.now() - performance.now() - 5_000_000) <= 10);
});

test('Failures of the network and of load are retried; decisions of the event are not', () => {
  const answer = {
    status: 0, data: null, problem: { code: '' }, isTerminal: false, isInDoubt: false, retryAfterMs: 0, tag: null,
    missing: [],
  };
  const cases = /** @type {const} */ ([
    [{ code: '' }, 'GOT'],
    [{ code: 'UNAUTHENTICATED', isTerminal: true }, 'LOG_IN'],
    [{ code: 'SOLD_OUT', isTerminal: true }, 'REFUSED'],
    [{ code: 'PAUSED', retryAfterMs: 1_000 }, 'REFUSED'],
    [{ code: 'ALL_HELD', retryAfterMs: 1_000 }, 'REFUSED'],
    [{ code: 'INSUFFICIENT' }, 'REFUSED'],
    [{ code: 'NOT_OPEN', retryAfterMs: 60_000 }, 'REFUSED'],
    [{ code: 'NOT_OPEN', retryAfterMs: 700 }, 'ASK_AGAIN'],
    [{ code: 'BUSY' }, 'ASK_AGAIN'],
    [{ code: 'RATE_LIMITED' }, 'ASK_AGAIN'],
    [{ code: 'OUTCOME_UNKNOWN' }, 'ASK_AGAIN'],
    [{ code: 'INTERNAL_ERROR' }, 'ASK_AGAIN'],
    [{ code: 'NO_ANSWER' }, 'ASK_AGAIN'],
    [{ code: 'NO_CODE' }, 'ASK_AGAIN'],
  ]);

  for (const [told, verdict] of cases) assert.equal(verdictOf({ ...answer, ...told }), verdict, told.code);
});

test('A wait is never shorter than the server asks for, grows, and has a maximum', () => {
  for (let attempt = 1; attempt < 40; attempt++) {
    assert.ok(waitBefore(attempt, 4_000) >= 4_000);
    assert.ok(waitBefore(attempt) <= 7_500);
    assert.ok(waitBefore(attempt) >= Math.min(2_500, 125 * 2 ** (attempt - 1)));
  }
});

test('A sale opens and closes by time, without an update', () => {
  const at = (/** @type {number} */ seconds) => new Date(seconds * 1_000).toISOString();
  const event = /** @type {import('../../src/Api/Pages/assets/api/wire.js').EventNumbers} */ ({
    id: 'x', name: 'x', capacity: 5, available: 3, held: 1, confirmed: 1, state: 'UPCOMING',
    opensAt: at(10), closesAt: at(20), maxPerMember: 1, holdSeconds: 0, version: 1,
  });

  assert.equal(saleState(event, 9_999), 'UPCOMING');
  assert.equal(saleState(event, 10_000), 'OPEN');
  assert.equal(saleState(event, 20_000), 'CLOSED');
  assert.equal(saleState({ ...event, state: 'PAUSED' }, 10_000), 'PAUSED');
  assert.equal(saleState({ ...event, available: 0 }, 10_000), 'ALL_HELD');
  assert.equal(saleState({ ...event, available: 0, held: 0 }, 10_000), 'SOLD_OUT');
});

/**
 * @param {object} words
 * @returns {string[]}
 */
function namesIn(words, prefix = '') {
  return Object.entries(words).flatMap(([name, value]) => (value && typeof value === 'object'
    ? namesIn(value, `${prefix}${name}.`)
    : [`${prefix}${name}: ${typeof value}`])).toSorted();
}
