// Readings since this page was opened, in columns as charts need them. It keeps the last ten minutes, with one reading
// for each slot of time; null marks a time without readings.

export const windowSeconds = 600;

export class History {
  #slotSeconds;
  /** @type {boolean[]} */
  #known = [];
  /** @type {Map<string, (number | null)[]>} */
  #columns = new Map();

  /** In seconds, rising. @type {number[]} */
  times = [];

  /**
   * @param {number} slotSeconds
   * @param {string[]} names  more may come with readings
   */
  constructor(slotSeconds, names = []) {
    this.#slotSeconds = slotSeconds;
    for (const name of names) this.#columns.set(name, []);
  }

  get names() {
    return [...this.#columns.keys()];
  }

  /** The values of one name, beside `times`. @param {string} name */
  column(name) {
    return this.#columns.get(name) ?? this.#known.map((isKnown) => (isKnown ? 0 : null));
  }

  /**
   * Adds a reading; names that it does not have are 0.
   * @param {number} seconds
   * @param {Record<string, number>} reading
   */
  add(seconds, reading) {
    for (const name of Object.keys(reading)) if (!this.#columns.has(name)) this.#columns.set(name, this.column(name));
    const last = this.#lastKnown();
    if (last !== null && seconds - last < this.#slotSeconds) this.#put(this.times.length - 1, last, reading);
    else this.#put(this.times.length, seconds, reading);
  }

  /** Begins a gap without readings. @param {number} seconds */
  addGap(seconds) {
    const last = this.#lastKnown();
    if (last !== null) this.#put(this.times.length, Math.max(seconds, last + 0.001), null);
  }

  /** The gaps, each from the last reading before it to the first after it. @param {number} now */
  gaps(now) {
    /** @type {[number, number][]} */
    const gaps = [];
    this.#known.forEach((isKnown, i) => {
      if (!isKnown) gaps.push([this.times[i - 1] ?? this.times[i] ?? now, this.times[i + 1] ?? now]);
    });
    return gaps;
  }

  /** The time of the last reading; null after a gap, or when there is none. */
  #lastKnown() {
    return this.#known.at(-1) ? this.times.at(-1) ?? null : null;
  }

  /**
   * @param {number} index
   * @param {number} seconds
   * @param {Record<string, number> | null} reading
   */
  #put(index, seconds, reading) {
    this.times[index] = seconds;
    this.#known[index] = reading !== null;
    for (const [name, column] of this.#columns) column[index] = reading && (reading[name] ?? 0);
    this.#forgetBefore(seconds - windowSeconds);
  }

  /** @param {number} seconds */
  #forgetBefore(seconds) {
    const old = this.times.findIndex((time) => time >= seconds);
    if (old <= 0) return;
    for (const column of [this.times, this.#known, ...this.#columns.values()]) column.splice(0, old);
  }
}
