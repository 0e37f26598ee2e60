// A client of BoxOffice for the load scripts: every call comes back with an answer, whatever happens to the connection,
// and what may still change is repeated when the server asks for it.
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { sleep } from 'k6';

const givenUrl = __ENV.BASE_URL || 'http://localhost:8080';
export const baseUrl = givenUrl.endsWith('/') ? givenUrl.slice(0, -1) : givenUrl;

/** The server answers OUTCOME_UNKNOWN after 20 s at the latest; who hears nothing for longer has lost the connection. */
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
 * What a call came back with. A lost connection is an answer too: status 0, code NO_ANSWER.
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} code          empty for a success
 * @property {string} title         the refusal in words
 * @property {any} data             what a success carries
 * @property {boolean} isFinal      repeating the call would not change the answer
 * @property {boolean} isReplay     the same answer was given before
 * @property {number} retryAfterMs  0 when the server does not ask for a wait
 * @property {number} tookMs        what the user waited: connecting included
 * @property {number} serverMs      from the request sent to the answer read
 *
 * @typedef {object} Request
 * @property {string} [name]        stands for the path in metrics
 * @property {string} [token]
 * @property {object} [body]
 * @property {Record<string, string>} [headers]
 *
 * @typedef {object} Patience
 * @property {number} deadline      no call begins after it
 * @property {(answer: Answer) => void} [seen]  gets every answer, also those that are followed by another try
 */

// A refusal that the contract foresees under load is an expected answer, not a failed request.
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
 * Ends the run at once with a sentence for the person who started it (exit code 108).
 * @param {string} sentence
 * @returns {never}
 */
export function stop(sentence) {
  exec.test.abort(sentence);
  throw new Error(sentence); // not reached: abort() does not return
}

/**
 * Reserves. Repeats have the same key: one intent, at most one reservation.
 * @param {string} eventId
 * @param {string} token
 * @param {string} key
 * @param {number} deadline
 * @returns {Answer} final, unless the deadline came first
 */
export function reserve(eventId, token, key, deadline) {
  const request = { name: 'reserve', token, headers: { 'Idempotency-Key': key } };
  return callUntilFinal('POST', `/ticket/reserve/${eventId}`, request, { deadline, seen: countReserve });
}

/**
 * Logs in, and waits when it is put off (LOGIN_BUSY, TOO_MANY_ATTEMPTS).
 * @param {string} id
 * @param {string} password
 * @param {Patience} patience
 */
export function logIn(id, password, patience) {
  return callUntilFinal('POST', '/member/login', { name: 'login', body: { id, password } }, patience);
}

/** Ends the run with a clear sentence when nobody answers at BASE_URL. */
export function requireServer() {
  const { status, title } = call('GET', '/alive');
  if (status !== 200) stop(`No BoxOffice answers at ${baseUrl} (${status || title}). Is it running? Set BASE_URL.`);
}

/** The operator's token. */
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
 * An operator's call, which must succeed.
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
 * What a success carries; ends the run when it was none.
 * @param {Answer} answer
 * @param {string} otherwise
 */
export function dataOf(answer, otherwise) {
  const refusal = answer.status ? `${answer.status} ${answer.code}` : answer.code;
  if (answer.code) stop(`${otherwise}: ${refusal} (${answer.title}) at ${baseUrl}`);
  return answer.data;
}

/**
 * Repeats a call until nothing can change the answer.
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
    // Without jitter, a crowd whose connections were lost together would come back together.
    const wait = answer.retryAfterMs || Math.min(waitMaxMs, 500 * 2 ** (attempt - 1)) * (0.5 + Math.random());
    if (Date.now() + wait >= deadline) return answer;
    sleep(wait / 1_000);
  }
}

/**
 * One call. It does not throw and does not rely on a body.
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
  } catch (trouble) {
    const title = String(trouble).replace('GoError: ', '');
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

/**
 * @param {import('k6/http').RefinedResponse<'text' | undefined>} response
 * @param {number} tookMs
 * @returns {Answer}
 */
function read(response, tookMs) {
  if (response.status === 0) return noAnswer(response.error, tookMs);
  const body = parse(response.body);
  const isSuccess = response.status < 300 && body?.data !== undefined; // half a body is nothing to rely on
  return {
    status: response.status,
    code: isSuccess ? '' : body?.code ?? 'NO_CODE',
    title: isSuccess ? '' : titleOf(body, response.body),
    data: body?.data,
    isFinal: isSuccess || body?.terminal === true,
    isReplay: response.headers['Idempotency-Replayed'] === 'true',
    retryAfterMs: Number(body?.retryAfterMs ?? Number(response.headers['Retry-After'] ?? 0) * 1_000) || 0,
    tookMs,
    serverMs: response.timings.duration,
  };
}

/**
 * @param {string} title
 * @param {number} tookMs
 * @returns {Answer}
 */
function noAnswer(title, tookMs) {
  const nothing = { data: null, isFinal: false, isReplay: false, retryAfterMs: 0, serverMs: 0 };
  return { status: 0, code: 'NO_ANSWER', title, tookMs, ...nothing };
}

/**
 * @param {string | null} body
 * @returns {any}
 */
function parse(body) {
  try {
    return body ? JSON.parse(body) : null;
  } catch {
    return null; // a proxy's page, or half an answer
  }
}

/**
 * @param {any} problem
 * @param {string | null} text
 */
function titleOf(problem, text) {
  if (!problem?.title) return (text || 'no body').slice(0, 200);
  return problem.title + (problem.errors ? ` ${JSON.stringify(problem.errors)}` : '');
}

/** @param {string} trouble */
function reasonOf(trouble) {
  // These two are the generator's own limits, not the server's.
  if (trouble.includes('too many open files')) return 'out_of_files';
  if (trouble.includes('cannot assign requested address')) return 'out_of_ports';
  if (trouble.includes('connection refused')) return 'refused';
  if (/reset|EOF|broken pipe|closed/.test(trouble)) return 'reset';
  return /timeout|deadline/.test(trouble) ? 'timeout' : 'other';
}
