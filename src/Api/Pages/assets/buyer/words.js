import { count, dateAndTime } from '../page/moments.js';
import { language } from '../page/language.js';
import { en } from './words/en.js';
import { ko } from './words/ko.js';

/** What the page says, in the language that is spoken now. */
export function words() { return language() === 'ko' ? ko : en; }

/**
 * A refusal in words for a buyer: what happened, and what to do.
 * @param {import('../api/call.js').Answer} answer
 * @returns {import('./words/en.js').Explanation}
 */
export function explain({ code, problem, retryAfterMs }) {
  const inWords = words().refusals[code];
  if (!inWords) return words().unknownRefusal(code);
  return inWords({
    ...problem,
    ...(problem.opensAt ? { when: dateAndTime(problem.opensAt) } : {}),
    ...(retryAfterMs ? { seconds: Math.ceil(retryAfterMs / 1_000) } : {}),
  });
}

/**
 * A length of time in round words: for rules and for those who listen.
 * @param {number} seconds
 */
export function spoken(seconds) {
  return seconds >= 60 && seconds % 60 === 0 ? words().minutesSpoken(seconds / 60) : words().secondsSpoken(seconds);
}

/** @param {import('../api/wire.js').EventNumbers} event */
export function availabilityInWords({ available, held, confirmed, capacity }) {
  return words().availabilitySpoken(count(available), count(held), count(confirmed), count(capacity));
}
