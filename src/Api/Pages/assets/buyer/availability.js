import { element, setAttribute, setText } from '../page/element.js';
import { count } from '../page/moments.js';
import { availabilityInWords, words } from './words.js';

/** @typedef {import('../api/wire.js').EventNumbers} EventNumbers */

/** The tickets of an event: free, held and sold, as a bar and in numbers. */
export class Availability {
  #shares = { available: share('available'), held: share('held'), confirmed: share('confirmed') };
  #numbers = { available: element('dd'), held: element('dd'), confirmed: element('dd') };
  #bar = element('div', { class: 'bar', role: 'img' },
    this.#shares.confirmed, this.#shares.held, this.#shares.available);
  #left = element('span', { class: 'big' });
  #unit = element('span', { class: 'unit' });
  #all = element('span', { class: 'muted' });
  #link = element('p', { class: 'link-state' });

  constructor() {
    const say = words();
    /** @param {'available' | 'held' | 'confirmed'} kind */
    const entry = (kind) =>
      element('div', { 'data-share': kind }, element('dt', {}, say.legend[kind]), this.#numbers[kind]);
    this.node = element('section', { class: 'card availability', 'aria-labelledby': 'availability-title' },
      element('div', { class: 'card-head' },
        element('h2', { id: 'availability-title' }, say.availability), this.#link),
      element('p', { class: 'left' }, this.#left, ' ', this.#unit, ' ', this.#all),
      this.#bar,
      element('dl', { class: 'legend' }, entry('available'), entry('held'), entry('confirmed')));
  }

  /** @param {EventNumbers} event */
  update(event) {
    const say = words();
    setText(this.#left, count(event.available));
    setText(this.#unit, say.left(event.available));
    setText(this.#all, say.ofAll(count(event.capacity)));
    setAttribute(this.#bar, 'aria-label', availabilityInWords(event));
    for (const kind of /** @type {const} */ (['available', 'held', 'confirmed'])) {
      setText(this.#numbers[kind], count(event[kind]));
      showShare(this.#shares[kind], event[kind]);
    }
  }

  /** @param {import('../api/event-watch.js').Link} link */
  showLink(link) {
    this.#link.dataset['link'] = link;
    setText(this.#link, words().links[link]);
  }
}

/**
 * Gives a part of a bar its length. An empty part takes no room, not even the gap beside it.
 * @param {HTMLElement} part
 * @param {number} tickets
 */
export function showShare(part, tickets) {
  part.style.setProperty('flex-grow', String(tickets));
  part.classList.toggle('none', tickets === 0);
}

/** @param {string} kind */
function share(kind) { return element('span', { 'data-share': kind }); }
