// What a run is judged by: thresholds that no run may break, the event's own numbers after it, and the report.
import http from 'k6/http';
import { Counter, Gauge } from 'k6/metrics';
import { sleep } from 'k6';
import { asOperator, baseUrl, requestTimeoutSeconds } from './boxoffice.js';

const overtimeSeconds = requestTimeoutSeconds + 10; // no call begins after the deadline, but one may still be waiting
const listedMax = 10;

const refusalCodes = [
  'SOLD_OUT', 'LIMIT_EXCEEDED', 'ALL_HELD', 'INSUFFICIENT', 'PAUSED', 'NOT_OPEN', 'CLOSED', 'BUSY', 'EVENT_BROKEN',
  'OUTCOME_UNKNOWN', 'RATE_LIMITED', 'CYCLING', 'UNAUTHENTICATED', 'FORBIDDEN', 'EVENT_NOT_FOUND', 'IDEMPOTENCY_MISMATCH', 'INVALID_QUANTITY',
  'INVALID_IDEMPOTENCY_KEY', 'INTERNAL_ERROR', 'NO_CODE',
];
const lostReasons = ['refused', 'reset', 'timeout', 'out_of_files', 'out_of_ports', 'other'];

// setup() counts all users in, and each takes itself off with its last answer: who was cut short is not forgotten.
export const usersWithoutAnswer = new Counter('users_without_answer');

// Users add the tickets that they were promised, teardown() subtracts what the event says it sold.
export const ticketsLost = new Counter('tickets_lost');

const ticketsCapacity = new Gauge('tickets_capacity');
const ticketsSold = new Gauge('tickets_sold');
const ticketsRemaining = new Gauge('tickets_remaining');
const ticketsOversold = new Gauge('tickets_oversold');
const ticketsMiscounted = new Gauge('tickets_miscounted');
const journalDrift = new Gauge('journal_drift');
const journalGaps = new Gauge('journal_gaps');
const journalDuplicates = new Gauge('journal_duplicates');

/**
 * @typedef {{reservationId: string, memberId: string, quantity: number, status: string, sequence: number}} Exported
 * @typedef {{values: Record<string, number>, thresholds?: Record<string, {ok: boolean}>}} Metric
 * @typedef {Record<string, Metric>} Metrics
 * @typedef {{metrics: Metrics, setup_data?: any}} Summary
 * @typedef {{stage: string, p50Ms: number, p99Ms: number, maxMs: number}} Stage
 * @typedef {{stages: Stage[], dominant: string | null, codes: Record<string, number>,
 *   batch: {count: number, mean: number, max: number}}} Timing
 */

/**
 * The options of a run in which each user has one iteration: no ramp, and the run ends when every user is done.
 *
 * k6 reads the options once, where __VU is 0, but runs this code in every VU. There it makes none: they would keep 30 KB
 * in each of 9,000.
 * @param {() => {users: number, maxSeconds: number, thresholds: Record<string, string[]>}} plan
 * @returns {import('k6/options').Options}
 */
export function optionsOf(plan) {
  if (__VU > 0) return {};
  const { users, maxSeconds, thresholds } = plan();
  return {
    throw: true, // a lost connection is an exception, which call() counts; else k6 logs a line for each
    setupTimeout: '2m',
    teardownTimeout: '2m',
    summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
    scenarios: {
      users: {
        executor: 'per-vu-iterations',
        vus: users,
        iterations: 1,
        maxDuration: `${maxSeconds + overtimeSeconds}s`,
        gracefulStop: '0s',
      },
    },
    thresholds: {
      tickets_oversold: ['value==0'],
      tickets_miscounted: ['value==0'],
      journal_drift: ['value==0'],
      journal_gaps: ['value==0'],
      journal_duplicates: ['value==0'],
      unexpected_answers: ['count==0'],
      users_without_answer: ['count==0'],
      ...thresholds,
      // Without a rule, a threshold only makes k6 count by tag, for the report.
      ...Object.fromEntries(refusalCodes.map((code) => [`refused{code:${code}}`, []])),
      ...Object.fromEntries(lostReasons.map((reason) => [`connections_lost{name:reserve,reason:${reason}}`, []])),
    },
  };
}

/**
 * Compares the event, its journal and its export, and lets the thresholds judge.
 * @param {string} operatorToken
 * @param {string} eventId
 * @returns {Exported[]} what is sold or held
 */
export function reconcile(operatorToken, eventId) {
  const event = asOperator(operatorToken, 'GET', `/admin/events/${eventId}/reconcile`);
  /** @type {Exported[]} */
  const reservations = asOperator(operatorToken, 'GET', `/admin/events/${eventId}/reservations`);
  const sold = reservations.filter(({ status }) => status === 'CONFIRMED' || status === 'HELD');

  sleep(1.5); // each front-end tells once a second what it measured, and the report reads it
  addNumbers(event);
  ticketsMiscounted.add(Math.abs(event.held + event.confirmed - quantityOf(sold)));
  journalDrift.add(event.drift);
  journalGaps.add(event.gaps);
  journalDuplicates.add(event.duplicates);
  return sold;
}

/**
 * The event's own numbers.
 * @param {{capacity: number, available: number, held: number, confirmed: number}} event
 */
export function addNumbers({ capacity, available, held, confirmed }) {
  ticketsCapacity.add(capacity);
  ticketsSold.add(held + confirmed);
  ticketsRemaining.add(available);
  ticketsOversold.add(Math.max(0, held + confirmed - capacity));
}

/** @param {Exported[]} reservations */
export function quantityOf(reservations) {
  return reservations.reduce((sum, { quantity }) => sum + quantity, 0);
}

/**
 * The report, as handleSummary() returns it: to the console, and the list of what was sold to SOLD_FILE.
 * @param {Summary} summary
 * @param {string} title
 * @param {string[]} lines
 * @param {{operatorToken: string, eventId: string} | null} sale  null when the list may not be read
 */
export function report({ metrics }, title, lines, sale) {
  const csv = sale && exportCsv(sale.operatorToken, sale.eventId);
  const sold = sale ? [...timingLines(metrics, readTiming(sale)), '', ...soldLines(csv), ''] : [];
  const all = ['', title, '', ...reserveLines(metrics), ...lines, '', ...sold, ...verdictLines(metrics), ''];
  const file = __ENV.SOLD_FILE;
  return { stdout: `${all.join('\n')}\n`, ...(file && csv ? { [file]: csv } : {}) };
}

/** @param {Metric | undefined} metric */
export function percentiles(metric) {
  if (!metric) return 'no answers';
  const { med = 0, 'p(95)': p95 = 0, 'p(99)': p99 = 0, max = 0 } = metric.values;
  return `med ${time(med)}  p95 ${time(p95)}  p99 ${time(p99)}  max ${time(max)}`;
}

/** @param {number} ms */
export function time(ms) {
  if (ms > 0 && ms < 10) return `${ms.toFixed(2)} ms`;
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

/**
 * @param {Metrics} metrics
 * @param {string} name
 */
export function countOf(metrics, name) {
  return metrics[name]?.values.count ?? 0;
}

/** @param {Metrics} metrics */
function reserveLines(metrics) {
  const { tickets_capacity: capacity, tickets_sold: sold, tickets_remaining: remaining } = metrics;
  const refused = byTag(metrics, 'refused', 'code:', refusalCodes, 'other codes');
  const lost = byTag(metrics, 'connections_lost', 'name:reserve,reason:', lostReasons, 'before reserving');
  return [
    capacity && sold && remaining
      ? `  tickets      ${sold.values.value} of ${capacity.values.value} sold, ${remaining.values.value} remaining`
      : '  tickets      unknown: the event could not be read',
    `  refused      ${refused || 'none'}`,
    `  connections  ${lost ? `lost: ${lost} (all tried again)` : 'none lost'}`,
    `  replayed     ${countOf(metrics, 'replayed')} answers came again, because the first did not arrive`,
    `  reserve      ${percentiles(metrics.reserve_took)}, connecting included`,
    `  of which     ${percentiles(metrics.reserve_server_took)} between request and answer`,
  ];
}

/**
 * Where the time went, as the server measured it, and whether it counted what these users saw.
 * @param {Metrics} metrics
 * @param {Timing | null} timing
 */
function timingLines(metrics, timing) {
  if (timing === null) return ['  server       does not say where the time went'];
  const stages = timing.stages.map(({ stage, p50Ms, p99Ms, maxMs }) => `  ${stage.padEnd(12)} `
    + `p50 ${time(p50Ms)}  p99 ${time(p99Ms)}  max ${time(maxMs)}${stage === timing.dominant ? '  <- most of the time' : ''}`);
  const seen = [
    { code: 'RESERVED', here: countOf(metrics, 'reserved') },
    { code: 'REPLAYED', here: countOf(metrics, 'replayed') },
    ...refusalCodes.map((code) => ({ code, here: countOf(metrics, `refused{code:${code}}`) })),
  ];
  const different = seen.map(({ code, here }) => ({ code, here, there: timing.codes[code] ?? 0 }))
    .filter(({ here, there }) => here !== there)
    .map(({ code, here, there }) => `${there} ${code} there and ${here} here`);
  return [
    '  The server measured, for each call of this event:',
    ...stages,
    `  batches      ${timing.batch.count} of ${timing.batch.mean} calls, the largest of ${timing.batch.max}`,
    `  counted      ${different.length === 0 ? 'the same answers as here' : different.join(', ')}`,
  ];
}

/** @param {string | null} csv */
function soldLines(csv) {
  if (csv === null) return ['  sold         the list cannot be read'];
  const rows = csv.trim().split(/\r?\n/);
  const more = rows.length - 1 - listedMax;
  return [
    ...rows.slice(0, listedMax + 1).map((row) => `  ${row}`),
    ...(more > 0 ? [`  … and ${more} more: set SOLD_FILE=sold.csv to have them all`] : []),
  ];
}

/** @param {Metrics} metrics */
function verdictLines(metrics) {
  const isRead = metrics.tickets_sold !== undefined; // without the event's side of the count, none of it means anything
  const judged = Object.entries(metrics).filter(([name]) => isRead || !name.startsWith('tickets_'));
  const broken = judged.flatMap(([name, { thresholds = {}, values }]) => Object.entries(thresholds)
    .filter(([, { ok }]) => !ok)
    .map(([rule]) => `  FAILED       ${name}: ${values.value ?? values.count}, must be ${rule}`));
  return broken.length > 0 ? broken : ['  passed       every threshold'];
}

/**
 * @param {Metrics} metrics
 * @param {string} name
 * @param {string} tag
 * @param {string[]} known
 * @param {string} rest  what to call the others
 */
function byTag(metrics, name, tag, known, rest) {
  const counts = known.map((value) => ({ value, count: countOf(metrics, `${name}{${tag}${value}}`) }));
  const others = countOf(metrics, name) - counts.reduce((sum, { count }) => sum + count, 0);
  return [...counts, { value: rest, count: others }].filter(({ count }) => count > 0)
    .map(({ value, count }) => `${count} ${value}`).join(', ');
}

/**
 * Where the time of the event's reserve calls went; null when it cannot be read.
 * @param {{operatorToken: string, eventId: string}} sale
 * @returns {Timing | null}
 */
function readTiming({ operatorToken, eventId }) {
  try {
    const { status, body } = http.get(`${baseUrl}/admin/events/${eventId}/timing`, { headers: { 'x-access-token': operatorToken } });
    return status === 200 && typeof body === 'string' ? JSON.parse(body).data : null;
  } catch {
    return null;
  }
}

/**
 * The list of what was sold; null when it cannot be read.
 * @param {string} operatorToken
 * @param {string} eventId
 */
function exportCsv(operatorToken, eventId) {
  try {
    const { status, body } = http.get(`${baseUrl}/admin/events/${eventId}/reservations?format=csv`, {
      headers: { 'x-access-token': operatorToken },
    });
    return status === 200 && typeof body === 'string' ? body : null;
  } catch {
    return null;
  }
}
