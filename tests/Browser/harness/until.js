import { setTimeout as wait } from 'node:timers/promises';

const pauseMs = 25;

/**
 * Polls a condition until it is true, and returns its value. Throws with its description after a timeout.
 * @template T
 * @param {string} what      the description of the condition
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
    await wait(pauseMs);
  }
}
