import { untilSeen } from '../page/seen.js';
import { call } from './call.js';
import { listen } from './event-stream.js';
import { pause, waitBefore } from './patience.js';

/** @typedef {import('./wire.js').EventNumbers} EventNumbers */
/** @typedef {'live' | 'reconnecting' | 'polling' | 'lost'} Link */

const pollMs = 3_000;
const streamAgainMs = 3_000; // the first time: a front-end that stops or starts has a stream again soon
const streamAgainDoublings = 6; // where no stream gets through, it is tried every three minutes in the end

/**
 * Follows one event's numbers by the server's stream. When the stream sends nothing, it polls every few seconds until
 * the next try. A hidden page follows nothing unless isAlsoHidden: a browser has six connections for one address, and
 * each open page would keep one of them.
 */
export class EventWatch {
  #path;
  #signal;
  #listener;
  /** @type {string | null} */
  #tag = null;
  #version = 0;

  /** The stream is connected, and sends every change. */
  isLive = false;

  /**
   * @param {string} eventId
   * @param {{numbers: (event: EventNumbers) => void, link: (link: Link) => void, missing: () => void}} listener
   * @param {AbortSignal} signal  ends it
   * @param {{isAlsoHidden?: boolean}} [also]
   */
  constructor(eventId, listener, signal, { isAlsoHidden = false } = {}) {
    this.#path = `/ticket/events/${encodeURIComponent(eventId)}`;
    this.#listener = listener;
    this.#signal = signal;
    (isAlsoHidden ? this.#follow(signal) : this.#followWhileSeen()).catch((error) => {
      if (!signal.aborted) throw error;
    });
  }

  /** Polls once, now: for a change that the stream may send late. */
  async refresh() {
    await this.#ask(this.#signal).catch(() => null); // the view is gone
  }

  async #followWhileSeen() {
    for (;;) {
      await untilSeen(this.#signal);
      const hidden = new AbortController();
      const check = () => { if (document.hidden) hidden.abort(); };
      document.addEventListener('visibilitychange', check);
      try {
        await this.#follow(AbortSignal.any([this.#signal, hidden.signal]));
        return; // there is no such event
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!hidden.signal.aborted) throw error;
      } finally {
        document.removeEventListener('visibilitychange', check);
        this.isLive = false;
      }
    }
  }

  /**
   * Until there is no such event.
   * @param {AbortSignal} signal
   */
  async #follow(signal) {
    for (let silent = 0; ;) {
      const end = await listen(this.#path, (event) => {
        this.isLive = true;
        this.#listener.link('live');
        this.#take(event);
      }, signal);
      this.isLive = false;
      if (end.isHeard) {
        silent = 0;
        this.#listener.link('reconnecting');
        await pause(end.reconnectMs, signal);
      } else {
        if (end.status === 0) this.#listener.link('lost');
        if (await this.#poll(signal, silent++)) return this.#listener.missing();
      }
    }
  }

  /**
   * Polls every few seconds until the next try of the stream: after a pause that doubles with each failed try, or as
   * soon as the server answers again.
   * @param {AbortSignal} signal
   * @param {number} silent  tries in a row in which the stream sent nothing
   * @returns {Promise<boolean>} true when there is no such event
   */
  async #poll(signal, silent) {
    const until = performance.now() + streamAgainMs * 2 ** Math.min(streamAgainDoublings, silent);
    for (let failed = 0; performance.now() < until || failed > 0;) {
      const answer = await this.#ask(signal);
      if (answer.code === 'EVENT_NOT_FOUND') return true;
      const isHeard = answer.code === '' || answer.code === 'NOT_MODIFIED';
      if (isHeard && failed > 0) break;
      failed = isHeard ? 0 : failed + 1;
      this.#listener.link(isHeard ? 'polling' : 'lost');
      await pause(isHeard ? pollMs * (0.75 + Math.random() / 2) : waitBefore(failed, answer.retryAfterMs), signal);
    }
    return false;
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    const answer = await call('GET', this.#path, { tag: this.#tag, signal });
    if (answer.code === '') this.#take(answer.data);
    if (answer.tag) this.#tag = answer.tag;
    return answer;
  }

  /** @param {EventNumbers} event */
  #take(event) {
    if (event.version < this.#version) return; // overtaken on the way
    this.#version = event.version;
    this.#listener.numbers(event);
  }
}
