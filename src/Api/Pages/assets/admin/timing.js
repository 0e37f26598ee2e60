// Where the time of a reservation goes, stage by stage: in words, as one bar of shares, and in milliseconds.
import { setText } from '../page/element.js';
import { el, newId, say } from './dom.js';
import { count, milliseconds, percent, rate, shortMoment } from './format.js';
import { Shares } from './shares.js';
import { scale, SpanBar } from './span-bar.js';
import { t } from './words.js';

/**
 * @typedef {{stage: string, count: number, meanMs: number, p50Ms: number, p99Ms: number, maxMs: number}} Stage
 * @typedef {object} Period
 * @property {Stage[]} stages
 * @property {string | null} dominant
 * @property {{count: number, mean: number, max: number}} batch
 * @typedef {Period & {since: string, recent: Period & {seconds: number}}} Timings
 */

const stages = ['edge', 'queue', 'turn', 'store', 'total'];

export class Timing {
  #words = el('p', { class: 'verdict' });
  #shares = new Shares();
  #choice = el('fieldset', { class: 'choice' }, el('legend', { class: 'unseen', t: 'timing.choose' }));
  #body = el('tbody');
  #batch = el('p');
  /** @type {Map<string, {cells: HTMLElement[], bar: SpanBar}>} */
  #rows = new Map();
  #isRecent = true;
  /** @type {Timings | null} */
  #timings = null;
  #isAway = false;
  element = el('section', { class: 'card panel panel-wide' },
    el('div', { class: 'panel-head' }, el('h2', { t: 'timing.title' }), this.#choice),
    this.#words, this.#shares.element,
    el('table', { class: 'timing' }, el('caption', { class: 'unseen', t: 'timing.caption' }),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', t: 'timing.stage' }), el('td', { class: 'scale', 'aria-hidden': 'true' }, scale()),
        ...['p50', 'p99', 'max'].map((name) => el('th', { scope: 'col' }, name)))), this.#body),
    el('p', { class: 'hint', t: 'timing.scale' }),
    el('h3', { t: 'batch.title' }), this.#batch);

  constructor() {
    const name = newId('period');
    this.#addChoice(name, true, () => t('timing.recent', { seconds: count(Math.round(this.#timings?.recent.seconds || 10)) }));
    this.#addChoice(name, false, () => (this.#timings
      ? t('timing.all', { time: shortMoment(this.#timings.since) }) : t('timing.ever')));
    for (const stage of stages) this.#addRow(stage);
    this.#show();
  }

  /** @param {Timings} timings */
  show(timings) {
    this.#timings = timings;
    this.#isAway = false;
    this.#show();
  }

  /** Nobody answers: what stands here would be old. */
  lose() {
    this.#timings = null;
    this.#isAway = true;
    this.#show();
  }

  #show() {
    const period = (this.#isRecent ? this.#timings?.recent : this.#timings) ?? null;
    for (const words of this.#choice.querySelectorAll('label span')) setText(words, labels.get(words)?.() ?? '');
    for (const stage of stages) this.#showRow(stage, period?.stages.find((one) => one.stage === stage));
    this.#shares.show(period?.stages ?? []);
    say(this.#words, () => this.#verdict(period));
    say(this.#batch, () => batchInWords(period));
  }

  /** @param {Period | null} period */
  #verdict(period) {
    if (!period) return t(this.#isAway ? 'timing.away' : 'loading');
    const total = period.stages.find(({ stage }) => stage === 'total');
    const most = period.stages.find(({ stage }) => stage === period.dominant);
    if (!most || !total?.count) return t(this.#isRecent ? 'timing.quiet' : 'timing.never');
    const stage = t(`stage.${most.stage}.to`);
    return total.meanMs > 0 && most.meanMs <= total.meanMs
      ? t('timing.mostShare', { stage, share: percent(most.meanMs / total.meanMs), mean: milliseconds(total.meanMs) })
      : t('timing.most', { stage });
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
    this.#body.append(el('tr', {}, el('th', { scope: 'row' }, mark,
      el('span', { t: `stage.${stage}` }), el('small', { t: `stage.${stage}.is` })), el('td', { class: 'span-cell', 'aria-hidden': 'true' }, bar.element), ...cells));
  }

  /**
   * @param {string} name
   * @param {boolean} isRecent
   * @param {() => string} words
   */
  #addChoice(name, isRecent, words) {
    const text = el('span');
    labels.set(text, words);
    this.#choice.append(el('label', {}, el('input', { type: 'radio', name, checked: isRecent, onchange: () => {
      this.#isRecent = isRecent;
      this.#show();
    } }), text));
  }
}

/** @type {WeakMap<Element, () => string>} */
const labels = new WeakMap();

/** @param {Period | null} period */
function batchInWords(period) {
  if (!period) return '–';
  if (!period.batch.count) return t('batch.none');
  const { mean, max, count: writes } = period.batch;
  return t('batch.text', { mean: rate(mean), max: count(max), count: count(writes) });
}
