// A rehearsal second by second: arrivals, answers, waiting buyers, and the slowest answers.
import { count } from '../page/moments.js';
import { Chart, fromTheBeginning } from './chart.js';
import { el, newId } from './dom.js';
import { FigureTable } from './figure-table.js';
import { milliseconds } from './format.js';
import { Curve } from './rehearsal.js';
import { t } from './words.js';

/** @typedef {import('./rehearsal.js').Second} Second */

const pictures = [
  { title: 'curve.arrivals', names: ['arrived'] },
  { title: 'curve.answers', names: ['accepted', 'refused', 'failed'] },
  { title: 'curve.queue', names: ['waiting'] },
  { title: 'curve.slowest', names: ['p99Ms'] },
];

/** Each with its word. @type {['arrived' | 'accepted' | 'refused' | 'failed' | 'waiting' | 'p99Ms', string][]} */
const columns = [
  ['arrived', 'arrived'],
  ['accepted', 'accepted'],
  ['refused', 'refused'],
  ['failed', 'curve.failed'],
  ['waiting', 'waiting'],
  ['p99Ms', 'curve.p99Ms'],
];

export class CurvePanel {
  #seconds;
  /** @type {Chart[]} */
  #charts = [];
  /** @type {number | null} */
  #pointed = null;
  #table = new FigureTable(() => t('curve.title'),
    ['curve.figure', 'curve.sum', 'curve.most'].map((key) => () => t(key)).concat(() => ''));
  element;

  /** @param {Second[]} seconds */
  constructor(seconds) {
    this.#seconds = seconds;
    const curve = new Curve(seconds);
    this.element = el('section', { class: 'card panel panel-wide' }, el('h2', { t: 'curve.title' }),
      el('div', { class: 'pictures' }, ...pictures.map((picture) => this.#draw(picture, curve))),
      this.#table.element, everySecond(seconds));
    this.#tell();
  }

  end() {
    this.#charts.forEach((chart) => chart.end());
  }

  /**
   * @param {{title: string, names: string[]}} picture
   * @param {Curve} curve
   */
  #draw({ title, names }, curve) {
    const host = el('div', { class: 'chart', 'aria-hidden': 'true' });
    const chart = new Chart(host, curve, {
      over: fromTheBeginning,
      pointed: (index) => {
        this.#pointed = index;
        this.#tell();
      },
    });
    this.#charts.push(chart);
    chart.paint(curve.times.at(-1) ?? 0, names.map((name) => ({ name, colour: `--${name}` })));
    return el('div', {}, el('h3', { t: title }), host);
  }

  #tell() {
    const last = this.#seconds.length - 1;
    const second = this.#seconds[Math.min(this.#pointed ?? last, last)];
    if (!second) return;
    this.#table.head(3, () => t('chart.at', { time: t('seconds', { seconds: count(second.at) }) }));
    this.#table.show(columns.map(([name, word]) => ({
      key: name, mark: name, label: () => t(word),
      values: [
        isCount(name) ? count(this.#sum(name)) : '–',
        inWords(name, this.#most(name)),
        inWords(name, second[name]),
      ],
    })));
  }

  /** @param {keyof Second} name */
  #sum(name) {
    return this.#seconds.reduce((sum, second) => sum + (second[name] ?? 0), 0);
  }

  /** @param {keyof Second} name */
  #most(name) {
    return Math.max(...this.#seconds.map((second) => second[name] ?? 0));
  }
}

/** False for waiting buyers, who may wait in the next second too, and for times. @param {string} name */
const isCount = (name) => name !== 'waiting' && name !== 'p99Ms';

/**
 * @param {string} name
 * @param {number | null} value
 */
const inWords = (name, value) => (value === null ? '–' : name === 'p99Ms' ? milliseconds(value) : count(value));

/** The figures of the charts, as a table to open. @param {Second[]} seconds */
function everySecond(seconds) {
  const caption = newId('seconds');
  const headings = ['curve.second', ...columns.map(([, word]) => word)];
  const place = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': caption },
    el('table', { class: 'legend' }, el('caption', { class: 'unseen', id: caption, t: 'curve.every' }),
      el('thead', {}, el('tr', {}, ...headings.map((key) => el('th', { scope: 'col', t: key })))),
      el('tbody', {}, ...seconds.map((second) => el('tr', {}, el('th', { scope: 'row' }, count(second.at)),
        ...columns.map(([name]) => el('td', {}, inWords(name, second[name]))))))));
  return el('details', {}, el('summary', { t: 'curve.every' }), place);
}
