// Tells that an event is in another state. When holds end and are taken again, states come and go several times in a second:
// what did not stay is not told.
import { tell } from './notice.js';
import { t } from './words.js';

const stayMs = 1_500;

export class StateNews {
  /** @type {string | null} */
  #told = null;
  /** @type {string | null} */
  #seen = null;
  /** @type {number | undefined} */
  #timer;

  /** @param {{name: string, state: string}} event */
  see({ name, state }) {
    this.#told ??= state; // what one comes to is no news
    if (state === this.#seen) return;
    this.#seen = state;
    clearTimeout(this.#timer);
    if (state === this.#told) return;
    this.#timer = setTimeout(() => {
      this.#told = state;
      tell(t('state.now', { name, state: t(`state.${state}`) }));
    }, stayMs);
  }

  end() {
    clearTimeout(this.#timer);
  }
}
