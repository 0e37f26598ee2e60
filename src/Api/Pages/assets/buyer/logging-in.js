import { call } from '../api/call.js';
import { pause, waitBefore } from '../api/patience.js';
import { session } from '../api/session.js';

/** @typedef {import('../api/call.js').Answer} Answer */

// Whoever is told to wait for these did nothing wrong, and waits without being asked.
const waitedFor = new Set(['LOGIN_BUSY', 'BUSY', 'NOT_READY', 'NO_ANSWER', 'NO_CODE', 'INTERNAL_ERROR', 'OUTCOME_UNKNOWN', 'RATE_LIMITED']);

/**
 * Logs in; waits when it is put off.
 * @param {string} id
 * @param {string} password
 * @param {(answer: Answer) => void} putOff  hears of each time
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>} a success, or a final refusal
 */
export async function logIn(id, password, putOff, signal) {
  const answer = await patiently('/member/login', id, password, putOff, signal);
  if (!answer.code) session.begin(id, answer.data.accessToken);
  return answer;
}

/**
 * Signs up and logs in.
 * @param {string} id
 * @param {string} password
 * @param {(answer: Answer) => void} putOff
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function signUp(id, password, putOff, signal) {
  let isInDoubt = false;
  const answer = await patiently('/member/signup', id, password, (put) => { isInDoubt ||= put.isInDoubt; putOff(put); }, signal);
  if (answer.code && !(answer.code === 'MEMBER_EXISTS' && isInDoubt)) return answer;
  // Taken, after an answer was lost: perhaps by this very call. If so, the password fits.
  const login = await logIn(id, password, putOff, signal);
  return login.code === 'BAD_CREDENTIALS' && answer.code ? answer : login;
}

/**
 * @param {string} path
 * @param {string} id
 * @param {string} password
 * @param {(answer: Answer) => void} putOff
 * @param {AbortSignal} signal
 */
async function patiently(path, id, password, putOff, signal) {
  for (let attempt = 1; ; attempt++) {
    const answer = await call('POST', path, { body: { id, password }, signal });
    if (!waitedFor.has(answer.code)) return answer;
    putOff(answer);
    await pause(waitBefore(attempt, answer.retryAfterMs), signal);
  }
}
