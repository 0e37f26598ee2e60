const soonMs = 5_000;

/** @typedef {'GOT' | 'REFUSED' | 'ASK_AGAIN' | 'LOG_IN'} Verdict */

// The event has decided: the same call, repeated at once, would get the same answer. Whether to try later is the
// buyer's choice.
const decided = new Set(['PAUSED', 'NOT_OPEN', 'ALL_HELD', 'INSUFFICIENT', 'CYCLING']);

/**
 * What an answer to a call for tickets means for whoever waits for it.
 * @param {import('../api/call.js').Answer} answer
 * @returns {Verdict}
 */
export function verdictOf({ code, isTerminal, retryAfterMs }) {
  if (code === '') return 'GOT';
  if (code === 'UNAUTHENTICATED') return 'LOG_IN';
  if (isTerminal) return 'REFUSED';
  // Who pressed in the right moment, with a clock that is a little fast, is not sent away.
  if (code === 'NOT_OPEN' && retryAfterMs <= soonMs) return 'ASK_AGAIN';
  return decided.has(code) ? 'REFUSED' : 'ASK_AGAIN';
}
