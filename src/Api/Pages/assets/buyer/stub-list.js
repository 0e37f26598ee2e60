import { element } from '../page/element.js';
import { TicketStub } from './ticket-stub.js';

/** Reservations as ticket stubs. Each keeps its element for as long as it is shown. */
export class StubList {
  node = element('div', { class: 'stubs' });
  #level;
  /** @type {Map<string, TicketStub>} */
  #stubs = new Map();
  /** @type {Map<string, string>} */
  #names = new Map();

  /** @param {'h2' | 'h3'} level  of each heading */
  constructor(level) { this.#level = level; }

  get isEmpty() { return this.#stubs.size === 0; }

  /** @param {import('../api/wire.js').Reservation} reservation */
  has({ reservationId }) { return this.#stubs.has(reservationId); }

  /** @param {import('../api/wire.js').Reservation[]} reservations */
  show(reservations) {
    const shown = new Set(reservations.map(({ reservationId }) => reservationId));
    for (const [id, stub] of this.#stubs) {
      if (shown.has(id)) continue;
      stub.node.remove();
      this.#stubs.delete(id);
    }
    reservations.forEach((reservation, position) => {
      const stub = this.#stubOf(reservation);
      stub.update(reservation);
      const there = this.node.children.item(position);
      if (there !== stub.node) this.node.insertBefore(stub.node, there);
    });
  }

  /**
   * @param {string} eventId
   * @param {string} name
   */
  nameEvent(eventId, name) {
    if (this.#names.get(eventId) === name) return;
    this.#names.set(eventId, name);
    this.#stubs.forEach((stub) => { if (stub.eventId === eventId) stub.rename(name); });
  }

  tick() { this.#stubs.forEach((stub) => stub.tick()); }

  /** @param {import('../api/wire.js').Reservation} reservation */
  #stubOf(reservation) {
    const { reservationId, eventId } = reservation;
    const stub = this.#stubs.get(reservationId)
      ?? new TicketStub(reservation, this.#names.get(eventId) ?? '…', this.#level);
    this.#stubs.set(reservationId, stub);
    return stub;
  }
}
