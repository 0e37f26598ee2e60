// The start of a sale: VUS concurrent users for CAPACITY tickets. Ends when every user has a ticket or a final refusal.
// Then it reads the sold tickets, and fails if a ticket is oversold, lost or unsold.
//
//   k6 run -e BASE_URL=http://localhost:8080 -e OPERATOR_PASSWORD=… on-sale.js
import exec from 'k6/execution';
import { Counter, Gauge, Trend } from 'k6/metrics';
import { sleep } from 'k6';
import {
  asOperator, baseUrl, callUntilFinal, logInAsOperator, requireServer, reserve, seconds, whole,
} from './boxoffice.js';
import { optionsOf, quantityOf, reconcile, ticketsLost, usersWithoutAnswer } from './judgement.js';
import { countOf, report, time } from './report.js';

const users = whole('VUS', 9_000);
const capacity = whole('CAPACITY', 1_000);
const prefix = __ENV.PREFIX || 'buyer';
const password = __ENV.PASSWORD || 'load test password';

// Up to this number setup() takes all tokens in one call; see there why not for a larger crowd.
const tokensInSetupMax = 1_000;

const answeredAfter = new Trend('answered_after', true);
const ticketAfter = new Trend('ticket_after', true);
const usersLate = new Counter('users_late');
const reconciled = new Counter('reconciled');
const ticketsUnsold = new Gauge('tickets_unsold');
const ticketsMismatched = new Counter('tickets_mismatched');

export const options = optionsOf(() => ({
  users,
  maxSeconds: foyerSeconds() + saleSeconds(),
  thresholds: {
    reconciled: ['count==1'], // a run without its reconciliation fails
    tickets_unsold: ['value==0'],
    tickets_lost: ['count==0'],
    tickets_mismatched: ['count==0'],
  },
}));

/**
 * @typedef {{operatorToken: string, eventId: string, tokens: string[] | null, foyerAt: number, doorsAt: number,
 *   deadline: number}} Sale
 */

/**
 * Opens an event for this run, registers the members and takes their tokens.
 *
 * More than 1,000 users take their tokens themselves before the sale opens (the foyer). k6 gives the result of setup()
 * to every VU as JSON, and each VU parses all of it: 9,000 tokens are 2.5 MB, so 9,000 VUs would need 30 GB; or, if
 * each kept only its own, four minutes of processor time at the start of the sale. A SharedArray would be one copy for
 * all, but is created before setup(), where k6 allows no HTTP. Measured with 9,000 tokens of 272 characters, two cores,
 * k6 1.3.0, 28 November 2026, for each VU: all kept 3.4 MB and 29 ms; only its own kept 29 ms; only signatures, in one
 * string, 4 ms; its own, taken in the foyer, 0.3 KB. A user of the foyer closes that connection and opens a new one
 * when the sale opens, so no login and no token is made during the sale.
 * @returns {Sale}
 */
export function setup() {
  requireServer();
  const operatorToken = logInAsOperator();
  const eventId = `sale-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 6)}`;
  asOperator(operatorToken, 'POST', '/admin/events', { id: eventId, name: 'Load test', capacity });
  asOperator(operatorToken, 'POST', '/admin/members', { prefix, first: 1, count: users, password });
  const tokens = users <= tokensInSetupMax
    ? asOperator(operatorToken, 'POST', '/admin/tokens', { prefix, first: 1, count: users }).tokens
    : null;
  usersWithoutAnswer.add(users);
  const foyerAt = Date.now();
  const doorsAt = foyerAt + foyerSeconds() * 1_000;
  return { operatorToken, eventId, tokens, foyerAt, doorsAt, deadline: doorsAt + saleSeconds() * 1_000 };
}

/** @param {Sale} sale */
export default function (sale) {
  const number = exec.vu.idInTest;
  const token = takeToken(sale, number);
  const early = sale.doorsAt - Date.now();
  if (early > 0) sleep(early / 1_000);
  else usersLate.add(1);
  if (!token) return;

  const answer = reserve(sale.eventId, token, `${sale.eventId}-${number}`, sale.deadline);

  if (!answer.isFinal) return;
  usersWithoutAnswer.add(-1);
  answeredAfter.add(Date.now() - sale.doorsAt);
  if (answer.code) return;
  ticketAfter.add(Date.now() - sale.doorsAt);
  ticketsLost.add(answer.data.quantity);
  ticketsMismatched.add(fingerprint(answer.data.sequence, number));
}

/** @param {Sale} sale */
export function teardown({ operatorToken, eventId }) {
  const sold = reconcile(operatorToken, eventId);
  ticketsUnsold.add(Math.max(0, Math.min(users, capacity) - quantityOf(sold)));
  ticketsLost.add(-quantityOf(sold));
  for (const one of sold) ticketsMismatched.add(-fingerprint(one.sequence, Number(one.memberId.slice(prefix.length))));
  reconciled.add(1);
}

/** @param {import('./judgement.js').Summary} summary */
export function handleSummary(summary) {
  const { metrics, setup_data: sale } = summary;
  if (!sale) return { stdout: '\nNo sale: setup did not succeed.\n' };
  const lastTicket = time(metrics.ticket_after?.values.max ?? 0);
  const lastAnswer = time(metrics.answered_after?.values.max ?? 0);
  const [without, late] = [countOf(metrics, 'users_without_answer'), countOf(metrics, 'users_late')];
  return report(summary, `Sale ${sale.eventId}: ${users} users at once for ${capacity} tickets at ${baseUrl}`, [
    `  since doors  last ticket ${lastTicket}, last answer ${lastAnswer}`,
    `  users        ${without} without a final answer, ${late} late at the doors`,
  ], sale);
}

/**
 * Takes this user's token; null after a refusal. Closes the connection: the crowd connects when the sale opens.
 * @param {Sale} sale
 * @param {number} number
 * @returns {string | null}
 */
function takeToken({ operatorToken, tokens, foyerAt, doorsAt, deadline }, number) {
  if (tokens) return tokens[number - 1] ?? null;
  const arrivesAt = foyerAt + (number / users) * (doorsAt - foyerAt) / 2; // the second half is for retries
  sleep(Math.max(0, arrivesAt - Date.now()) / 1_000);
  const answer = callUntilFinal('POST', '/admin/tokens', {
    name: 'tokens', token: operatorToken, headers: { Connection: 'close' }, body: { prefix, first: number, count: 1 },
  }, { deadline });
  return answer.code ? null : answer.data.tokens[0];
}

/** How long the users take their tokens and wait for the opening: about 1,000 arrive in a second. */
function foyerSeconds() {
  return seconds('FOYER', `${5 + Math.ceil(users / 500)}s`);
}

/** How long the users retry after the opening. */
function saleSeconds() {
  return seconds('MAX_DURATION', '2m');
}

/**
 * A number for one ticket of one user. When the sums over the users' answers and over the sold tickets are equal, then,
 * almost certainly, so are the tickets and their owners.
 * @param {number} sequence
 * @param {number} number
 */
function fingerprint(sequence, number) {
  return sequence * number;
}
