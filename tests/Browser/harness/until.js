import { setTimeout as wait } from 'node:timers/promises';

const betweenLooksMs = 25;

/**
 * Waits for a condition; what it returned is the result. Fails with a sentence when it does not come true in time.
 * @template T
 * @param {string} what      the condition in words
 * @param {() => T | Promise<T>} condition
 * @param {number} [seconds]
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, condition, seconds = 20) {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const seen = await condition();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}`);
    await wait(betweenLooksMs);
  }
}
