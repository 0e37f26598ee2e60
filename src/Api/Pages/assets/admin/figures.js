// Numbers with their names.
import { setText } from '../page/element.js';
import { count } from '../page/moments.js';
import { el, say } from './dom.js';

/** Of an event: the text's key and mark of each, and its property. @type {[string, string][]} */
const tickets = [['sold', 'confirmed'], ['held', 'held'], ['available', 'available'], ['capacity', 'capacity']];

export class Figures {
  element = el('dl', { class: 'figures' });
  /** @type {Map<string, HTMLElement>} */
  #values = new Map();

  /** @param {[string, string][]} shown */
  constructor(shown = tickets) {
    for (const [key, name] of shown) {
      const value = el('dd', {}, '–');
      this.#values.set(name, value);
      this.element.append(el('div', {}, el('dt', {}, swatch(key), el('span', { t: key })), value));
    }
  }

  /** @param {Record<string, any>} numbers */
  show(numbers) {
    for (const [name, value] of this.#values) setText(value, count(numbers[name]));
  }
}

/** The colour of a name in bars and charts. @param {string} name */
export const swatch = (name) => el('i', { class: `swatch swatch-${name}`, 'aria-hidden': 'true' });

/**
 * Figures that do not change.
 * @param {[string, () => string][]} entries  the text's key and the figure of each
 */
export const figureList = (entries) => el('dl', { class: 'figures' }, ...entries.map(([key, figure]) => {
  const value = el('dd');
  say(value, figure);
  return el('div', {}, el('dt', { t: key }), value);
}));
