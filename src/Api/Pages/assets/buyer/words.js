import { count, dateAndTime } from '../page/moments.js';
import { language } from '../page/language.js';
import { en } from './words/en.js';
import { ko } from './words/ko.js';

/** The page's texts in the chosen language. */
export function words() { return language() === 'ko' ? ko : en; }

/**
 * A refusal in words: what happened, and what to do.
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
 * A duration in words, for rules and for screen readers.
 * @param {number} seconds
 */
export function spoken(seconds) {
  return seconds >= 60 && seconds % 60 === 0 ? words().minutesSpoken(seconds / 60) : words().secondsSpoken(seconds);
}

/** @param {import('../api/wire.js').EventNumbers} event */
export function availabilityInWords({ available, held, confirmed, capacity }) {
  return words().availabilitySpoken(count(available), count(held), count(confirmed), count(capacity));
}
