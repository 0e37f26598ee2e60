import { call } from '../api/call.js';
import { pause, waitBefore } from '../api/patience.js';
import { serverClock } from '../api/server-clock.js';
import { arrive } from '../page/arrival.js';
import { element, fill, setAttribute, setText } from '../page/element.js';
import { count, dateAndTime } from '../page/moments.js';
import { untilSeen } from '../page/seen.js';
import { showShare } from './availability.js';
import { notice } from './notice.js';
import { saleState } from './sale-state.js';
import { words } from './words.js';

const pageSize = 50;
const refreshMs = 8_000;

/** @typedef {import('../api/wire.js').EventNumbers} EventNumbers */

/**
 * All events, each with its state and the tickets left.
 * @param {HTMLElement} place
 * @param {AbortSignal} signal
 */
export function eventsView(place, signal) {
  const say = words();
  const heading = element('h1', {}, say.onStage);
  const list = element('ul', { class: 'events' });
  const problems = element('div');
  const more = element('button', { type: 'button', class: 'quiet', onclick: showMore }, say.more);
  more.hidden = true;
  fill(place, element('div', { class: 'title' }, heading), problems, list, more);
  arrive(heading, `${say.onStage} · ${say.site}`);

  /** @type {Map<string, EventCard>} */
  const cards = new Map();
  let wanted = pageSize;
  refreshForever();

  async function refreshForever() {
    try {
      for (let failed = 0; ;) {
        await untilSeen(signal);
        const answer = await call('GET', `/ticket/events?limit=${wanted}`, { signal });
        failed = answer.code ? failed + 1 : 0;
        if (!answer.code) show(answer.data);
        else if (cards.size === 0) fill(problems, notice('wait', { title: say.loading, text: say.cannotReach }));
        await pause(failed ? waitBefore(failed, answer.retryAfterMs) : refreshMs * (0.75 + Math.random() / 2), signal);
      }
    } catch {
      // The view is gone.
    }
  }

  /** @param {EventNumbers[]} events */
  function show(events) {
    fill(problems, events.length === 0 && notice('plain', { title: say.nothingOnSale, text: say.nothingOnSaleText }));
    more.hidden = events.length < wanted;
    for (const event of events) {
      const card = cards.get(event.id) ?? new EventCard(event.id);
      if (!cards.has(event.id)) list.append(card.node);
      cards.set(event.id, card);
      card.update(event);
    }
  }

  async function showMore() {
    const last = list.lastElementChild;
    wanted = Math.min(1_000, wanted + pageSize);
    const answer = await call('GET', `/ticket/events?limit=${wanted}`, { signal }).catch(() => null);
    if (!answer || answer.code) return;
    show(answer.data);
    /** @type {HTMLElement | null | undefined} */ (last?.nextElementSibling?.querySelector('a'))?.focus();
  }
}

/** An event in the list. */
class EventCard {
  #name = element('a', {});
  #badge = element('span', { class: 'badge' });
  #when = element('p', { class: 'when' });
  #left = element('p', { class: 'card-left' });
  #sold = element('span', { 'data-share': 'taken' });
  #free = element('span', { 'data-share': 'available' });

  /** @param {string} id */
  constructor(id) {
    setAttribute(this.#name, 'href', `#/event/${id}`);
    this.node = element('li', { class: 'card event-card' },
      element('div', { class: 'event-card-head' }, element('h2', {}, this.#name), this.#badge),
      this.#when, this.#left,
      element('div', { class: 'bar thin', 'aria-hidden': 'true' }, this.#sold, this.#free));
  }

  /** @param {EventNumbers} event */
  update(event) {
    const say = words();
    const state = saleState(event, serverClock.now());
    setText(this.#name, event.name);
    setAttribute(this.node, 'data-state', state);
    setAttribute(this.#badge, 'data-state', state);
    setText(this.#badge, say.states[state]);
    setText(this.#when, state === 'UPCOMING' && event.opensAt ? say.opensShort(dateAndTime(event.opensAt)) : '');
    setText(this.#left, `${count(event.available)} ${say.left(event.available)} ${say.ofAll(count(event.capacity))}`);
    showShare(this.#free, event.available);
    showShare(this.#sold, event.held + event.confirmed);
  }
}
