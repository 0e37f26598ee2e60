// Sold, held and available, over the last minutes.
import { count } from '../page/moments.js';
import { Chart } from './chart.js';
import { el } from './dom.js';
import { FigureTable } from './figure-table.js';
import { clock } from './format.js';
import { History } from './history.js';
import { t } from './words.js';

const slotSeconds = 0.25; // the server sends at most four times a second
const areas = [
  { name: 'sold', colour: '--sold' },
  { name: 'held', colour: '--held' },
  { name: 'available', colour: '--free-area' },
];

export class Sales {
  #history = new History(slotSeconds, areas.map(({ name }) => name));
  #picture = el('div', { class: 'chart', 'aria-hidden': 'true' });
  #table = new FigureTable(() => t('sales.caption'), [() => t('sales.caption'), () => t('sales.now')]);
  /** @type {import('../api/wire.js').EventNumbers | null} */
  #numbers = null;
  #capacity = 0;
  /** @type {number | null} */
  #pointed = null;
  #chart;
  element = el('section', { class: 'card panel' }, el('h2', { t: 'sales.title' }), this.#picture, this.#table.element,
    el('p', { class: 'hint', t: 'chart.since' }));

  constructor() {
    this.#chart = new Chart(this.#picture, this.#history, {
      scaleMax: () => this.#capacity,
      pointed: (index) => {
        this.#pointed = index;
        this.#tell();
      },
    });
  }

  /** @param {import('../api/wire.js').EventNumbers} numbers */
  add(numbers) {
    this.#numbers = numbers;
    this.#capacity = numbers.capacity;
    this.tick();
  }

  /** The connection is lost: what follows is unknown. */
  lose() {
    if (this.#numbers) this.#history.addGap(now());
    this.#numbers = null;
    this.tick();
  }

  /** Adds a reading. While the stream is connected, the last numbers hold. */
  tick() {
    if (this.#numbers) {
      const { confirmed, held, available } = this.#numbers;
      this.#history.add(now(), { sold: confirmed, held, available });
    }
    this.#chart.paint(now(), this.#history.times.length > 0 ? areas : []);
    this.#tell();
  }

  end() {
    this.#chart.end();
  }

  #tell() {
    const last = this.#history.times.length - 1;
    const at = this.#pointed !== null && this.#pointed <= last ? this.#pointed : null;
    const time = this.#history.times[at ?? last] ?? now();
    this.#table.head(1, () => (at === null ? t('sales.now') : t('chart.at', { time: clock(time) })));
    this.#table.show(areas.map(({ name }) => {
      const value = this.#history.column(name)[at ?? last] ?? null;
      return { key: name, mark: name, label: () => t(name), values: [value === null ? '–' : count(value)] };
    }));
  }
}

const now = () => Date.now() / 1_000;
