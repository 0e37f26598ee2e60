// The time of an event's reservations by stage: of the last seconds, or since the first report.
import { setText } from '../page/element.js';
import { count } from '../page/moments.js';
import { el, newId, say } from './dom.js';
import { rate, shortMoment } from './format.js';
import { Stages } from './stages.js';
import { t } from './words.js';

/**
 * @typedef {import('./stages.js').Times & {batch: {count: number, mean: number, max: number}}} Period
 * @typedef {Period & {since: string, recent: Period & {seconds: number}}} Timings
 */

export class Timing {
  #stages = new Stages();
  #choice = el('fieldset', { class: 'choice' }, el('legend', { class: 'unseen', t: 'timing.choose' }));
  #batch = el('p');
  #isRecent = true;
  /** @type {Timings | null} */
  #timings = null;
  #isAway = false;
  element = el('section', { class: 'card panel panel-wide' },
    el('div', { class: 'panel-head' }, el('h2', { t: 'timing.title' }), this.#choice),
    this.#stages.element,
    el('h3', { t: 'batch.title' }), this.#batch);

  constructor() {
    const name = newId('period');
    this.#addChoice(name, true, () =>
      t('timing.recent', { seconds: count(Math.round(this.#timings?.recent.seconds || 10)) }));
    this.#addChoice(name, false, () => (this.#timings
      ? t('timing.all', { time: shortMoment(this.#timings.since) }) : t('timing.ever')));
    this.#show();
  }

  /** @param {Timings} timings */
  show(timings) {
    this.#timings = timings;
    this.#isAway = false;
    this.#show();
  }

  /** The connection is lost: the shown times would be old. */
  lose() {
    this.#timings = null;
    this.#isAway = true;
    this.#show();
  }

  #show() {
    const period = (this.#isRecent ? this.#timings?.recent : this.#timings) ?? null;
    for (const words of this.#choice.querySelectorAll('label span')) setText(words, labels.get(words)?.() ?? '');
    const nothing = this.#isRecent ? 'timing.quiet' : 'timing.never';
    const unknown = this.#isAway ? 'timing.away' : 'loading';
    this.#stages.show(period, period ? nothing : unknown);
    say(this.#batch, () => batchInWords(period));
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
