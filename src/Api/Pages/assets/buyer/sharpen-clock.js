import { call } from '../api/call.js';
import { serverClock } from '../api/server-clock.js';
import { pause } from '../api/patience.js';

const goodEnoughMs = 150;
const questionsMax = 6;
const betweenMs = 170;

/**
 * Makes the server's clock exact enough for a countdown, with a few small questions that cost no database anything: a
 * Date says in which second it was written, and several of them, at different moments of a second, say more.
 * @param {AbortSignal} signal
 */
export async function sharpenClock(signal) {
  try {
    for (let i = 0; i < questionsMax && !(serverClock.errorMs <= goodEnoughMs); i++) {
      await call('GET', '/alive', { signal });
      await pause(betweenMs, signal);
    }
  } catch {
    // The view is gone.
  }
}
