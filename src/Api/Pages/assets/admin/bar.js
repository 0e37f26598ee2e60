// Parts of a whole as one bar; by default the tickets of an event.
import { count } from '../page/moments.js';
import { el, name } from './dom.js';
import { t } from './words.js';

const tickets = ['confirmed', 'held', 'available'];

/** @param {Record<string, any>} numbers */
const ticketsInWords = ({ confirmed, held, available, capacity }) => t('bar.says', {
  sold: count(confirmed), held: count(held), available: count(available), capacity: count(capacity),
});

export class Bar {
  #shares;
  #words;
  #parts;
  element;

  /**
   * @param {string[]} shares  the parts, by their names in the numbers
   * @param {(numbers: any) => string} words  for screen readers
   */
  constructor(shares = tickets, words = ticketsInWords) {
    this.#shares = shares;
    this.#words = words;
    this.#parts = shares.map((share) => el('span', { 'data-share': share }));
    this.element = el('div', { class: 'bar', role: 'img' }, ...this.#parts);
  }

  /**
   * @param {Record<string, any>} numbers
   * @param {number} whole
   */
  show(numbers, whole = numbers['capacity']) {
    this.#parts.forEach((part, i) => { part.style.flexGrow = String(numbers[this.#shares[i] ?? ''] / whole); });
    name(this.element, () => this.#words(numbers));
  }
}
