// A sale in three phases: people browse, a crowd reserves within seconds, late buyers follow. For each phase the report
// has how many answers were a success, a rejection (the event says no) or throttled (the server asks to come again).
//
//   k6 run -e BASE_URL=http://localhost:8080 -e OPERATOR_PASSWORD=… three-phases.js
import exec from 'k6/execution';
import { Counter, Gauge, Trend } from 'k6/metrics';
import { sleep } from 'k6';
import {
  asOperator, baseUrl, call, callUntilFinal, logInAsOperator, requireServer, reserve, seconds, whole,
} from './boxoffice.js';
import { once, optionsOf, quantityOf, reconcile, ticketsLost, usersWithoutAnswer } from './judgement.js';
import { countOf, percentiles, report } from './report.js';

const users = whole('VUS', 3_000);
const browsers = whole('BROWSERS', 200);
const lateBuyers = whole('LATE', 50);
const capacity = whole('CAPACITY', 1_000);
const prefix = __ENV.PREFIX || 'buyer';
const password = __ENV.PASSWORD || 'load test password';

const phases = ['browse', 'spike', 'tail'];
const outcomes = ['success', 'rejected', 'throttled', 'lost'];

const answers = new Counter('answers');
const answerTook = new Trend('answer_took', true);
const reconciled = new Counter('reconciled');
const ticketsUnsold = new Gauge('tickets_unsold');

export const options = optionsOf(() => ({
  users,
  maxSeconds: spikeSeconds(),
  scenarios: {
    browse: { executor: 'constant-vus', exec: 'browse', vus: browsers, duration: `${browseSeconds()}s` },
    spike: {
      ...once(users, spikeSeconds() + retrySeconds()), exec: 'spike', startTime: `${browseSeconds()}s`,
    },
    tail: {
      executor: 'constant-vus',
      exec: 'tail',
      vus: lateBuyers,
      startTime: `${browseSeconds() + spikeSeconds()}s`,
      duration: `${seconds('TAIL', '2m')}s`,
    },
  },
  thresholds: {
    reconciled: ['count==1'],
    tickets_unsold: ['value==0'],
    tickets_lost: ['count==0'],
    // Thresholds without a rule make k6 count by tag, for the report.
    ...Object.fromEntries(phases.flatMap((phase) => outcomes.map(
      (outcome) => [`answers{phase:${phase},outcome:${outcome}}`, []]))),
    ...Object.fromEntries(phases.map((phase) => [`answer_took{phase:${phase}}`, []])),
  },
}));

/** @typedef {{operatorToken: string, eventId: string, spikeAt: number}} Sale */

/**
 * Opens an event for this run, on sale at once, and registers the members.
 * @returns {Sale}
 */
export function setup() {
  requireServer();
  const operatorToken = logInAsOperator();
  const eventId = `phases-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 6)}`;
  asOperator(operatorToken, 'POST', '/admin/events', { id: eventId, name: 'Load test', capacity });
  const count = users + browsers + lateBuyers; // k6 numbers its VUs over all scenarios
  asOperator(operatorToken, 'POST', '/admin/members', { prefix, first: 1, count, password });
  usersWithoutAnswer.add(users);
  return { operatorToken, eventId, spikeAt: Date.now() + browseSeconds() * 1_000 };
}

/**
 * A visitor reads the list and the event, and reads on for one to three seconds.
 * @param {Sale} sale
 */
export function browse({ eventId }) {
  count('browse', call('GET', '/ticket/events', { name: 'list' }));
  sleep(1 + Math.random());
  count('browse', call('GET', `/ticket/events/${eventId}`, { name: 'event' }));
  sleep(1 + 2 * Math.random());
}

/**
 * A buyer comes at any moment of the spike, and tries until there is a final answer.
 * @param {Sale} sale
 */
export function spike(sale) {
  const arrivesAt = sale.spikeAt + Math.random() * spikeSeconds() * 1_000;
  const deadline = sale.spikeAt + (spikeSeconds() + retrySeconds()) * 1_000;
  sleep(Math.max(0, arrivesAt - Date.now()) / 1_000);
  const token = takeToken(sale, deadline);
  if (token && buy('spike', sale, token, deadline)) usersWithoutAnswer.add(-1);
}

/**
 * A late buyer reads the event, tries to buy, and reads "my tickets".
 * @param {Sale} sale
 */
export function tail(sale) {
  const deadline = Date.now() + retrySeconds() * 1_000;
  const token = takeToken(sale, deadline);
  if (token) {
    count('tail', call('GET', `/ticket/events/${sale.eventId}`, { name: 'event' }));
    buy('tail', sale, token, deadline);
    count('tail', call('GET', '/ticket/reservations', { name: 'mine', token }));
  }
  sleep(1 + 2 * Math.random());
}

/** @param {Sale} sale */
export function teardown({ operatorToken, eventId }) {
  const sold = quantityOf(reconcile(operatorToken, eventId));
  ticketsUnsold.add(Math.max(0, Math.min(users, capacity) - sold));
  ticketsLost.add(-sold);
  reconciled.add(1);
}

/** @param {import('./judgement.js').Summary} summary */
export function handleSummary(summary) {
  const { metrics, setup_data: sale } = summary;
  if (!sale) return { stdout: '\nNo sale: setup did not succeed.\n' };
  return report(summary, `Sale ${sale.eventId}: ${browsers} browse, ${users} reserve, ${lateBuyers} follow, `
    + `${capacity} tickets at ${baseUrl}`, [
    ...phases.flatMap((phase) => [
      `  ${phase.padEnd(12)} ${outcomes
        .map((outcome) => `${countOf(metrics, `answers{phase:${phase},outcome:${outcome}}`)} ${outcome}`).join(', ')}`,
      `               ${percentiles(metrics[`answer_took{phase:${phase}}`])}`,
    ]),
    `  users        ${countOf(metrics, 'users_without_answer')} of the spike without a final answer`,
  ], sale);
}

/**
 * Reserves one ticket; true when the answer is final.
 * @param {string} phase
 * @param {Sale} sale
 * @param {string} token
 * @param {number} deadline
 */
function buy(phase, { eventId }, token, deadline) {
  const key = `${eventId}-${exec.vu.idInTest}-${exec.vu.iterationInInstance}`;
  const answer = reserve(eventId, token, key, deadline, (each) => count(phase, each));
  // The same key twice is the same ticket: a replay of this call's own first try is counted once, here.
  if (!answer.code) ticketsLost.add(answer.data.quantity);
  return answer.isFinal;
}

/**
 * @param {string} phase
 * @param {import('./boxoffice.js').Answer} answer
 */
function count(phase, { status, code, tookMs }) {
  const isThrottled = status === 429 || status === 503;
  const outcome = status === 0 ? 'lost' : isThrottled ? 'throttled' : code ? 'rejected' : 'success';
  answers.add(1, { phase, outcome });
  if (status !== 0) answerTook.add(tookMs, { phase });
}

/**
 * The token of this VU's member; null after a refusal.
 * @param {Sale} sale
 * @param {number} deadline
 * @returns {string | null}
 */
function takeToken({ operatorToken }, deadline) {
  const answer = callUntilFinal('POST', '/admin/tokens', {
    name: 'tokens', token: operatorToken, body: { prefix, first: exec.vu.idInTest, count: 1 },
  }, { deadline });
  return answer.code ? null : answer.data.tokens[0];
}

function browseSeconds() {
  return seconds('BROWSE', '2m');
}

function spikeSeconds() {
  return seconds('SPIKE', '20s');
}

/** How long a buyer tries again. */
function retrySeconds() {
  return seconds('RETRY', '30s');
}
