// The verdict of a rehearsal: whether it was exact, and the first bottleneck.
import { count } from '../page/moments.js';
import { el, say } from './dom.js';
import { figureList } from './figures.js';
import { milliseconds, percent, rate } from './format.js';
import { has, t } from './words.js';

/** @typedef {import('./rehearsal.js').Report} Report */

/** @param {import('./rehearsal.js').Rehearsal} rehearsal  one that is over */
export function verdict({ state, problem, report, capacity, order }) {
  if (!report) {
    return el('section', { class: 'notice', 'data-tone': state === 'FAILED' ? 'bad' : 'wait' },
      el('h2', { class: 'notice-title', t: `verdict.none.${state}` }), problem && el('p', { lang: 'en' }, problem));
  }
  const words = el('p');
  say(words, () => bottleneckInWords(report));
  const sums = el('p');
  say(sums, () => t('verdict.yesText', {
    buyers: count(order.buyers), sold: count(report.sold), capacity: count(capacity),
  }));
  return el('section', { class: 'card verdict-card' },
    el('div', {}, el('h2', { class: report.exact ? 'verdict-good' : 'verdict-bad', t: verdictKey(report.exact) }),
      report.exact ? sums : el('ul', { lang: 'en' }, ...report.notExact.map((sentence) => el('li', {}, sentence)))),
    el('div', {}, el('h3', { t: 'bottleneck.title' }), words),
    figureList(figuresOf(report)));
}

/** @param {boolean} isExact */
export const verdictKey = (isExact) => (isExact ? 'verdict.yes' : 'verdict.no');

/** @param {Report} report @returns {[string, () => string][]} */
const figuresOf = ({ sold, unsold, sellOutSeconds, lastAnswerSeconds, latency: { all }, noAnswer }) => [
  ['sold', () => count(sold)],
  ['verdict.unsold', () => count(unsold)],
  ['verdict.soldOutAfter', () => (sellOutSeconds === null ? '–' : t('seconds', { seconds: rate(sellOutSeconds) }))],
  ['verdict.lastAnswer', () => t('seconds', { seconds: rate(lastAnswerSeconds) })],
  ['verdict.p99', () => (all ? t('milliseconds', { ms: milliseconds(all.p99Ms) }) : '–')],
  ['verdict.noAnswer', () => count(noAnswer)],
];

/** The server's text, or its translation by the place. @param {Report} report */
function bottleneckInWords({ bottleneck: { where, words }, stages, outsideMs, latency, noAnswer }) {
  if (!has(`bottleneck.${where}`)) return words;
  const meanOf = (/** @type {string} */ name) => stages.find(({ stage }) => stage === name)?.meanMs ?? 0;
  const callMs = meanOf('total') + outsideMs;
  const partMs = where === 'OUTSIDE' ? outsideMs : meanOf(where.toLowerCase());
  return t(`bottleneck.${where}`, {
    share: percent(callMs > 0 ? partMs / callMs : 0), mean: milliseconds(callMs),
    p99: milliseconds(latency.all?.p99Ms ?? 0), noAnswer: count(noAnswer),
  });
}
