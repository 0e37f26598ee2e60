import { call } from './call.js';
import { pause, waitBefore } from './patience.js';

/** @typedef {import('./call.js').Answer} Answer */

/**
 * A login or signup. putOff is called for each wait; the signal ends it.
 * @typedef {{id: string, password: string, putOff: (answer: Answer) => void, signal: AbortSignal}} Entry
 */

// After these the member did nothing wrong: the call is made again after a wait.
const waitedFor = new Set([
  'LOGIN_BUSY', 'BUSY', 'NOT_READY', 'NO_ANSWER', 'NO_CODE', 'INTERNAL_ERROR', 'OUTCOME_UNKNOWN', 'RATE_LIMITED',
]);

/**
 * Gets a token; waits when the server asks for it.
 * @param {Entry} entry
 * @returns {Promise<Answer>} a success, or a final refusal
 */
export function logIn(entry) { return patiently('/member/login', entry); }

/**
 * Signs up, and gets a token.
 * @param {Entry} entry
 * @returns {Promise<Answer>} as of logIn
 */
export async function signUp(entry) {
  let isInDoubt = false;
  const putOff = (/** @type {Answer} */ put) => {
    isInDoubt ||= put.isInDoubt;
    entry.putOff(put);
  };
  const answer = await patiently('/member/signup', { ...entry, putOff });
  if (answer.code && !(answer.code === 'MEMBER_EXISTS' && isInDoubt)) return answer;
  // The id is taken, after an answer was lost: perhaps by this call itself. Then the password is right.
  const login = await logIn(entry);
  return login.code === 'BAD_CREDENTIALS' && answer.code ? answer : login;
}

/**
 * @param {string} path
 * @param {Entry} entry
 */
async function patiently(path, { id, password, putOff, signal }) {
  for (let attempt = 1; ; attempt++) {
    const answer = await call('POST', path, { body: { id, password }, signal });
    if (!waitedFor.has(answer.code)) return answer;
    putOff(answer);
    await pause(waitBefore(attempt, answer.retryAfterMs), signal);
  }
}
