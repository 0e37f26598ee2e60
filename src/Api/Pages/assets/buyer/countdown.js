import { serverClock } from '../api/server-clock.js';
import { announce } from '../page/announcer.js';
import { element, setText } from '../page/element.js';
import { clock, count, days } from '../page/moments.js';
import { spoken, words } from './words.js';

const announcedAtSeconds = [300, 60, 10];

/** The time until the sale opens, by the server's clock, and its error. */
export class Countdown {
  #days = element('span', { class: 'days' });
  #time = element('span', { class: 'time' });
  #exactness = element('p', { class: 'hint' });
  #announcedAt = Number.POSITIVE_INFINITY;

  constructor() {
    this.node = element('div', { class: 'countdown' },
      element('p', { class: 'muted' }, words().opensIn),
      element('p', { class: 'big', role: 'timer', 'aria-live': 'off' }, this.#days, ' ', this.#time),
      this.#exactness);
  }

  /** @param {number} leftMs */
  update(leftMs) {
    const say = words();
    this.node.hidden = leftMs <= 0;
    setText(this.#days, days(leftMs) > 0 ? say.daysAnd(days(leftMs)) : '');
    setText(this.#time, clock(leftMs));
    const { errorMs } = serverClock;
    setText(this.#exactness, Number.isFinite(errorMs)
      ? say.clockExact(count(Math.max(0.1, Math.ceil(errorMs / 100) / 10)))
      : say.clockUnknown);
    const reached = announcedAtSeconds.filter((seconds) => leftMs <= seconds * 1_000).at(-1);
    if (!reached || reached >= this.#announcedAt || leftMs <= 0) return;
    this.#announcedAt = reached;
    announce(say.countdownSpoken(spoken(reached)));
  }
}
