// Follows one event's numbers, and comes back by itself when the server goes.
import { pause, waitBefore } from '../api/patience.js';
import { readEvents } from './sse.js';

const silenceMaxMs = 20_000; // longer than the server's heartbeats are apart

/**
 * @param {string} eventId
 * @param {{numbers: (numbers: import('../api/wire.js').EventNumbers) => void, lost: () => void, unknown: () => void}} told
 *   lost: nobody answers, and it tries again; unknown: there is no such event, and it gives up
 * @returns {() => void} stops
 */
export function follow(eventId, told) {
  const stopped = new AbortController();
  let failures = 0;

  run().catch((trouble) => {
    if (!stopped.signal.aborted) throw trouble;
  });
  return () => stopped.abort();

  async function run() {
    for (;;) {
      const status = await listen().catch(() => 0);
      stopped.signal.throwIfAborted();
      if (status === 404) return told.unknown();
      failures++;
      const hasSaidGoodbye = status === 200 && failures === 1; // a front-end that stops; another may be there already
      if (!hasSaidGoodbye) told.lost();
      await pause(waitBefore(failures), stopped.signal);
    }
  }

  /** Until the connection ends. */
  async function listen() {
    const silent = new AbortController();
    /** @type {number | undefined} */
    let watchdog;
    const heard = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => silent.abort(), silenceMaxMs);
    };
    heard();
    try {
      const response = await fetch(`/ticket/events/${eventId}/stream`, {
        headers: { Accept: 'text/event-stream' }, // without Last-Event-ID: the numbers are wanted, also when they are the same
        cache: 'no-store',
        signal: AbortSignal.any([stopped.signal, silent.signal]),
      });
      if (!response.ok || !response.body) return response.status;
      await readEvents(response.body, ({ event, data }) => {
        if (event !== 'availability' || stopped.signal.aborted) return;
        failures = 0;
        told.numbers(JSON.parse(data));
      }, heard);
      return response.status;
    } finally {
      clearTimeout(watchdog);
    }
  }
}
