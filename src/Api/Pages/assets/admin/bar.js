// How much of an event is taken: sold, held, and what is left.
import { el } from './dom.js';
import { count } from './format.js';
import { t } from './words.js';

export class Bar {
  #sold = el('span', { class: 'bar-sold' });
  #held = el('span', { class: 'bar-held' });
  element = el('div', { class: 'bar', role: 'img' }, this.#sold, this.#held);

  /** @param {import('../api/wire.js').EventNumbers} numbers */
  show({ capacity, confirmed, held, available }) {
    this.#sold.style.width = `${(confirmed / capacity) * 100}%`;
    this.#held.style.width = `${(held / capacity) * 100}%`;
    this.element.setAttribute('aria-label', t('bar.says', {
      sold: count(confirmed), held: count(held), available: count(available), capacity: count(capacity),
    }));
  }
}
