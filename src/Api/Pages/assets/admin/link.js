// Whether the server is heard, for a view that asks it again and again.
import { el, say } from './dom.js';
import { clock } from './format.js';
import { t } from './words.js';

export class Link {
  /** @type {number | null} when it was heard last */
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
