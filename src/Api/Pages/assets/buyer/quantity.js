import { element, setAttribute } from '../page/element.js';
import { words } from './words.js';

const quantityMax = 1_000; // of one call

/** The number of tickets, with a button to either side. Hidden when there is no choice. */
export class Quantity {
  #max = 1;
  #changed;
  #input = element('input', { id: 'quantity', type: 'number', inputmode: 'numeric', min: 1, value: 1 });
  #fewer = element('button', { type: 'button', class: 'step', onclick: () => this.#step(-1) }, '−');
  #more = element('button', { type: 'button', class: 'step', onclick: () => this.#step(1) }, '+');

  /** @param {() => void} changed */
  constructor(changed) {
    const say = words();
    this.#changed = changed;
    setAttribute(this.#fewer, 'aria-label', say.fewer);
    setAttribute(this.#more, 'aria-label', say.moreTickets);
    this.#input.addEventListener('input', () => this.#show());
    this.#input.addEventListener('change', () => { this.#input.value = String(this.value); this.#show(); });
    this.node = element('div', { class: 'field quantity' },
      element('label', { for: 'quantity' }, say.quantity),
      element('div', { class: 'stepper' }, this.#fewer, this.#input, this.#more));
    this.#show();
  }

  get value() { return Math.min(this.#max, Math.max(1, Math.trunc(Number(this.#input.value)) || 1)); }

  /** @param {number} max */
  limit(max) {
    const limited = Math.max(1, Math.min(max, quantityMax));
    this.node.hidden = limited < 2;
    if (limited === this.#max) return;
    this.#max = limited;
    setAttribute(this.#input, 'max', limited);
    if (Number(this.#input.value) > limited) this.#input.value = String(limited);
    this.#show();
  }

  /** @param {number} difference */
  #step(difference) {
    this.#input.value = String(Math.min(this.#max, Math.max(1, this.value + difference)));
    this.#show();
  }

  #show() {
    setAttribute(this.#fewer, 'aria-disabled', this.value <= 1 && 'true');
    setAttribute(this.#more, 'aria-disabled', this.value >= this.#max && 'true');
    this.#changed();
  }
}
