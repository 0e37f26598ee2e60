import { serverClock } from './server-clock.js';

// The server answers after 20 s at the latest. Without an answer for longer, the connection is lost.
const timeoutMs = 30_000;

/**
 * The answer to a call. A lost connection is an answer too: status 0, code NO_ANSWER, outcome unknown.
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} code          empty for a success
 * @property {any} data             of a success
 * @property {string[]} missing     ids of events that did not answer, so that the data lacks them
 * @property {import('./wire.js').Problem} problem
 * @property {boolean} isTerminal   repeating the call would not change the answer
 * @property {boolean} isInDoubt    it may have had its effect
 * @property {number} retryAfterMs  0 when the server does not ask for a wait
 * @property {string | null} tag    the version, for the next call's If-None-Match
 */

/**
 * @typedef {object} Request
 * @property {string | null} [token]
 * @property {object} [body]
 * @property {string} [key]         Idempotency-Key: all calls with it have one effect
 * @property {string | null} [tag]
 * @property {AbortSignal} [signal]
 */

/**
 * One call. It does not throw, unless its signal was aborted.
 * @param {'GET' | 'POST' | 'PATCH'} method
 * @param {string} path
 * @param {Request} [request]
 * @returns {Promise<Answer>}
 */
export async function call(method, path, { token, body, key, tag, signal } = {}) {
  signal?.throwIfAborted();
  const timeout = new AbortController();
  const giveUp = () => timeout.abort();
  const timer = setTimeout(giveUp, timeoutMs);
  signal?.addEventListener('abort', giveUp);
  const sentAt = performance.now();
  try {
    const response = await fetch(path, {
      method,
      cache: 'no-store',
      credentials: 'omit', // the token identifies the member
      headers: {
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(token ? { 'x-access-token': token } : {}),
        ...(key ? { 'Idempotency-Key': key } : {}),
        ...(tag ? { 'If-None-Match': tag } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: timeout.signal,
    });
    const receivedAt = performance.now();
    const content = parse(await response.text());
    const { headers } = response;
    serverClock.observe(sentAt, receivedAt, {
      date: headers.get('Date'), now: headers.get('Server-Time'), serverTime: content?.serverTime,
    });
    return read(response, content);
  } catch (error) {
    signal?.throwIfAborted();
    return { ...nothing, code: 'NO_ANSWER', problem: { code: 'NO_ANSWER', title: String(error) }, isInDoubt: true };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}

const nothing = { status: 0, data: null, missing: [], isTerminal: false, isInDoubt: false, retryAfterMs: 0, tag: null };

/**
 * @param {Response} response
 * @param {any} content
 * @returns {Answer}
 */
function read(response, content) {
  const { status } = response;
  if (status === 304) return { ...nothing, status, code: 'NOT_MODIFIED', problem: { code: 'NOT_MODIFIED' } };
  const isSuccess = response.ok && content?.data !== undefined; // not with half a body
  const tag = response.headers.get('ETag');
  if (isSuccess) {
    const missing = content.unavailable ?? [];
    return { ...nothing, status, code: '', problem: { code: '' }, data: content.data, missing, tag };
  }
  const isOurs = typeof content?.code === 'string'; // else a proxy answered
  const problem = isOurs ? content : { code: 'NO_CODE', outcome: 'UNKNOWN' };
  return {
    ...nothing,
    status,
    code: problem.code,
    problem,
    isTerminal: problem.terminal === true,
    isInDoubt: problem.outcome === 'UNKNOWN',
    retryAfterMs: Number(problem.retryAfterMs) || Number(response.headers.get('Retry-After')) * 1_000 || 0,
  };
}

/**
 * @param {string} text
 * @returns {any}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
