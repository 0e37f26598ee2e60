// The list of the last rehearsals, of all events or of one.
import { setText } from '../page/element.js';
import { count } from '../page/moments.js';
import { get } from './api.js';
import { el, newId, say } from './dom.js';
import { moment } from './format.js';
import { poll } from './poll.js';
import { State } from './state.js';
import { verdictKey } from './verdict.js';
import { t } from './words.js';

const everyMs = 5_000;

/** Whether each was exact: from its report, which does not change. @type {Map<string, boolean>} */
const verdicts = new Map();

/** @typedef {import('./rehearsal.js').Rehearsal} Rehearsal */

export class Rehearsals {
  #eventId;
  #titleId = newId('rehearsals');
  #list = el('ul', { class: 'rehearsals', 'aria-labelledby': this.#titleId });
  #none = el('p', { class: 'hint', t: 'loading' });
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  #isOver = false;
  #stop;
  element = el('section', { class: 'card panel panel-wide' },
    el('h2', { id: this.#titleId, t: 'rehearsals.title' }), this.#list, this.#none);

  /** @param {string} [eventId] */
  constructor(eventId) {
    this.#eventId = eventId;
    this.#stop = poll('/admin/rehearsals', everyMs, ({ isDone, data }) => {
      this.#none.hidden = isDone && this.#show(data.rehearsals) > 0;
      say(this.#none, () => t(isDone ? 'rehearsals.none' : 'rehearsals.away'));
    });
  }

  end() {
    this.#isOver = true;
    this.#stop();
  }

  /** @param {Rehearsal[]} rehearsals @returns {number} how many are shown */
  #show(rehearsals) {
    const shown = rehearsals.filter(({ eventId }) => !this.#eventId || eventId === this.#eventId);
    shown.forEach((rehearsal, i) => {
      const entry = this.#entries.get(rehearsal.id) ?? new Entry(rehearsal, !this.#eventId);
      this.#entries.set(rehearsal.id, entry);
      entry.show(rehearsal);
      const before = this.#list.children[i] ?? null;
      // An entry that stays in its place keeps the focus.
      if (before !== entry.element) this.#list.insertBefore(entry.element, before);
    });
    [...this.#list.children].slice(shown.length).forEach((old) => old.remove());
    this.#judge(shown);
    return shown.length;
  }

  /** Loads the reports, which the list does not have. @param {Rehearsal[]} rehearsals */
  async #judge(rehearsals) {
    for (const rehearsal of rehearsals.filter(({ id, hasReport }) => hasReport && !verdicts.has(id))) {
      const { isDone, data } = await get(`/admin/rehearsals/${rehearsal.id}`);
      if (this.#isOver) return;
      if (isDone && data.report) verdicts.set(rehearsal.id, data.report.exact);
      this.#entries.get(rehearsal.id)?.show(rehearsal);
    }
  }
}

class Entry {
  #state = new State();
  #verdict = el('span');
  element;

  /**
   * @param {Rehearsal} rehearsal
   * @param {boolean} isOfAll  true: named by its event; false: by its time
   */
  constructor({ id, eventName, startedAt, order, capacity }, isOfAll) {
    const link = el('a', { href: `#/rehearsals/${id}` });
    const [crowd, when] = [el('span'), el('time', { datetime: startedAt })];
    say(link, () => (isOfAll ? eventName : moment(startedAt)));
    say(crowd, () => t('rehearsals.crowd', { buyers: count(order.buyers), capacity: count(capacity) }));
    say(when, () => moment(startedAt));
    this.element = el('li', {}, el('strong', {}, link), crowd, this.#verdict, isOfAll && when, this.#state.element);
  }

  /** @param {Rehearsal} rehearsal */
  show({ id, state }) {
    this.#state.show(state);
    const isExact = verdicts.get(id);
    if (isExact === undefined) return setText(this.#verdict, '');
    this.#verdict.className = isExact ? 'verdict-good' : 'verdict-bad';
    say(this.#verdict, () => t(verdictKey(isExact)));
  }
}
