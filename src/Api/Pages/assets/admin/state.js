// A state as a badge.
import { el, say } from './dom.js';
import { t } from './words.js';

export class State {
  element = el('span', { class: 'badge' });
  /** @type {string | null} */
  #shown = null;

  /** @param {string} state */
  show(state) {
    if (state === this.#shown) return;
    this.#shown = state;
    this.element.dataset.state = state;
    say(this.element, () => t(`state.${state}`));
  }
}
