// Decisions per second, by code.
import { count } from '../page/moments.js';
import { Chart } from './chart.js';
import { inOrder, markOf } from './codes.js';
import { el } from './dom.js';
import { FigureTable } from './figure-table.js';
import { clock, rate, shortMoment } from './format.js';
import { History } from './history.js';
import { t } from './words.js';

const slotSeconds = 0.5;

/** @typedef {{since: string, codes: Record<string, number>}} Counts  since a moment */

export class Decisions {
  #history = new History(slotSeconds);
  #picture = el('div', { class: 'chart', 'aria-hidden': 'true' });
  #table = new FigureTable(() => t('decisions.caption'),
    [() => t('decisions.code'), () => t('decisions.rate'), () => '']);
  #none = el('p', { class: 'hint', t: 'decisions.none' });
  /** @type {(Counts & {at: number}) | null} */
  #last = null;
  /** @type {number | null} */
  #pointed = null;
  #chart;
  element = el('section', { class: 'card panel' },
    el('h2', { t: 'decisions.title' }), this.#picture, this.#table.element, this.#none);

  constructor() {
    this.#chart = new Chart(this.#picture, this.#history, {
      pointed: (index) => {
        this.#pointed = index;
        this.#tell();
      },
    });
  }

  /** @param {Counts} counts */
  add({ since, codes }) {
    const at = now();
    // Counts with another beginning, of another owner or process, cannot be compared with the last ones.
    if (this.#last && this.#last.since === since) {
      const { codes: before, at: then } = this.#last;
      this.#history.add(at, Object.fromEntries(Object.keys(codes).map((code) =>
        [code, Math.max(0, (codes[code] ?? 0) - (before[code] ?? 0)) / (at - then)])));
    } else {
      this.#history.addGap(at);
    }
    this.#last = { since, codes, at };
    this.#paint();
  }

  /** The connection is lost: what follows is unknown. */
  lose() {
    this.#history.addGap(now());
    this.#last = null;
    this.#paint();
  }

  end() {
    this.#chart.end();
  }

  #paint() {
    this.#chart.paint(now(), inOrder(this.#history.names).map((name) => ({ name, colour: `--${markOf(name)}` })));
    this.#tell();
  }

  #tell() {
    const last = this.#history.times.length - 1;
    const at = this.#pointed !== null && this.#pointed <= last ? this.#pointed : null;
    const time = this.#history.times[at ?? last] ?? now();
    this.#table.head(1, () => (at === null ? t('decisions.rate') : t('chart.at', { time: clock(time) })));
    const since = this.#last?.since;
    if (since) this.#table.head(2, () => t('decisions.total', { time: shortMoment(since) }));
    const codes = inOrder(Object.keys(this.#last?.codes ?? {}).concat(this.#history.names)
      .filter((code, i, all) => all.indexOf(code) === i));
    this.#none.hidden = codes.length > 0;
    this.#picture.hidden = codes.length === 0;
    this.#table.element.hidden = codes.length === 0;
    const figures = codes.map((code) => ({
      code,
      perSecond: this.#history.column(code)[at ?? last] ?? null,
      total: this.#last ? this.#last.codes[code] ?? 0 : null,
    }));
    this.#table.show([
      ...figures.map(({ code, perSecond, total }) =>
        ({ key: code, mark: markOf(code), label: () => code, values: inWords(perSecond, total) })),
      {
        key: '', mark: 'all', label: () => t('decisions.all'),
        values: inWords(sum(figures, 'perSecond'), sum(figures, 'total')),
      },
    ]);
  }
}

/**
 * @param {number | null} perSecond
 * @param {number | null} total
 */
const inWords = (perSecond, total) => [perSecond === null ? '–' : rate(perSecond), total === null ? '–' : count(total)];

/**
 * @param {{perSecond: number | null, total: number | null}[]} figures
 * @param {'perSecond' | 'total'} which
 */
const sum = (figures, which) => figures.reduce((/** @type {number | null} */ all, figure) => {
  const value = figure[which];
  return all === null || value === null ? null : all + value;
}, 0);

const now = () => Date.now() / 1_000;
