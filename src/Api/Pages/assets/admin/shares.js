// One bar that is the time of a reservation on average, cut into its stages.
import { el } from './dom.js';

const stages = ['edge', 'queue', 'turn', 'store'];

export class Shares {
  #parts = stages.map((stage) => el('span', { class: `share stage-${stage}` }));
  element = el('div', { class: 'shares', 'aria-hidden': 'true' }, ...this.#parts); // the table says it in figures

  /** @param {import('./stages.js').Stage[]} figures */
  show(figures) {
    const means = stages.map((stage) => figures.find((one) => one.stage === stage)?.meanMs ?? 0);
    const sum = means.reduce((all, mean) => all + mean, 0);
    this.#parts.forEach((part, i) => { part.style.flexGrow = sum > 0 ? String((means[i] ?? 0) / sum) : '0'; });
  }
}
