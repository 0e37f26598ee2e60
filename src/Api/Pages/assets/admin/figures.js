// An event's numbers, each with its name.
import { setText } from '../page/element.js';
import { el } from './dom.js';
import { count } from './format.js';

/** @type {[string, 'confirmed' | 'held' | 'available' | 'capacity'][]} */
const shown = [['sold', 'confirmed'], ['held', 'held'], ['available', 'available'], ['capacity', 'capacity']];

export class Figures {
  element = el('dl', { class: 'figures' });
  /** @type {Map<string, HTMLElement>} */
  #values = new Map();

  constructor() {
    for (const [key, name] of shown) {
      const value = el('dd', {}, '–');
      this.#values.set(name, value);
      this.element.append(el('div', {}, el('dt', {}, swatch(key), el('span', { t: key })), value));
    }
  }

  /** @param {import('../api/wire.js').EventNumbers} numbers */
  show(numbers) {
    for (const [, name] of shown) setText(/** @type {HTMLElement} */ (this.#values.get(name)), count(numbers[name]));
  }
}

/** The colour that a name has in bars and charts. @param {string} name */
export const swatch = (name) => el('i', { class: `swatch swatch-${name}`, 'aria-hidden': 'true' });
