const unknown = Number.POSITIVE_INFINITY;
const jumpMs = 1_000;

/**
 * The server's clock, estimated from its answers. An answer was written between the call and its arrival, so its time
 * gives a lower and an upper bound of the difference to the clock of this device. The estimate is the intersection of
 * all bounds. Some answers have milliseconds; a few of the others are enough for a fraction of a second, although the
 * header Date counts whole seconds.
 */
export class ServerClock {
  #differenceMin = -unknown;
  #differenceMax = unknown;
  #isOwners = false;
  #wallAhead = wallAhead();

  /**
   * @param {number} sentAt      by performance.now(), which a change of the device's clock does not affect
   * @param {number} receivedAt
   * @param {{date: string | null, now?: string | null, serverTime?: string | undefined}} times
   *   date and now: a front-end's clock, in whole seconds and exact; serverTime: that of the event's owner
   */
  observe(sentAt, receivedAt, { date, now, serverTime }) {
    this.#forgetAfterSleep();
    const exact = Date.parse(serverTime ?? '');
    if (!Number.isNaN(exact)) {
      // The clock of the event's owner opens the sale. A front-end's Date should agree; from here on it is ignored.
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

  /** The server's time, in milliseconds since 1970. */
  now() { return this.#isKnown ? performance.now() + (this.#differenceMin + this.#differenceMax) / 2 : Date.now(); }

  /** The latest that it can be: a countdown from it never shows more time than is left. */
  latest() { return this.#isKnown ? performance.now() + this.#differenceMax : Date.now(); }

  /** The error of now(), in milliseconds to either side. */
  get errorMs() { return (this.#differenceMax - this.#differenceMin) / 2; }

  get #isKnown() { return this.#differenceMax < unknown; }

  /**
   * @param {number} min
   * @param {number} max
   */
  #narrow(min, max) {
    const commonMin = Math.max(min, this.#differenceMin);
    const commonMax = Math.min(max, this.#differenceMax);
    // No intersection: a clock was set, and the newest answer is right.
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

/** The page's one instance: every answer is observed. */
export const serverClock = new ServerClock();
