const unknown = Number.POSITIVE_INFINITY;
const jumpMs = 1_000;

/**
 * The box office's time, as far as its answers tell. Each answer says: when I was written, which was after you asked
 * and before you read me, my clock was between these two moments. The difference to our own clock lies in what all
 * answers have in common. Some answers tell it exactly; of the others a few make it exact to a fraction of a second,
 * although the header Date counts whole seconds only.
 */
export class ServerClock {
  #differenceMin = -unknown;
  #differenceMax = unknown;
  #isOwners = false;
  #wallAhead = wallAhead();

  /**
   * @param {number} sentAt      by performance.now(), which no change of the computer's time touches
   * @param {number} receivedAt
   * @param {{date: string | null, now?: string | null, serverTime?: string | undefined}} told
   *   date and now: a front-end's clock, in whole seconds and exact; serverTime: that of the event's owner
   */
  observe(sentAt, receivedAt, { date, now, serverTime }) {
    this.#forgetAfterSleep();
    const exact = Date.parse(serverTime ?? '');
    if (!Number.isNaN(exact)) {
      // The clock of the event's owner is the one that opens the sale. A front-end's Date should be the same; if not,
      // it is worth nothing.
      if (!this.#isOwners) this.#forget();
      this.#isOwners = true;
      this.#narrow(exact - receivedAt, exact - sentAt);
      return;
    }
    if (this.#isOwners) return;
    const frontEnds = Date.parse(now ?? '');
    if (!Number.isNaN(frontEnds)) return this.#narrow(frontEnds - receivedAt, frontEnds + 1 - sentAt);
    const second = Date.parse(date ?? '');
    if (!Number.isNaN(second)) this.#narrow(second - receivedAt, second + 1_000 - sentAt);
  }

  /** Milliseconds since 1970, there. */
  now() { return this.#isKnown ? performance.now() + (this.#differenceMin + this.#differenceMax) / 2 : Date.now(); }

  /** The same, at the latest: who counts from it promises nobody more time than there is. */
  latest() { return this.#isKnown ? performance.now() + this.#differenceMax : Date.now(); }

  /** Now() may be wrong by so many milliseconds, to either side. */
  get errorMs() { return (this.#differenceMax - this.#differenceMin) / 2; }

  get #isKnown() { return this.#differenceMax < unknown; }

  /**
   * @param {number} min
   * @param {number} max
   */
  #narrow(min, max) {
    const commonMin = Math.max(min, this.#differenceMin);
    const commonMax = Math.min(max, this.#differenceMax);
    // Nothing in common: a clock was set, and the newest answer is right.
    [this.#differenceMin, this.#differenceMax] = commonMin <= commonMax ? [commonMin, commonMax] : [min, max];
  }

  #forgetAfterSleep() {
    // In some browsers performance.now() stands still while the computer sleeps.
    const ahead = wallAhead();
    if (Math.abs(ahead - this.#wallAhead) > jumpMs) this.#forget();
    this.#wallAhead = ahead;
  }

  #forget() {
    this.#differenceMin = -unknown;
    this.#differenceMax = unknown;
    this.#isOwners = false;
  }
}

function wallAhead() { return Date.now() - performance.now(); }

/** The one of this page: every answer that the page reads tells it something. */
export const serverClock = new ServerClock();
