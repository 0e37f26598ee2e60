// All events, each with its live bar.
import { Bar } from './bar.js';
import { setText } from '../page/element.js';
import { el, say } from './dom.js';
import { Figures } from './figures.js';
import { Link } from './link.js';
import { poll } from './poll.js';
import { Rehearsals } from './rehearsals.js';
import { Silos } from './silos.js';
import { State } from './state.js';
import { t } from './words.js';

const everyMs = 1_000;
const pageSize = 50;

/**
 * @param {HTMLElement} main
 * @returns {() => void} ends it
 */
export function eventsView(main) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  const [silos, rehearsals] = [new Silos(), new Rehearsals()];
  const list = el('ul', { class: 'events' });
  const none = el('p', { class: 'hint', t: 'loading' });
  const link = new Link();
  const more = el('button', { type: 'button', t: 'events.more', hidden: true, onclick: () => show(limit + pageSize) });
  main.replaceChildren(el('div', { class: 'view' },
    el('header', { class: 'view-head' }, el('h1', { tabindex: '-1', t: 'events' }),
      el('div', { class: 'actions' }, el('a', { class: 'button primary', href: '#/open', t: 'events.open' }))),
    link.element, none, list, more, el('div', { class: 'panels' }, silos.element, rehearsals.element)));

  let limit = 0;
  let stop = () => {};
  show(pageSize);

  return () => {
    stop();
    silos.end();
    rehearsals.end();
  };

  /** @param {number} wanted */
  function show(wanted) {
    stop();
    limit = wanted;
    stop = poll(`/ticket/events?limit=${limit}`, everyMs, (answer) => {
      link.show(answer.isDone);
      if (answer.isDone) showAll(answer.data);
    });
  }

  /** @param {import('../api/wire.js').EventNumbers[]} events */
  function showAll(events) {
    none.hidden = events.length > 0;
    say(none, () => t('events.none'));
    more.hidden = events.length < limit;
    events.forEach((numbers, i) => {
      const entry = entries.get(numbers.id) ?? new Entry(numbers.id);
      entries.set(numbers.id, entry);
      entry.show(numbers);
      if (list.children[i] !== entry.element) list.insertBefore(entry.element, list.children[i] ?? null);
    });
    [...list.children].slice(events.length).forEach((old) => old.remove());
  }
}

class Entry {
  #name;
  #state = new State();
  #bar = new Bar();
  #figures = new Figures();
  element;

  /** @param {string} id */
  constructor(id) {
    this.#name = el('a', { href: `#/events/${id}` });
    this.element = el('li', { class: 'card' },
      el('div', { class: 'entry-head' }, el('h2', {}, this.#name), el('small', {}, id), this.#state.element),
      this.#bar.element, this.#figures.element);
  }

  /** @param {import('../api/wire.js').EventNumbers} numbers */
  show(numbers) {
    setText(this.#name, numbers.name);
    this.#state.show(numbers.state);
    this.#bar.show(numbers);
    this.#figures.show(numbers);
  }
}
