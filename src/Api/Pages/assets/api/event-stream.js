import { serverClock } from './server-clock.js';
import { readEvents } from './sse.js';

const answerMaxMs = 20_000; // the server answers before that
const silenceMaxMs = 40_000; // longer than the pause between keep-alives, also while an event does not answer
const reconnectMs = 1_000; // until the server says how long

/**
 * Why a stream ended. status: of the answer, 0 when there was none; isHeard: numbers came; reconnectMs: the pause that
 * the server asks for before the next try.
 * @typedef {{status: number, isHeard: boolean, reconnectMs: number}} End
 */

/**
 * Listens to an event's numbers until the connection ends or is silent for too long. It reads the response itself:
 * EventSource shows neither the status of a refusal, nor keep-alives, nor the server's time.
 * @param {string} path  of the event
 * @param {(event: import('./wire.js').EventNumbers) => void} received
 * @param {AbortSignal} signal
 * @returns {Promise<End>}  it throws when the signal is aborted
 */
export async function listen(path, received, signal) {
  const silent = new AbortController();
  /** @type {End} */
  const end = { status: 0, isHeard: false, reconnectMs };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let watchdog;
  const expectWithin = (/** @type {number} */ ms) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => silent.abort(), ms);
  };
  expectWithin(answerMaxMs);
  try {
    const sentAt = performance.now();
    const response = await fetch(`${path}/stream`, {
      // Without Last-Event-ID: the numbers are wanted, also when they have not changed.
      headers: { Accept: 'text/event-stream' },
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.any([signal, silent.signal]),
    });
    end.status = response.status;
    const { headers } = response;
    serverClock.observe(sentAt, performance.now(), { date: headers.get('Date'), now: headers.get('Server-Time') });
    if (!response.ok || !response.body) {
      silent.abort(); // the body of a refusal is not read
      return end;
    }
    await readEvents(response.body, ({ event, data, retryMs }) => {
      if (retryMs) end.reconnectMs = retryMs;
      if (event !== 'availability' || signal.aborted) return;
      end.isHeard = true;
      received(JSON.parse(data));
    }, () => expectWithin(silenceMaxMs));
  } catch {
    signal.throwIfAborted(); // else the connection was lost
  } finally {
    clearTimeout(watchdog);
  }
  return end;
}
