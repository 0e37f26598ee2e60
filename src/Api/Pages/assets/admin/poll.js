// Polls while the page is visible, and more slowly while there is no answer.
import { pause, waitBefore } from '../api/patience.js';
import { untilSeen } from '../page/seen.js';
import { get } from './api.js';

/**
 * @param {string} path
 * @param {number} everyMs
 * @param {(answer: import('./api.js').Answer) => void} answered  gets every answer, also refusals
 * @returns {() => void} stops
 */
export function poll(path, everyMs, answered) {
  const stop = new AbortController();
  run(path, everyMs, answered, stop.signal).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  return () => stop.abort();
}

/**
 * @param {string} path
 * @param {number} everyMs
 * @param {(answer: import('./api.js').Answer) => void} answered
 * @param {AbortSignal} signal
 */
async function run(path, everyMs, answered, signal) {
  for (let failures = 0; ;) {
    await untilSeen(signal);
    const began = performance.now();
    const answer = await get(path, signal);
    signal.throwIfAborted();
    answered(answer);
    failures = answer.isDone ? 0 : failures + 1;
    const rest = Math.max(0, everyMs - (performance.now() - began));
    await pause(answer.isDone ? rest : waitBefore(failures, answer.retryAfterMs), signal);
  }
}
