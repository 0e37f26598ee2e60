import { setTimeout as wait } from 'node:timers/promises';
import { Caller } from './caller.js';

const everyMs = 50;
const patienceMs = 1_000;
const size = 10_000; // as many tokens as are issued in one call

/**
 * Buyers who come to one event as people do: some too early, most when it opens, the others bit by bit. They hold, think,
 * and confirm or give back, until none of them gets a ticket any more. Who does what is the same each time.
 */
export class Crowd {
  #urls;
  #eventId;
  #opensAt;
  /** @type {string[]} */
  #tokens;
  #isSoldOut = false;
  #begun = 0;
  /** @type {Promise<void>[]} */
  #buyers = [];

  /**
   * @param {string[]} urls     front-ends, asked in turn
   * @param {string} eventId    an event that sells two tickets at most to each
   * @param {number} opensAt    when its sale opens, in milliseconds
   * @param {string[]} tokens
   */
  constructor(urls, eventId, opensAt, tokens) {
    this.#urls = urls;
    this.#eventId = eventId;
    this.#opensAt = opensAt;
    this.#tokens = tokens;
  }

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {string} eventId
   * @param {number} opensAt
   */
  static async gather(stage, eventId, opensAt) {
    const { tokens } = await stage.operator.call('POST', '/admin/tokens', { prefix: 'crowd-', first: 1, count: size });
    return new Crowd(stage.house.urls, eventId, opensAt, tokens);
  }

  /** Until the event is sold out, or nobody is left, and everybody has settled. */
  async buyAll() {
    // By steps and not by the clock: after a moment without a processor nobody comes twice as fast.
    for (let due = 0; !this.#isSoldOut && this.#begun < size; await wait(everyMs)) {
      due += everyMs / 1_000 * arrivalsPerSecond((Date.now() - this.#opensAt) / 1_000);
      while (this.#begun < Math.min(due, size)) this.#buyers.push(this.#buy(this.#begun++));
    }
    await Promise.all(this.#buyers);
  }

  /** @param {number} number */
  async #buy(number) {
    const buyer = new Caller(/** @type {string} */ (this.#urls[number % this.#urls.length]), this.#tokens[number]);
    const reservation = await this.#reserve(buyer, `${number}`, number % 3 === 0 ? 2 : 1);
    if (!reservation) return;
    if (number % 13 === 0) await this.#reserve(buyer, `${number}`, reservation.quantity); // presses again
    if (number % 15 === 0) await this.#reserve(buyer, `${number}-more`, 2); // wants more than there is for one
    await wait(2_000 + number * 997 % 9_000);
    await buyer.call('POST', `/ticket/reservations/${reservation.reservationId}/${number % 11 === 0 ? 'cancel' : 'confirm'}`);
  }

  /**
   * Asks until there is a final answer.
   * @param {Caller} buyer
   * @param {string} key
   * @param {number} quantity
   * @returns {Promise<any>} null when refused
   */
  async #reserve(buyer, key, quantity) {
    for (;;) {
      const answer = await buyer.try('POST', `/ticket/reserve/${this.#eventId}`, { quantity }, { 'Idempotency-Key': key });
      const { data, code, terminal, retryAfterMs } = await answer.json();
      if (data) return data;
      if (code === 'SOLD_OUT') this.#isSoldOut = true;
      if (terminal || code === 'INSUFFICIENT' || code === 'LIMIT_EXCEEDED') return null;
      await wait(Math.min(patienceMs, retryAfterMs ?? patienceMs)); // when all are held, some come back long before they must
    }
  }
}

/** @param {number} seconds  since the sale opened; negative before */
function arrivalsPerSecond(seconds) {
  return seconds < 0 ? 30 : 45 + 160 * Math.exp(-seconds / 8);
}
