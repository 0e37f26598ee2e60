import { call } from '../api/call.js';
import { pause, waitBefore } from '../api/patience.js';

/** @typedef {import('../api/wire.js').EventNumbers} EventNumbers */
/** @typedef {'live' | 'reconnecting' | 'polling' | 'lost'} Link */

const failuresMax = 4; // in a row; the browser waits some seconds before each of its own tries
const silenceMaxMs = 40_000; // a stream whose other end vanished says nothing, not even an error
const pollMs = 3_000;
const streamAgainMs = 3_000; // the first time: a front-end that was stopping or starting has a stream again soon
const streamAgainDoublings = 6; // where none gets through, it is tried every three minutes in the end

/**
 * Follows one event's numbers: by the server's stream; when that fails again and again, by asking every few seconds,
 * until the stream is back. A page that nobody sees follows nothing: a browser has six connections for one address,
 * and each open page would keep one of them.
 */
export class EventWatch {
  #path;
  #signal;
  #told;
  /** @type {EventSource | null} */
  #stream = null;
  #failures = 0;
  #silence = 0;
  /** @type {AbortController | null} */
  #polling = null;
  /** @type {string | null} */
  #tag = null;
  #version = 0;
  #streamMissing = 0;

  /**
   * @param {string} eventId
   * @param {{numbers: (event: EventNumbers) => void, link: (link: Link) => void, missing: () => void}} told
   * @param {AbortSignal} signal  ends it
   */
  constructor(eventId, told, signal) {
    this.#path = `/ticket/events/${encodeURIComponent(eventId)}`;
    this.#told = told;
    this.#signal = signal;
    const look = () => (document.hidden ? this.#rest() : this.#begin());
    document.addEventListener('visibilitychange', look, { signal });
    signal.addEventListener('abort', () => this.#rest());
    look();
  }

  /** The stream is there, and tells whatever happens. */
  get isLive() { return this.#stream?.readyState === EventSource.OPEN; }

  /** Asks once, now: when something has changed that the stream may tell late. */
  async refresh() {
    const answer = await this.#ask(this.#signal).catch(() => null); // the view is gone
    return answer?.code === '' || answer?.code === 'NOT_MODIFIED';
  }

  /** The first numbers come by asking: it is quicker, and tells an event that does not exist from a stream that does not work. */
  async #begin() {
    if (this.#stream || this.#polling) return;
    this.#polling = new AbortController();
    const { signal } = this.#polling;
    try {
      for (let attempt = 1; ; attempt++) {
        const answer = await this.#ask(signal);
        if (answer.code === 'EVENT_NOT_FOUND') { this.#rest(); this.#told.missing(); return; }
        if (answer.code === '' || answer.code === 'NOT_MODIFIED') break;
        this.#told.link('lost');
        await pause(waitBefore(attempt, answer.retryAfterMs), signal);
      }
    } catch {
      return; // ended, or nobody looks
    }
    this.#polling = null;
    this.#listen();
  }

  #listen() {
    const stream = new EventSource(`${this.#path}/stream`);
    this.#stream = stream;
    this.#awaitSound();
    stream.addEventListener('availability', (message) => {
      this.#failures = 0;
      this.#streamMissing = 0;
      this.#awaitSound();
      this.#told.link('live');
      this.#take(JSON.parse(message.data));
    });
    stream.addEventListener('open', () => this.#told.link('live'));
    stream.addEventListener('error', () => {
      const isOver = stream.readyState === EventSource.CLOSED; // else the browser tries again by itself
      if (isOver || ++this.#failures >= failuresMax) this.#poll();
      else this.#told.link('reconnecting');
    });
  }

  /** Asks every few seconds, and after a while tries the stream again; the longer it is missing, the more rarely. */
  async #poll() {
    this.#closeStream();
    this.#polling = new AbortController();
    const { signal } = this.#polling;
    const until = performance.now() + streamAgainMs * 2 ** Math.min(streamAgainDoublings, this.#streamMissing++);
    let failed = 0;
    try {
      while (performance.now() < until || failed > 0) {
        const answer = await this.#ask(signal);
        const isHeard = answer.code === '' || answer.code === 'NOT_MODIFIED';
        if (isHeard && failed > 0) break; // the server was away and is back, and so may be its stream
        failed = isHeard ? 0 : failed + 1;
        this.#told.link(isHeard ? 'polling' : 'lost');
        await pause(isHeard ? pollMs * (0.75 + Math.random() / 2) : waitBefore(failed, answer.retryAfterMs), signal);
      }
    } catch {
      return; // ended, or nobody looks
    }
    this.#polling = null;
    this.#failures = 0;
    this.#listen();
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

  #awaitSound() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(async () => {
      const before = this.#version;
      if (await this.refresh() && this.#version === before) this.#awaitSound(); // nothing to tell, so silence is right
      else if (this.#stream) this.#poll();
    }, silenceMaxMs);
  }

  #rest() {
    this.#closeStream();
    this.#polling?.abort();
    this.#polling = null;
  }

  #closeStream() {
    clearTimeout(this.#silence);
    this.#stream?.close();
    this.#stream = null;
  }
}
