// Calls with the operator's token. A refusal of the token ends the session.
import { call as callServer } from '../api/call.js';
import { session } from './session.js';

/**
 * @typedef {object} Answer
 * @property {boolean} isDone
 * @property {string} code          empty for a success; NO_ANSWER without an answer
 * @property {string} title         the refusal in the server's words
 * @property {any} data             of a success
 * @property {Record<string, string[]>} errors  rules broken, by field
 * @property {number} retryAfterMs  0 when the server does not ask for a wait
 * @property {string} rehearsalId   the running one, when it is the reason of the refusal; else empty
 */

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 */
export const get = (path, signal) => call('GET', path, undefined, signal);

/**
 * @param {'GET' | 'POST' | 'PATCH'} method
 * @param {string} path
 * @param {object} [body]
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer>}
 */
export async function call(method, path, body, signal) {
  const known = session.token;
  const answer = await callServer(method, path, { token: known, ...(body && { body }), ...(signal && { signal }) });
  if (known) checkSession(answer.status, known);
  return answer.code === '' ? done(answer.data) : refusal(answer.problem, answer.retryAfterMs);
}

/**
 * Fetches a file, without a timeout.
 * @param {string} path
 * @returns {Promise<Answer>} data is a Blob
 */
export async function fetchFile(path) {
  const known = session.token;
  try {
    const headers = { 'x-access-token': known ?? '' };
    const response = await fetch(path, { headers, cache: 'no-store', credentials: 'omit' });
    if (known) checkSession(response.status, known);
    return response.ok ? done(await response.blob()) : refusal(await response.json());
  } catch {
    return refusal({ code: 'NO_ANSWER' }); // or only a part of the file
  }
}

/**
 * @param {number} status
 * @param {string} known
 */
function checkSession(status, known) {
  if (status === 401 || status === 403) session.lapse(known, status);
}

/** @param {any} data @returns {Answer} */
const done = (data) => ({ isDone: true, code: '', title: '', data, errors: {}, retryAfterMs: 0, rehearsalId: '' });

/**
 * @param {any} problem
 * @param {number} [retryAfterMs]
 * @returns {Answer}
 */
const refusal = ({ code = 'NO_CODE', title = '', errors = {}, rehearsalId = '' }, retryAfterMs = 0) =>
  ({ isDone: false, code, title, data: null, errors, retryAfterMs, rehearsalId });
