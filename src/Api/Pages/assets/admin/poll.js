// Asks again and again while somebody can see the page, and more slowly while nobody answers.
import { pause, waitBefore } from '../api/patience.js';
import { untilSeen } from '../page/seen.js';
import { get } from './api.js';

/**
 * @param {string} path
 * @param {number} everyMs
 * @param {(answer: import('./api.js').Answer) => void} told  gets every answer, also refusals
 * @returns {() => void} stops
 */
export function poll(path, everyMs, told) {
  const stop = new AbortController();
  run(path, everyMs, told, stop.signal).catch((trouble) => {
    if (!stop.signal.aborted) throw trouble;
  });
  return () => stop.abort();
}

/**
 * @param {string} path
 * @param {number} everyMs
 * @param {(answer: import('./api.js').Answer) => void} told
 * @param {AbortSignal} signal
 */
async function run(path, everyMs, told, signal) {
  for (let failures = 0; ;) {
    await untilSeen(signal);
    const began = performance.now();
    const answer = await get(path, signal);
    signal.throwIfAborted();
    told(answer);
    failures = answer.isDone ? 0 : failures + 1;
    const wait = answer.isDone ? Math.max(0, everyMs - (performance.now() - began)) : waitBefore(failures, answer.retryAfterMs);
    await pause(wait, signal);
  }
}
