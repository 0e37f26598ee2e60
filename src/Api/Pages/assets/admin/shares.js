// The mean time of a reservation as one bar of its stages.
import { el } from './dom.js';

const stages = ['edge', 'queue', 'turn', 'store'];

export class Shares {
  #parts = stages.map((stage) => el('span', { class: `share stage-${stage}` }));
  element = el('div', { class: 'shares', 'aria-hidden': 'true' }, ...this.#parts); // the table has the figures

  /** @param {import('./stages.js').Stage[]} figures */
  show(figures) {
    const means = stages.map((stage) => figures.find((figure) => figure.stage === stage)?.meanMs ?? 0);
    const sum = means.reduce((all, mean) => all + mean, 0);
    this.#parts.forEach((part, i) => { part.style.flexGrow = sum > 0 ? String((means[i] ?? 0) / sum) : '0'; });
  }
}
