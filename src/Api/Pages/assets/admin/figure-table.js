// The figures of a chart as a table: exact numbers, also for screen readers.
import { setText } from '../page/element.js';
import { el, say } from './dom.js';
import { swatch } from './figures.js';

/**
 * @typedef {object} Row
 * @property {string} key
 * @property {string} mark  of the swatch
 * @property {() => string} label
 * @property {string[]} values
 */

export class FigureTable {
  #head = el('tr');
  #body = el('tbody');
  #caption = el('caption', { class: 'unseen' });
  /** @type {Map<string, {row: HTMLElement, cells: HTMLElement[]}>} */
  #rows = new Map();
  element = el('table', { class: 'legend' }, this.#caption, el('thead', {}, this.#head), this.#body);
  /** @type {HTMLElement[]} */
  #headings;

  /**
   * @param {() => string} caption
   * @param {(() => string)[]} headings  of the columns, that of the names first
   */
  constructor(caption, headings) {
    say(this.#caption, caption);
    this.#headings = headings.map((words) => {
      const heading = el('th', { scope: 'col' });
      say(heading, words);
      return heading;
    });
    this.#head.append(...this.#headings);
  }

  /**
   * @param {number} column
   * @param {() => string} words
   */
  head(column, words) {
    const heading = this.#headings[column];
    if (heading) say(heading, words);
  }

  /** @param {Row[]} rows  the same order each time; more may come */
  show(rows) {
    rows.forEach((given, i) => {
      const { row, cells } = this.#rows.get(given.key) ?? this.#add(given);
      cells.forEach((cell, column) => setText(cell, given.values[column] ?? ''));
      if (this.#body.children[i] !== row) this.#body.insertBefore(row, this.#body.children[i] ?? null);
    });
  }

  /** @param {Row} given */
  #add({ key, mark, label, values }) {
    const words = el('span');
    say(words, label);
    const cells = values.map(() => el('td'));
    const row = el('tr', {}, el('th', { scope: 'row' }, swatch(mark), words), ...cells);
    this.#rows.set(key, { row, cells });
    return { row, cells };
  }
}
