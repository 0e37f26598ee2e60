// A client of BoxOffice for the load scripts. Every call returns an answer, also when the connection breaks; calls
// without a final answer are retried when the server asks for it.
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { sleep } from 'k6';
import { noAnswer, read, reasonOf } from './answer.js';

const givenUrl = __ENV.BASE_URL || 'http://localhost:8080';
export const baseUrl = givenUrl.endsWith('/') ? givenUrl.slice(0, -1) : givenUrl;

/** The server answers OUTCOME_UNKNOWN after 20 s at the latest: after 30 s the connection is lost. */
export const requestTimeoutSeconds = 30;

const operatorPatienceMs = 15_000;
const waitMaxMs = 8_000;

const reserveTook = new Trend('reserve_took', true);
const reserveServerTook = new Trend('reserve_server_took', true);
const refused = new Counter('refused');
const reserved = new Counter('reserved');
const replayed = new Counter('replayed');
const connectionsLost = new Counter('connections_lost');
const unexpectedAnswers = new Counter('unexpected_answers');

/**
 * The result of a call. A lost connection is an answer too: status 0, code NO_ANSWER.
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} code          empty for a success
 * @property {string} title         the title of the problem
 * @property {any} data             the content of a success
 * @property {boolean} isFinal      a retry would not change the answer
 * @property {boolean} isReplay     the server sent the same answer before
 * @property {number} retryAfterMs  0 when the server does not ask for a wait
 * @property {number} tookMs        the user's wait, connecting included
 * @property {number} serverMs      from sending the request to reading the answer
 *
 * @typedef {object} Request
 * @property {string} [name]        replaces the path in metrics
 * @property {string} [token]
 * @property {object} [body]
 * @property {Record<string, string>} [headers]
 *
 * @typedef {object} Patience
 * @property {number} deadline      no retry starts after it
 * @property {(answer: Answer) => void} [seen]  gets every answer, also those before a retry
 */

// Refusals of the contract are expected under load: they are no failed requests.
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }, 409, 429, 503));

/**
 * A whole number from the environment.
 * @param {string} name
 * @param {number} otherwise
 */
export function whole(name, otherwise) {
  const number = Number(__ENV[name] || otherwise);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} must be a whole number of at least 1`);
  return number;
}

/**
 * A duration such as 40s, 2m or 1m30s from the environment, in seconds.
 * @param {string} name
 * @param {string} otherwise
 */
export function seconds(name, otherwise) {
  const parts = /^(?:(\d+)m)?(?:(\d+)s?)?$/.exec(__ENV[name] || otherwise);
  const total = parts ? Number(parts[1] || 0) * 60 + Number(parts[2] || 0) : 0;
  if (total === 0) throw new Error(`${name} must be a duration such as 40s, 2m or 1m30s`);
  return total;
}

/**
 * Ends the run at once with a message (exit code 108).
 * @param {string} sentence
 * @returns {never}
 */
export function stop(sentence) {
  exec.test.abort(sentence);
  throw new Error(sentence); // not reached: abort() does not return
}

/**
 * Reserves. All retries have the same key: at most one reservation.
 * @param {string} eventId
 * @param {string} token
 * @param {string} key
 * @param {number} deadline
 * @param {(answer: Answer) => void} [seen]  gets every answer, also those before a retry
 * @returns {Answer} final, unless the deadline came first
 */
export function reserve(eventId, token, key, deadline, seen) {
  const request = { name: 'reserve', token, headers: { 'Idempotency-Key': key } };
  return callUntilFinal('POST', `/ticket/reserve/${eventId}`, request, {
    deadline,
    seen: (answer) => {
      countReserve(answer);
      seen?.(answer);
    },
  });
}

/**
 * Logs in, and retries after LOGIN_BUSY and TOO_MANY_ATTEMPTS.
 * @param {string} id
 * @param {string} password
 * @param {Patience} patience
 */
export function logIn(id, password, patience) {
  return callUntilFinal('POST', '/member/login', { name: 'login', body: { id, password } }, patience);
}

/** Ends the run with a message when no server answers at BASE_URL. */
export function requireServer() {
  const { status, title } = call('GET', '/alive');
  if (status !== 200) stop(`No BoxOffice answers at ${baseUrl} (${status || title}). Is it running? Set BASE_URL.`);
}

/** Logs the operator in, and returns its token. */
export function logInAsOperator() {
  if (!__ENV.OPERATOR_PASSWORD) {
    stop('OPERATOR_PASSWORD is not set. '
      + 'It is what the server got as BoxOffice__OperatorPassword, or printed at its first start.');
  }
  const answer = logIn('operator', __ENV.OPERATOR_PASSWORD, { deadline: Date.now() + operatorPatienceMs });
  if (answer.code === 'BAD_CREDENTIALS') stop('OPERATOR_PASSWORD is wrong: the operator cannot log in with it.');
  return dataOf(answer, 'The operator cannot log in').accessToken;
}

/**
 * Makes a call of the operator. It must succeed, or the run ends.
 * @param {string} token
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
export function asOperator(token, method, path, body) {
  const answer = callUntilFinal(method, path, { token, body }, { deadline: Date.now() + operatorPatienceMs });
  return dataOf(answer, `${method} ${path} failed`);
}

/**
 * Returns the content of a success. Ends the run on a refusal.
 * @param {Answer} answer
 * @param {string} otherwise
 */
export function dataOf(answer, otherwise) {
  const refusal = answer.status ? `${answer.status} ${answer.code}` : answer.code;
  if (answer.code) stop(`${otherwise}: ${refusal} (${answer.title}) at ${baseUrl}`);
  return answer.data;
}

/**
 * Retries a call until its answer is final.
 * @param {string} method
 * @param {string} path
 * @param {Request} request
 * @param {Patience} patience
 * @returns {Answer} final, unless the deadline came first
 */
export function callUntilFinal(method, path, request, { deadline, seen }) {
  for (let attempt = 1; ; attempt++) {
    const answer = call(method, path, request);
    if (seen) seen(answer);
    if (answer.isFinal) return answer;
    // Jitter: users whose connections were lost together must not retry together.
    const wait = answer.retryAfterMs || Math.min(waitMaxMs, 500 * 2 ** (attempt - 1)) * (0.5 + Math.random());
    if (Date.now() + wait >= deadline) return answer;
    sleep(wait / 1_000);
  }
}

/**
 * Makes one call. Does not throw, and does not need a body.
 * @param {string} method
 * @param {string} path
 * @param {Request} request
 * @returns {Answer}
 */
export function call(method, path, { name = path, token, body, headers } = {}) {
  const began = Date.now();
  const params = {
    headers: {
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...(token ? { 'x-access-token': token } : {}),
      ...headers,
    },
    tags: { name },
    timeout: `${requestTimeoutSeconds}s`,
  };
  let response;
  try {
    response = http.request(method, baseUrl + path, body ? JSON.stringify(body) : null, params);
  } catch (failure) {
    const title = String(failure).replace('GoError: ', '');
    connectionsLost.add(1, { name, reason: reasonOf(title) });
    return noAnswer(title, Date.now() - began);
  }
  return read(response, Date.now() - began);
}

/** @param {Answer} answer */
function countReserve(answer) {
  if (answer.status === 0) return; // call() counted it
  reserveTook.add(answer.tookMs);
  reserveServerTook.add(answer.serverMs);
  if (answer.code) refused.add(1, { code: answer.code });
  else if (answer.isReplay) replayed.add(1);
  else reserved.add(1);
  const isForeseen = answer.code !== 'NO_CODE' && [200, 409, 429, 503].includes(answer.status);
  if (!isForeseen) unexpectedAnswers.add(1, { code: answer.code });
}
