// The silos of the cluster.
import { setText } from '../page/element.js';
import { el } from './dom.js';
import { count, moment } from './format.js';
import { poll } from './poll.js';

const everyMs = 1_000;

/** @typedef {{address: string, status: string, events: number, activations: number, startedAt: string}} Silo */

export class Silos {
  #body = el('tbody');
  #away = el('p', { class: 'hint', t: 'silos.away', hidden: true });
  #table = el('table', { class: 'silos' }, el('caption', { class: 'unseen', t: 'silos.caption' }),
    el('thead', {}, el('tr', {}, ...['address', 'status', 'events', 'activations', 'started'].map((name) =>
      el('th', { scope: 'col', t: `silos.${name}` })))), this.#body);
  #stop;
  element = el('section', { class: 'card panel panel-wide' }, el('h2', { t: 'silos.title' }),
    this.#table, this.#away,
    el('p', { class: 'hint' }, el('a', { href: '/admin/dashboard/', t: 'dashboard' }), ' ', el('span', { t: 'dashboardNote' })));

  constructor() {
    this.#stop = poll('/admin/cluster', everyMs, ({ isDone, data }) => {
      this.#table.hidden = !isDone;
      this.#away.hidden = isDone;
      this.#show(isDone ? data.silos : []);
    });
  }

  end() {
    this.#stop();
  }

  /** @param {Silo[]} silos */
  #show(silos) {
    while (this.#body.rows.length > silos.length) this.#body.deleteRow(-1);
    silos.forEach((silo, i) => {
      const row = this.#body.rows[i] ?? this.#add();
      const values = [silo.address, silo.status, count(silo.events), count(silo.activations), moment(silo.startedAt)];
      [...row.cells].forEach((cell, column) => setText(cell, values[column] ?? ''));
    });
  }

  #add() {
    const row = el('tr', {}, el('th', { scope: 'row' }), el('td'), el('td'), el('td'), el('td'));
    this.#body.append(row);
    return row;
  }
}
