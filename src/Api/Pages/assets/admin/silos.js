// The silos of the cluster.
import { setText } from '../page/element.js';
import { count } from '../page/moments.js';
import { el, newId } from './dom.js';
import { shortMoment } from './format.js';
import { markLoadTest } from './load-test.js';
import { poll } from './poll.js';

const everyMs = 1_000;
const shown = ['status', 'events', 'activations', 'started'];

/** @typedef {{address: string, status: string, events: number, activations: number, startedAt: string}} Silo */

export class Silos {
  #titleId = newId('silos');
  #list = el('ul', { class: 'silos', 'aria-labelledby': this.#titleId });
  #away = el('p', { class: 'hint', t: 'silos.away', hidden: true });
  #stop;
  element = el('section', { class: 'card panel panel-wide' },
    el('h2', { id: this.#titleId, t: 'silos.title' }), this.#list, this.#away,
    el('p', { class: 'hint' },
      el('a', { href: '/admin/dashboard/', t: 'dashboard' }), ': ', el('span', { t: 'dashboardNote' })));

  constructor() {
    this.#stop = poll('/admin/cluster', everyMs, ({ isDone, data }) => {
      this.#away.hidden = isDone;
      this.#show(isDone ? data.silos : []);
      if (isDone) markLoadTest(data.loadTest);
    });
  }

  end() {
    this.#stop();
  }

  /** @param {Silo[]} silos */
  #show(silos) {
    [...this.#list.children].slice(silos.length).forEach((gone) => gone.remove());
    silos.forEach((silo, i) => {
      const entry = this.#list.children[i] ?? this.#add();
      const { address, status, events, activations, startedAt } = silo;
      const values = [address, status, count(events), count(activations), shortMoment(startedAt)];
      [...entry.querySelectorAll('strong, dd')].forEach((place, at) => setText(place, values[at] ?? ''));
    });
  }

  #add() {
    const entry = el('li', {}, el('strong'), el('dl', { class: 'figures' },
      ...shown.map((name) => el('div', {}, el('dt', { t: `silos.${name}` }), el('dd')))));
    this.#list.append(entry);
    return entry;
  }
}
