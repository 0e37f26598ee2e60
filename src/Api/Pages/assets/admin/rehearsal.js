// A rehearsal as the server sends it, and what follows from it. Nothing here uses the page.

/**
 * @typedef {{buyers: number, rampSeconds: number, patienceSeconds: number, quantity: number}} Order
 * @typedef {'PREPARING' | 'RUNNING' | 'CHECKING' | 'DONE' | 'STOPPED' | 'FAILED'} RehearsalState
 *
 * @typedef {object} Progress  of buyers: arrived = accepted + refused + gaveUp + failed + waiting
 * @property {number} seconds  since the first arrival
 * @property {number} arrived
 * @property {number} accepted
 * @property {number} refused
 * @property {number} gaveUp
 * @property {number} failed
 * @property {number} waiting
 * @property {number} available  tickets left
 *
 * @typedef {object} Rehearsal
 * @property {string} id
 * @property {string} eventId
 * @property {string} eventName
 * @property {number} capacity
 * @property {number} maxPerMember
 * @property {number} holdSeconds
 * @property {Order} order
 * @property {RehearsalState} state
 * @property {string} startedAt
 * @property {string | null} endedAt
 * @property {string | null} problem  why it failed
 * @property {Progress} progress
 * @property {boolean} hasReport
 * @property {Report | null} report   null also in a list
 *
 * @typedef {{count: number, meanMs: number, p50Ms: number, p90Ms: number, p99Ms: number, maxMs: number}} Latency
 * @typedef {{accepted: Latency | null, refused: Latency | null, all: Latency | null}} Latencies
 *
 * @typedef {object} Second  arrivals and answers within it
 * @property {number} at       its number, from 0
 * @property {number} arrived
 * @property {number} accepted
 * @property {number} refused
 * @property {number} failed   gave up, with or without an answer
 * @property {number} waiting  at its end
 * @property {number | null} p99Ms
 *
 * @typedef {object} Report
 * @property {boolean} exact
 * @property {string[]} notExact  why not, in the server's words
 * @property {number} sold
 * @property {number} unsold
 * @property {Record<string, number>} refused   buyers by the code of their final refusal
 * @property {number} gaveUp
 * @property {number} failed
 * @property {Record<string, number>} repeated  answers after which buyers called again, by code
 * @property {number} noAnswer
 * @property {number | null} sellOutSeconds
 * @property {number} lastAnswerSeconds
 * @property {Latencies} latency
 * @property {Second[]} curve
 * @property {import('./stages.js').Stage[]} stages
 * @property {string | null} dominant
 * @property {number} outsideMs  mean time of a call outside the front-end
 * @property {{drift: number, gaps: number, duplicates: number}} reconciliation
 * @property {number} acknowledgedButMissing
 * @property {number} unknownOutcomes
 * @property {{where: string, words: string}} bottleneck
 */

const buyersMax = 20_000;
const buyersForATicket = 9; // a rush: 9,000 for 1,000 tickets

/** The proposed number of buyers: a rush. @param {number} capacity */
export const buyersFor = (capacity) => Math.min(buyersMax, buyersForATicket * capacity);

/** False once it is done, stopped or failed. @param {Pick<Rehearsal, 'state'>} rehearsal */
export const isUnderWay = ({ state }) => ['PREPARING', 'RUNNING', 'CHECKING'].includes(state);

/**
 * A report's seconds as columns for a chart. The last second is repeated at its end, so that all have the same width.
 * @implements {Pick<import('./history.js').History, 'times' | 'column' | 'gaps'>}
 */
export class Curve {
  #seconds;
  times;

  /** @param {Second[]} seconds */
  constructor(seconds) {
    this.#seconds = seconds.concat(seconds.slice(-1).map((last) => ({ ...last, at: last.at + 1 })));
    this.times = this.#seconds.map(({ at }) => at);
  }

  /** @param {string} name */
  column(name) {
    return this.#seconds.map((second) => second[/** @type {keyof Second} */ (name)]);
  }

  /** A report has no gaps. @returns {[number, number][]} */
  gaps() {
    return [];
  }
}

/**
 * The codes of answers, the most frequent first: final refusals, and answers after which buyers called again.
 * @param {Pick<Report, 'refused' | 'repeated'>} report
 */
export function toldOf({ refused, repeated }) {
  const codes = new Set([...Object.keys(refused), ...Object.keys(repeated)]);
  return [...codes].map((code) => ({ code, refused: refused[code] ?? 0, repeated: repeated[code] ?? 0 }))
    .sort((a, b) => b.refused - a.refused || b.repeated - a.repeated);
}
