// Every user logs in once, then reserves once a second, for DURATION. A user ends after the first final refusal (sold
// out, limit reached, …), so the run ends early when all have ended.
//
//   k6 run -e BASE_URL=http://localhost:8080 -e OPERATOR_PASSWORD=… login-and-reserve.js
import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { sleep } from 'k6';
import {
  asOperator, baseUrl, call, dataOf, logIn, logInAsOperator, requireServer, reserve, seconds, stop, whole,
} from './boxoffice.js';
import { addNumbers, optionsOf, reconcile, ticketsLost, usersWithoutAnswer } from './judgement.js';
import { countOf, percentiles, report } from './report.js';

const users = whole('VUS', 1_000);
const eventId = __ENV.EVENT_ID || '1';
const prefix = __ENV.PREFIX || 'buyer';
const password = __ENV.PASSWORD || 'load test password';

const loginTook = new Trend('login_took', true);
const loggedInAfter = new Trend('logged_in_after', true);
const loggedIn = new Counter('logged_in');
const loginsPutOff = new Counter('logins_put_off');
const loginsRefused = new Counter('logins_refused');

export const options = optionsOf(() => ({
  users,
  maxSeconds: durationSeconds(),
  thresholds: {
    logins_refused: ['count==0'],
    tickets_lost: ['count<=0'], // negative when others buy at the same time
  },
}));

/** @typedef {{operatorToken: string | null, runId: string, soldBefore: number, deadline: number}} Run */

/**
 * Registers the members when the operator's password is set; otherwise they must exist.
 * @returns {Run}
 */
export function setup() {
  requireServer();
  const before = readEvent();
  const operatorToken = __ENV.OPERATOR_PASSWORD ? logInAsOperator() : null;
  if (operatorToken) asOperator(operatorToken, 'POST', '/admin/members', { prefix, first: 1, count: users, password });
  // One login first: after some hundred wrong passwords the server would slow this address down.
  const { code } = logIn(`${prefix}1`, password, { deadline: Date.now() + 15_000 });
  if (code) stop(membersMissing(code));
  usersWithoutAnswer.add(users);
  return {
    operatorToken,
    runId: Date.now().toString(36),
    soldBefore: before.held + before.confirmed,
    deadline: Date.now() + durationSeconds() * 1_000,
  };
}

/** @param {Run} run */
export default function ({ runId, deadline }) {
  const number = exec.vu.idInTest;
  const token = logInOnce(`${prefix}${number}`, deadline);
  let answer = null;
  for (let intent = 1; token && Date.now() < deadline; intent++) {
    const began = Date.now();
    answer = reserve(eventId, token, `${runId}-${number}-${intent}`, deadline);
    if (!answer.code) ticketsLost.add(answer.data.quantity);
    else if (answer.isFinal) break;
    sleep(Math.max(0, began + 1_000 - Date.now()) / 1_000);
  }
  if (answer && answer.status !== 0) usersWithoutAnswer.add(-1);
}

/** @param {Run} run */
export function teardown({ operatorToken, soldBefore }) {
  if (operatorToken) reconcile(operatorToken, eventId);
  const after = readEvent();
  addNumbers(after);
  // An expired hold is not lost, so lost tickets can be counted only for events without holds.
  if (after.holdSeconds === 0) ticketsLost.add(soldBefore - after.confirmed);
}

/** @param {import('./judgement.js').Summary} summary */
export function handleSummary(summary) {
  const { metrics, setup_data: run } = summary;
  if (!run) return { stdout: '\nNo run: setup did not succeed.\n' };
  const [putOff, wrong] = [countOf(metrics, 'logins_put_off'), countOf(metrics, 'logins_refused')];
  return report(summary, `Event ${eventId}: ${users} users log in and reserve once a second at ${baseUrl}`, [
    `  logged in    ${countOf(metrics, 'logged_in')} users; put off ${putOff} times, refused ${wrong}`,
    `  login        ${percentiles(metrics.login_took)}, each try`,
    `  until in     ${percentiles(metrics.logged_in_after)}, waiting included`,
    `  users        ${countOf(metrics, 'users_without_answer')} without an answer to their last call`,
  ], run.operatorToken && { operatorToken: run.operatorToken, eventId });
}

/**
 * Logs in, and retries a deferred login. Null after a refusal or the deadline.
 * @param {string} id
 * @param {number} deadline
 * @returns {string | null}
 */
function logInOnce(id, deadline) {
  const began = Date.now();
  const answer = logIn(id, password, { deadline, seen: countLogin });
  if (answer.code) return null;
  loggedInAfter.add(Date.now() - began);
  loggedIn.add(1);
  return answer.data.accessToken;
}

/** @param {import('./boxoffice.js').Answer} answer */
function countLogin({ status, code, isFinal, tookMs }) {
  if (status === 0) return; // call() counted it
  loginTook.add(tookMs);
  if (!isFinal) loginsPutOff.add(1, { code });
  else if (code) loginsRefused.add(1, { code });
}

/** The public data of the event. */
function readEvent() {
  return dataOf(call('GET', `/ticket/events/${eventId}`), `Event ${eventId} cannot be read`);
}

function durationSeconds() {
  return seconds('DURATION', '40s');
}

/** @param {string} code */
function membersMissing(code) {
  const remedy = __ENV.OPERATOR_PASSWORD
    ? 'It was registered before with another password: give that PASSWORD, or another PREFIX.'
    : 'Give OPERATOR_PASSWORD to have the members registered, or the PREFIX and PASSWORD of members that exist.';
  return `${prefix}1 cannot log in (${code}). ${remedy}`;
}
