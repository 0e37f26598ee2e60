// The thresholds of a run, and the event's numbers after it, which they check.
import { Counter, Gauge } from 'k6/metrics';
import { sleep } from 'k6';
import { asOperator, requestTimeoutSeconds } from './boxoffice.js';

const overtimeSeconds = requestTimeoutSeconds + 10; // a call before the deadline may still wait

export const refusalCodes = [
  'SOLD_OUT', 'LIMIT_EXCEEDED', 'ALL_HELD', 'INSUFFICIENT', 'PAUSED', 'NOT_OPEN', 'CLOSED', 'BUSY', 'EVENT_BROKEN',
  'OUTCOME_UNKNOWN', 'RATE_LIMITED', 'CYCLING', 'UNAUTHENTICATED', 'FORBIDDEN', 'EVENT_NOT_FOUND',
  'IDEMPOTENCY_MISMATCH', 'INVALID_QUANTITY', 'INVALID_IDEMPOTENCY_KEY', 'INTERNAL_ERROR', 'NO_CODE',
];
export const lostReasons = ['refused', 'reset', 'timeout', 'out_of_files', 'out_of_ports', 'other'];

// setup() adds all users, and each user subtracts itself after its last answer: interrupted users stay counted.
export const usersWithoutAnswer = new Counter('users_without_answer');

// Users add their acknowledged tickets, teardown() subtracts the event's sold tickets.
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
 * @typedef {{users: number, maxSeconds: number, thresholds: Record<string, string[]>,
 *   scenarios?: Record<string, import('k6/options').Scenario>}} Plan
 * @typedef {{stage: string, p50Ms: number, p99Ms: number, maxMs: number}} Stage
 * @typedef {{stages: Stage[], dominant: string | null, codes: Record<string, number>,
 *   batch: {count: number, mean: number, max: number}}} Timing
 */

/**
 * The options of a run. Without scenarios of its own it has one iteration for each user: no ramp, and the run ends with
 * the last user.
 *
 * k6 reads the options once, where __VU is 0, but runs this code in every VU. Elsewhere it returns none: they would
 * keep 30 KB in each of 9,000 VUs.
 * @param {() => Plan} plan
 * @returns {import('k6/options').Options}
 */
export function optionsOf(plan) {
  if (__VU > 0) return {};
  const { users, maxSeconds, thresholds, scenarios } = plan();
  return {
    throw: true, // a lost connection then throws, and call() counts it; otherwise k6 logs a line for each
    setupTimeout: '2m',
    teardownTimeout: '2m',
    summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
    scenarios: scenarios ?? { users: once(users, maxSeconds) },
    thresholds: {
      tickets_oversold: ['value==0'],
      tickets_miscounted: ['value==0'],
      journal_drift: ['value==0'],
      journal_gaps: ['value==0'],
      journal_duplicates: ['value==0'],
      unexpected_answers: ['count==0'],
      users_without_answer: ['count==0'],
      ...thresholds,
      // Thresholds without a rule make k6 count by tag, for the report.
      ...Object.fromEntries(refusalCodes.map((code) => [`refused{code:${code}}`, []])),
      ...Object.fromEntries(lostReasons.map((reason) => [`connections_lost{name:reserve,reason:${reason}}`, []])),
    },
  };
}

/**
 * A scenario in which each user runs once.
 * @param {number} users
 * @param {number} maxSeconds  how long they try; then they wait for their last answers
 * @returns {import('k6/options').PerVUIterationsScenario}
 */
export function once(users, maxSeconds) {
  return {
    executor: 'per-vu-iterations',
    vus: users,
    iterations: 1,
    maxDuration: `${maxSeconds + overtimeSeconds}s`,
    gracefulStop: '0s',
  };
}

/**
 * Compares the event, its journal and its export, and adds the differences to the thresholds' metrics.
 * @param {string} operatorToken
 * @param {string} eventId
 * @returns {Exported[]} sold and held reservations
 */
export function reconcile(operatorToken, eventId) {
  const event = asOperator(operatorToken, 'GET', `/admin/events/${eventId}/reconcile`);
  /** @type {Exported[]} */
  const reservations = asOperator(operatorToken, 'GET', `/admin/events/${eventId}/reservations`);
  const sold = reservations.filter(({ status }) => status === 'CONFIRMED' || status === 'HELD');

  sleep(1.5); // front-ends report their timing once a second, and the report reads it
  addNumbers(event);
  ticketsMiscounted.add(Math.abs(event.held + event.confirmed - quantityOf(sold)));
  journalDrift.add(event.drift);
  journalGaps.add(event.gaps);
  journalDuplicates.add(event.duplicates);
  return sold;
}

/**
 * Adds the event's numbers to the metrics.
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
