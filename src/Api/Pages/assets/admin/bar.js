// How much of an event is taken: sold, held, and what is left.
import { el, name } from './dom.js';
import { count } from './format.js';
import { t } from './words.js';

/** @type {('confirmed' | 'held' | 'available')[]} */
const shares = ['confirmed', 'held', 'available'];

export class Bar {
  #parts = shares.map((share) => el('span', { 'data-share': share }));
  element = el('div', { class: 'bar', role: 'img' }, ...this.#parts);

  /** @param {import('../api/wire.js').EventNumbers} numbers */
  show(numbers) {
    this.#parts.forEach((part, i) => { part.style.flexGrow = String(numbers[shares[i] ?? 'available'] / numbers.capacity); });
    const { capacity, confirmed, held, available } = numbers;
    name(this.element, () => t('bar.says', {
      sold: count(confirmed), held: count(held), available: count(available), capacity: count(capacity),
    }));
  }
}
