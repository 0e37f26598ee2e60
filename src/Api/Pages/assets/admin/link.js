// The state of the connection, for a view that polls.
import { el, say } from './dom.js';
import { clock } from './format.js';
import { t } from './words.js';

export class Link {
  /** @type {number | null} the moment of the last answer */
  #heardAt = null;
  element = el('p', { class: 'link', role: 'status' });

  /** @param {boolean} isHeard */
  show(isHeard) {
    const at = this.#heardAt;
    this.element.className = isHeard ? 'link' : 'link notice';
    this.element.dataset['tone'] = 'bad';
    say(this.element, () => (isHeard ? '' : at === null ? t('link.lostEver') : t('link.lost', { time: clock(at) })));
    if (isHeard) this.#heardAt = Date.now() / 1_000;
  }
}
