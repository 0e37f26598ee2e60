import { setTimeout as wait } from 'node:timers/promises';
import { ApiClient } from './api-client.js';

const everyMs = 50;
const patienceMs = 1_000;
const size = 10_000; // the maximum of tokens in one call

/**
 * A crowd of buyers: some come too early, most at the opening, the others later. They hold, think, and confirm or
 * cancel, until the event is sold out. Each buyer's choices are the same in every run.
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
   * @param {string[]} urls     front-ends, used in turn
   * @param {string} eventId    an event with a limit of two tickets
   * @param {number} opensAt    the opening of the sale, in milliseconds
   * @param {string[]} tokens
   */
  constructor(urls, eventId, opensAt, tokens) {
    this.#urls = urls;
    this.#eventId = eventId;
    this.#opensAt = opensAt;
    this.#tokens = tokens;
  }

  /**
   * @param {import('./fixture.js').Fixture} fixture
   * @param {string} eventId
   * @param {number} opensAt
   */
  static async gather(fixture, eventId, opensAt) {
    const { tokens } = await fixture.operator.call(
      'POST', '/admin/tokens', { prefix: 'crowd-', first: 1, count: size });
    return new Crowd(fixture.server.urls, eventId, opensAt, tokens);
  }

  /** Ends when the event is sold out, or all buyers have come, and all calls have ended. */
  async buyAll() {
    // By steps and not by the clock: after a pause of this process buyers do not come faster.
    for (let due = 0; !this.#isSoldOut && this.#begun < size; await wait(everyMs)) {
      due += everyMs / 1_000 * arrivalsPerSecond((Date.now() - this.#opensAt) / 1_000);
      while (this.#begun < Math.min(due, size)) this.#buyers.push(this.#buy(this.#begun++));
    }
    await Promise.all(this.#buyers);
  }

  /** @param {number} number */
  async #buy(number) {
    const buyer = new ApiClient(/** @type {string} */ (this.#urls[number % this.#urls.length]), this.#tokens[number]);
    const reservation = await this.#reserve(buyer, `${number}`, number % 3 === 0 ? 2 : 1);
    if (!reservation) return;
    if (number % 13 === 0) await this.#reserve(buyer, `${number}`, reservation.quantity); // a second press
    if (number % 15 === 0) await this.#reserve(buyer, `${number}-more`, 2); // more than the limit
    await wait(2_000 + number * 997 % 9_000);
    const transition = number % 11 === 0 ? 'cancel' : 'confirm';
    await buyer.call('POST', `/ticket/reservations/${reservation.reservationId}/${transition}`);
  }

  /**
   * Retries until the answer is final.
   * @param {ApiClient} buyer
   * @param {string} key
   * @param {number} quantity
   * @returns {Promise<any>} null when refused
   */
  async #reserve(buyer, key, quantity) {
    for (;;) {
      const answer = await buyer.try(
        'POST', `/ticket/reserve/${this.#eventId}`, { quantity }, { 'Idempotency-Key': key });
      const { data, code, terminal, retryAfterMs } = await answer.json();
      if (data) return data;
      if (code === 'SOLD_OUT') this.#isSoldOut = true;
      if (terminal || code === 'INSUFFICIENT' || code === 'LIMIT_EXCEEDED') return null;
      // held tickets may return before their hold ends
      await wait(Math.min(patienceMs, retryAfterMs ?? patienceMs));
    }
  }
}

/** @param {number} seconds  since the opening; negative before it */
function arrivalsPerSecond(seconds) {
  return seconds < 0 ? 30 : 45 + 160 * Math.exp(-seconds / 8);
}
