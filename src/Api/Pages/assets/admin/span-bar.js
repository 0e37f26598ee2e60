// A bar from p50 to p99 on a logarithmic scale: 0.01 ms at the left edge, 10 s at the right.
import { el } from './dom.js';

const [least, most] = [0.01, 10_000];
const marks = ['0.01', '0.1', '1', '10', '100', '1 s', '10 s'];

/** The scale of the bar, in milliseconds. */
export const scale = () => el('div', {}, ...marks.map((mark) => el('span', {}, mark)));

export class SpanBar {
  #span;
  element;

  /** @param {string} stage */
  constructor(stage) {
    this.#span = el('span', { class: `span stage-${stage}` });
    this.element = el('div', { class: 'span-bar' }, this.#span);
  }

  /** @param {{p50Ms: number, p99Ms: number} | null} figures */
  show(figures) {
    this.#span.hidden = figures === null;
    if (!figures) return;
    const [from, to] = [placeOf(figures.p50Ms), placeOf(figures.p99Ms)];
    this.#span.style.left = `${from * 100}%`;
    this.#span.style.width = `${(to - from) * 100}%`;
  }
}

/** @param {number} ms */
const placeOf = (ms) => Math.log10(Math.min(most, Math.max(least, ms)) / least) / Math.log10(most / least);
