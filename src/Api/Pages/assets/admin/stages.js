// The time of reservations by stage: in words, as one bar of shares, and in milliseconds.
import { setText } from '../page/element.js';
import { el, say } from './dom.js';
import { milliseconds, percent } from './format.js';
import { Shares } from './shares.js';
import { scale, SpanBar } from './span-bar.js';
import { t } from './words.js';

/**
 * @typedef {{stage: string, count: number, meanMs: number, p50Ms: number, p99Ms: number, maxMs: number}} Stage
 * @typedef {{stages: Stage[], dominant: string | null}} Times
 */

const stages = ['edge', 'queue', 'turn', 'store', 'total'];

export class Stages {
  #words = el('p', { class: 'verdict' });
  #shares = new Shares();
  #body = el('tbody');
  /** @type {Map<string, {cells: HTMLElement[], bar: SpanBar}>} */
  #rows = new Map();
  element = el('div', { class: 'stages' }, this.#words, this.#shares.element,
    el('table', { class: 'timing' }, el('caption', { class: 'unseen', t: 'timing.caption' }),
      el('thead', {}, el('tr', {},
        el('th', { scope: 'col', t: 'timing.stage' }),
        el('td', { class: 'scale', 'aria-hidden': 'true' }, scale()),
        ...['p50', 'p99', 'max'].map((name) => el('th', { scope: 'col' }, name)))), this.#body),
    el('p', { class: 'hint', t: 'timing.scale' }));

  constructor() {
    for (const stage of stages) this.#addRow(stage);
  }

  /**
   * @param {Times | null} times
   * @param {string} otherwise  the key of the text without times
   */
  show(times, otherwise) {
    for (const name of stages) this.#showRow(name, times?.stages.find(({ stage }) => stage === name));
    this.#shares.show(times?.stages ?? []);
    say(this.#words, () => (times && inWords(times)) ?? t(otherwise));
  }

  /**
   * @param {string} stage
   * @param {Stage | undefined} figures
   */
  #showRow(stage, figures) {
    const { cells, bar } = /** @type {{cells: HTMLElement[], bar: SpanBar}} */ (this.#rows.get(stage));
    const isKnown = figures !== undefined && figures.count > 0;
    const values = isKnown ? [figures.p50Ms, figures.p99Ms, figures.maxMs].map(milliseconds) : ['–', '–', '–'];
    cells.forEach((cell, i) => setText(cell, values[i] ?? ''));
    bar.show(isKnown ? figures : null);
  }

  /** @param {string} stage */
  #addRow(stage) {
    const cells = [el('td'), el('td'), el('td')];
    const bar = new SpanBar(stage);
    this.#rows.set(stage, { cells, bar });
    const mark = el('i', { class: `swatch stage-${stage}`, 'aria-hidden': 'true' });
    this.#body.append(el('tr', {},
      el('th', { scope: 'row' }, mark, el('span', { t: `stage.${stage}` }), el('small', { t: `stage.${stage}.is` })),
      el('td', { class: 'span-cell', 'aria-hidden': 'true' }, bar.element),
      ...cells));
  }
}

/** @param {Times} times @returns {string | null} null when nothing was measured */
function inWords({ stages, dominant }) {
  const total = stages.find(({ stage }) => stage === 'total');
  const most = stages.find(({ stage }) => stage === dominant);
  if (!most || !total?.count) return null;
  const stage = t(`stage.${most.stage}.to`);
  return total.meanMs > 0 && most.meanMs <= total.meanMs
    ? t('timing.mostShare', { stage, share: percent(most.meanMs / total.meanMs), mean: milliseconds(total.meanMs) })
    : t('timing.most', { stage });
}
