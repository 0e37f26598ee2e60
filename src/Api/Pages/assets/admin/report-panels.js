// A rehearsal's report in detail.
import { count } from '../page/moments.js';
import { CurvePanel } from './curve-panel.js';
import { el, say } from './dom.js';
import { FigureTable } from './figure-table.js';
import { figureList } from './figures.js';
import { milliseconds } from './format.js';
import { markOf } from './codes.js';
import { toldOf } from './rehearsal.js';
import { Stages } from './stages.js';
import { t } from './words.js';

/** @typedef {import('./rehearsal.js').Report} Report */

export class ReportPanels {
  #curve;
  element;

  /** @param {Report} report */
  constructor(report) {
    this.#curve = new CurvePanel(report.curve);
    this.element = el('div', { class: 'panels' },
      this.#curve.element,
      panel('latency.title', latencyTable(report.latency), el('p', { class: 'hint', t: 'latency.hint' })),
      panel('told.title', toldTable(report)), stagesPanel(report), reconciliationPanel(report));
  }

  end() {
    this.#curve.end();
  }
}

/**
 * @param {string} title
 * @param {...HTMLElement} content
 */
const panel = (title, ...content) => el('section', { class: 'card panel' }, el('h2', { t: title }), ...content);

/** @type {['accepted' | 'refused' | 'all', string][]} */
const kinds = [['accepted', 'accepted'], ['refused', 'refused'], ['all', 'decisions.all']];

/**
 * Keys and properties. Names without a text are the same in all languages.
 * @type {[string, keyof import('./rehearsal.js').Latency][]}
 */
const rows = [
  ['latency.mean', 'meanMs'], ['p50', 'p50Ms'], ['p90', 'p90Ms'], ['p99', 'p99Ms'], ['latency.max', 'maxMs'],
];

/** @param {import('./rehearsal.js').Latencies} latency */
function latencyTable(latency) {
  /** @type {(key: string, value: (of: import('./rehearsal.js').Latency) => string) => HTMLElement} */
  const row = (key, value) => el('tr', {}, el('th', { scope: 'row', t: key }),
    ...kinds.map(([kind]) => el('td', {}, latency[kind] ? value(latency[kind]) : '–')));
  const headings = ['latency.of', ...kinds.map(([, word]) => word)];
  return el('table', { class: 'legend' }, el('caption', { class: 'unseen', t: 'latency.title' }),
    el('thead', {}, el('tr', {}, ...headings.map((key) => el('th', { scope: 'col', t: key })))),
    el('tbody', {}, row('rehearse.buyers', (of) => count(of.count)),
      ...rows.map(([key, name]) => row(key, (of) => milliseconds(of[name])))));
}

/** @param {Report} report */
function toldTable(report) {
  const told = toldOf(report);
  if (told.length === 0) return el('p', { class: 'hint', t: 'told.none' });
  const headings = ['decisions.code', 'refused', 'told.repeated'];
  const table = new FigureTable(() => t('told.title'), headings.map((key) => () => t(key)));
  table.show(told.map(({ code, refused, repeated }) =>
    ({ key: code, mark: markOf(code), label: () => code, values: [count(refused), count(repeated)] })));
  table.element.classList.add('told');
  return table.element;
}

/** @param {Report} report */
function stagesPanel(report) {
  const stages = new Stages();
  stages.show(report, 'timing.never');
  const outside = el('p');
  say(outside, () => t('outside.text', { ms: milliseconds(report.outsideMs) }));
  return el('section', { class: 'card panel panel-wide' }, el('h2', { t: 'timing.title' }), stages.element, outside);
}

/** @param {Report} report */
function reconciliationPanel({ reconciliation, acknowledgedButMissing, unknownOutcomes }) {
  const { drift, gaps, duplicates } = reconciliation;
  return el('section', { class: 'card panel panel-wide' },
    el('h2', { t: 'reconcile.title' }),
    el('p', { class: 'hint', t: 'verdict.how' }),
    figureList([
      ['reconcile.drift', () => count(drift)],
      ['reconcile.gaps', () => count(gaps)],
      ['reconcile.duplicates', () => count(duplicates)],
      ['verdict.missing', () => count(acknowledgedButMissing)],
      ['verdict.unknown', () => count(unknownOutcomes)],
    ]));
}
