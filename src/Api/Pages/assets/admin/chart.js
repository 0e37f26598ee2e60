// A chart of stacked areas over time. Its figures are also in the table beside it.
import { count } from '../page/moments.js';
import uPlot from '../uplot/uPlot.esm.js';
import { colour, whenSchemeChanges } from './colours.js';
import { clock, compact } from './format.js';
import { windowSeconds } from './history.js';
import { t } from './words.js';

const spanSecondsMin = 60;
const height = 200;
const stepped = uPlot.paths.stepped?.({ align: 1 });
const joined = uPlot.paths.linear?.();

/**
 * @typedef {object} Area
 * @property {string} name    of the history's column
 * @property {string} colour  of the style sheet, such as --sold
 */

/**
 * @typedef {object} Span
 * @property {boolean} isClock
 * @property {(seconds: number) => string} words
 * @property {(now: number, first: number) => [number, number]} range
 */

/** The last minutes, by the clock. @type {Span} */
const lastMinutes = {
  isClock: true,
  words: clock,
  range: (now, first) => [now - Math.min(windowSeconds, Math.max(spanSecondsMin, now - first)), now],
};

/** All seconds since the beginning, which is 0. @type {Span} */
export const fromTheBeginning = {
  isClock: false,
  words: (seconds) => (Number.isInteger(seconds) ? t('seconds', { seconds: count(seconds) }) : ''),
  range: (now) => [0, now],
};

/**
 * The data: columns beside the times, where null is unknown, and the gaps in which nothing is known.
 * @typedef {Pick<import('./history.js').History, 'times' | 'column' | 'gaps'>} Readings
 */

export class Chart {
  #host;
  #history;
  #over;
  #paths;
  /** @type {Area[]} */
  #areas = [];
  /** @type {uPlot | null} */
  #plot = null;
  #now = 0;
  #scaleMax;
  #pointed;
  #ends;

  /**
   * @param {HTMLElement} host
   * @param {Readings} history
   * @param {{scaleMax?: () => number, pointed?: (index: number | null) => void, over?: Span,
   *   isStepped?: boolean}} [also]
   *   scaleMax: the scale's maximum is at least this; pointed: called with the reading under the mouse; over: the span
   *   of time; isStepped: a value holds until the next reading, else readings are joined by lines
   */
  constructor(host, history, { scaleMax = () => 0, pointed = () => {}, over = lastMinutes, isStepped = true } = {}) {
    this.#host = host;
    this.#history = history;
    this.#over = over;
    this.#paths = isStepped ? stepped : joined;
    this.#scaleMax = scaleMax;
    this.#pointed = pointed;
    const resized = new ResizeObserver(() => this.#fit());
    resized.observe(host);
    const unwatch = whenSchemeChanges(() => this.#make());
    this.#ends = () => {
      resized.disconnect();
      unwatch();
      this.#plot?.destroy();
      this.#plot = null;
    };
  }

  /**
   * Paints the history.
   * @param {number} now
   * @param {Area[]} areas  from the bottom up
   */
  paint(now, areas) {
    this.#now = now;
    const isSame = this.#plot && areas.length === this.#areas.length
      && areas.every(({ name }, i) => name === this.#areas[i]?.name);
    this.#areas = areas;
    if (isSame) this.#plot?.setData(this.#stack());
    else this.#make();
  }

  end() {
    this.#ends();
  }

  #make() {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#areas.length === 0 || this.#host.clientWidth === 0) return;
    this.#plot = new uPlot(this.#options(), this.#stack(), this.#host);
  }

  #fit() {
    if (!this.#plot) this.#make();
    else if (this.#plot.width !== this.#host.clientWidth) this.#plot.setSize({ width: this.#host.clientWidth, height });
  }

  /** Stacks each area on the one below it. @returns {uPlot.AlignedData} */
  #stack() {
    /** @type {(number | null)[]} */
    let below = this.#history.times.map(() => 0);
    const columns = this.#areas.map(({ name }) => {
      const column = this.#history.column(name);
      below = below.map((sum, i) => {
        const value = column[i] ?? null;
        return value === null || sum === null ? null : sum + value;
      });
      return below;
    });
    return [this.#history.times, ...columns];
  }

  /** @returns {uPlot.Options} */
  #options() {
    const [ink, line, surface] = [colour('--muted'), colour('--line'), colour('--card')];
    const axis = {
      stroke: ink, font: '12px system-ui, sans-serif', ticks: { show: false }, grid: { stroke: line, width: 1 },
    };
    const whole = (/** @type {number} */ value) => (Number.isInteger(value) ? compact(value) : '');
    return {
      width: this.#host.clientWidth,
      height,
      padding: [12, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { setScale: false, x: false, y: false } },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: this.#over.isClock, range: () => this.#over.range(this.#now, this.#history.times[0] ?? this.#now) },
        y: { range: (_, __, max) => [0, Math.max(1, this.#scaleMax(), max ?? 0) * 1.04] },
      },
      axes: [
        { ...axis, grid: { show: false }, size: 28, space: 80, values: (_, splits) => splits.map(this.#over.words) },
        { ...axis, size: 52, space: 40, values: (_, splits) => splits.map(whole) },
      ],
      series: [{}, ...this.#areas.map((area) => ({
        stroke: surface, width: 1, fill: colour(area.colour), paths: this.#paths, points: { show: false },
      }))],
      bands: this.#areas.slice(1).map((_, i) => ({ series: /** @type {[number, number]} */ ([i + 2, i + 1]) })),
      hooks: {
        drawClear: [(plot) => this.#paintGaps(plot)],
        setCursor: [(plot) => this.#pointed(plot.cursor.idx ?? null)],
      },
    };
  }

  /** @param {uPlot} plot */
  #paintGaps(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = colour('--gap');
    for (const [from, to] of this.#history.gaps(this.#now)) {
      const left = plot.valToPos(from, 'x', true);
      ctx.fillRect(left, bbox.top, Math.max(1, plot.valToPos(to, 'x', true) - left), bbox.height);
    }
    ctx.restore();
  }
}
