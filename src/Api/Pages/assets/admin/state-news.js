// Shows that an event's state has changed. When holds end and are taken again, a state may last for milliseconds: only
// a state that lasts is shown.
import { tell } from './notice.js';
import { t } from './words.js';

const stayMs = 1_500;

export class StateNews {
  /** @type {string | null} */
  #shown = null;
  /** @type {string | null} */
  #seen = null;
  /** @type {number | undefined} */
  #timer;

  /** @param {{name: string, state: string}} event */
  see({ name, state }) {
    this.#shown ??= state; // the first state is no change
    if (state === this.#seen) return;
    this.#seen = state;
    clearTimeout(this.#timer);
    if (state === this.#shown) return;
    this.#timer = setTimeout(() => {
      this.#shown = state;
      tell(t('state.now', { name, state: t(`state.${state}`) }));
    }, stayMs);
  }

  end() {
    clearTimeout(this.#timer);
  }
}
