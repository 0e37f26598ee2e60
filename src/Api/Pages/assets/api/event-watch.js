import { untilSeen } from '../page/seen.js';
import { call } from './call.js';
import { listen } from './event-stream.js';
import { pause, waitBefore } from './patience.js';

/** @typedef {import('./wire.js').EventNumbers} EventNumbers */
/** @typedef {'live' | 'reconnecting' | 'polling' | 'lost'} Link */

const pollMs = 3_000;
const streamAgainMs = 3_000; // the first time: a front-end that was stopping or starting has a stream again soon
const streamAgainDoublings = 6; // where none gets through, it is tried every three minutes in the end

/**
 * Follows one event's numbers: by the server's stream; where that tells nothing, by asking every few seconds until it
 * is tried again. A page that nobody sees follows nothing, unless it is said to: a browser has six connections for
 * one address, and each open page would keep one of them.
 */
export class EventWatch {
  #path;
  #signal;
  #told;
  /** @type {string | null} */
  #tag = null;
  #version = 0;

  /** The stream is there, and tells whatever happens. */
  isLive = false;

  /**
   * @param {string} eventId
   * @param {{numbers: (event: EventNumbers) => void, link: (link: Link) => void, missing: () => void}} told
   * @param {AbortSignal} signal  ends it
   * @param {{isAlsoHidden?: boolean}} [also]
   */
  constructor(eventId, told, signal, { isAlsoHidden = false } = {}) {
    this.#path = `/ticket/events/${encodeURIComponent(eventId)}`;
    this.#told = told;
    this.#signal = signal;
    (isAlsoHidden ? this.#follow(signal) : this.#followWhileSeen()).catch((trouble) => {
      if (!signal.aborted) throw trouble;
    });
  }

  /** Asks once, now: when something has changed that the stream may tell late. */
  async refresh() {
    await this.#ask(this.#signal).catch(() => null); // the view is gone
  }

  async #followWhileSeen() {
    for (;;) {
      await untilSeen(this.#signal);
      const hidden = new AbortController();
      const look = () => { if (document.hidden) hidden.abort(); };
      document.addEventListener('visibilitychange', look);
      try {
        await this.#follow(AbortSignal.any([this.#signal, hidden.signal]));
        return; // there is no such event
      } catch (trouble) {
        this.#signal.throwIfAborted();
        if (!hidden.signal.aborted) throw trouble;
      } finally {
        document.removeEventListener('visibilitychange', look);
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
        this.#told.link('live');
        this.#take(event);
      }, signal);
      this.isLive = false;
      if (end.isHeard) {
        silent = 0;
        this.#told.link('reconnecting');
        await pause(end.reconnectMs, signal);
      } else {
        if (end.status === 0) this.#told.link('lost');
        if (await this.#poll(signal, silent++)) return this.#told.missing();
      }
    }
  }

  /**
   * Asks every few seconds until the stream is worth another try: after a while, which is longer the longer it is
   * missing, or as soon as a server that was away is back.
   * @param {AbortSignal} signal
   * @param {number} silent  how often in a row the stream told nothing before
   * @returns {Promise<boolean>} whether it was told that there is no such event
   */
  async #poll(signal, silent) {
    const until = performance.now() + streamAgainMs * 2 ** Math.min(streamAgainDoublings, silent);
    for (let failed = 0; performance.now() < until || failed > 0;) {
      const answer = await this.#ask(signal);
      if (answer.code === 'EVENT_NOT_FOUND') return true;
      const isHeard = answer.code === '' || answer.code === 'NOT_MODIFIED';
      if (isHeard && failed > 0) break;
      failed = isHeard ? 0 : failed + 1;
      this.#told.link(isHeard ? 'polling' : 'lost');
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
    this.#told.numbers(event);
  }
}
