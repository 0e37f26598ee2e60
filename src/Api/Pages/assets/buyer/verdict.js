const soonMs = 5_000;

/** @typedef {'GOT' | 'REFUSED' | 'ASK_AGAIN' | 'LOG_IN'} Verdict */

// Decided: the same call at once would get the same answer. The buyer chooses whether to try later.
const decided = new Set(['PAUSED', 'NOT_OPEN', 'ALL_HELD', 'INSUFFICIENT', 'CYCLING']);

/**
 * What the page does after an answer to a reserve call.
 * @param {import('../api/call.js').Answer} answer
 * @returns {Verdict}
 */
export function verdictOf({ code, isTerminal, retryAfterMs }) {
  if (code === '') return 'GOT';
  if (code === 'UNAUTHENTICATED') return 'LOG_IN';
  if (isTerminal) return 'REFUSED';
  // A press at the right moment by a clock that is a little fast is not refused.
  if (code === 'NOT_OPEN' && retryAfterMs <= soonMs) return 'ASK_AGAIN';
  return decided.has(code) ? 'REFUSED' : 'ASK_AGAIN';
}
