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

  /** The refusal of the last load; null when it succeeded. @type {import('../api/call.js').Answer | null} */
  refusal = null;

  /** @type {Set<() => void>} */
  #watchers = new Set();
  #loads = 0;
  #isLoading = false;

  constructor() {
    session.watch(() => {
      this.#loads++; // a load under way is another member's
      this.all = null;
      this.missing = [];
      this.refusal = null;
      this.#changed();
    });
  }

  /**
   * Calls the watcher after every change.
   * @param {() => void} watcher
   * @param {AbortSignal} signal
   */
  watch(watcher, signal) {
    this.#watchers.add(watcher);
    signal.addEventListener('abort', () => this.#watchers.delete(watcher));
  }

  /** @param {string} eventId */
  of(eventId) { return this.all?.filter((reservation) => reservation.eventId === eventId) ?? []; }

  /** @param {string} reservationId */
  find(reservationId) { return this.all?.find((reservation) => reservation.reservationId === reservationId) ?? null; }

  /**
   * The member's tickets of an event; held ones count.
   * @param {string} eventId
   */
  countOf(eventId) {
    const live = this.of(eventId).filter(({ status }) => status === 'HELD' || status === 'CONFIRMED');
    return live.reduce((sum, { quantity }) => sum + quantity, 0);
  }

  /** Loads until it succeeds. A later call replaces an earlier one. */
  async load() {
    const load = ++this.#loads;
    this.#isLoading = true;
    for (let attempt = 1; ; attempt++) {
      const { token } = session;
      if (!token) return;
      const answer = await call('GET', '/ticket/reservations', { token });
      if (load !== this.#loads) return;
      if (answer.code === 'UNAUTHENTICATED') return session.lapse(token);
      this.refusal = answer.code ? answer : null;
      this.#isLoading = answer.code !== '' && !answer.isTerminal;
      if (!answer.code) [this.all, this.missing] = [answer.data, answer.missing];
      this.#changed();
      if (!answer.code || answer.isTerminal) return;
      await pause(waitBefore(attempt, answer.retryAfterMs));
      if (load !== this.#loads) return;
    }
  }

  /**
   * Adds a reservation from another call's answer.
   * @param {Reservation} reservation
   */
  take(reservation) {
    const isWhole = this.all !== null && !this.#isLoading;
    const known = this.all ?? [];
    this.all = this.find(reservation.reservationId)
      ? known.map((other) => (other.reservationId === reservation.reservationId ? reservation : other))
      : [reservation, ...known];
    this.#changed();
    if (!isWhole) this.load(); // a list under way may be older than this reservation
  }

  #changed() { [...this.#watchers].forEach((watcher) => watcher()); }
}

export const myTickets = new MyTickets();
