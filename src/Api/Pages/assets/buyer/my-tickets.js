import { call } from '../api/call.js';
import { pause, waitBefore } from '../api/patience.js';
import { session } from './session.js';

/** @typedef {import('../api/wire.js').Reservation} Reservation */

/** The reservations of the member who is logged in. */
class MyTickets {
  /** Newest first; null until they are known. @type {Reservation[] | null} */
  all = null;

  /** Events that did not answer, where the member may have reservations. @type {string[]} */
  missing = [];

  /** What stands in the way of knowing them. @type {import('../api/call.js').Answer | null} */
  trouble = null;

  /** @type {Set<() => void>} */
  #watchers = new Set();
  #loads = 0;
  #isLoading = false;

  constructor() {
    session.watch(() => {
      this.#loads++; // whatever is under way was another member's
      this.all = null;
      this.missing = [];
      this.trouble = null;
      this.#tell();
    });
  }

  /**
   * Hears of every change.
   * @param {() => void} watcher
   * @param {AbortSignal} signal
   */
  watch(watcher, signal) {
    this.#watchers.add(watcher);
    signal.addEventListener('abort', () => this.#watchers.delete(watcher));
  }

  /** @param {string} eventId */
  of(eventId) { return this.all?.filter((one) => one.eventId === eventId) ?? []; }

  /** @param {string} reservationId */
  find(reservationId) { return this.all?.find((one) => one.reservationId === reservationId) ?? null; }

  /**
   * How many tickets of an event the member has: held ones count.
   * @param {string} eventId
   */
  countOf(eventId) {
    const live = this.of(eventId).filter(({ status }) => status === 'HELD' || status === 'CONFIRMED');
    return live.reduce((sum, { quantity }) => sum + quantity, 0);
  }

  /** Asks until it knows. A later call takes the place of an earlier one. */
  async load() {
    const load = ++this.#loads;
    this.#isLoading = true;
    for (let attempt = 1; ; attempt++) {
      const { token } = session;
      if (!token) return;
      const answer = await call('GET', '/ticket/reservations', { token });
      if (load !== this.#loads) return;
      if (answer.code === 'UNAUTHENTICATED') return session.lapse(token);
      this.trouble = answer.code ? answer : null;
      this.#isLoading = answer.code !== '' && !answer.isTerminal;
      if (!answer.code) [this.all, this.missing] = [answer.data, answer.missing];
      this.#tell();
      if (!answer.code || answer.isTerminal) return;
      await pause(waitBefore(attempt, answer.retryAfterMs));
      if (load !== this.#loads) return;
    }
  }

  /**
   * An answer told of one.
   * @param {Reservation} reservation
   */
  take(reservation) {
    const isWhole = this.all !== null && !this.#isLoading;
    const known = this.all ?? [];
    this.all = this.find(reservation.reservationId)
      ? known.map((one) => (one.reservationId === reservation.reservationId ? reservation : one))
      : [reservation, ...known];
    this.#tell();
    if (!isWhole) this.load(); // a list that is on its way may be older than this
  }

  #tell() { [...this.#watchers].forEach((watcher) => watcher()); }
}

export const myTickets = new MyTickets();
