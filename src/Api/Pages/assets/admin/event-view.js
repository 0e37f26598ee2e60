// One event, live.
import { EventWatch } from '../api/event-watch.js';
import { count } from '../page/moments.js';
import { Actions } from './actions.js';
import { Bar } from './bar.js';
import { Decisions } from './decisions.js';
import { setText } from '../page/element.js';
import { el, say } from './dom.js';
import { Figures } from './figures.js';
import { clock, moment } from './format.js';
import { poll } from './poll.js';
import { Rehearsals } from './rehearsals.js';
import { Sales } from './sales.js';
import { Silos } from './silos.js';
import { StateNews } from './state-news.js';
import { State } from './state.js';
import { Timing } from './timing.js';
import { t } from './words.js';

const everyMs = 1_000;
const backShownMs = 8_000;

/**
 * @param {HTMLElement} main
 * @param {string} eventId
 * @returns {() => void} ends it
 */
export function eventView(main, eventId) {
  const [bar, figures, state, actions] = [new Bar(), new Figures(), new State(), new Actions(eventId)];
  const [sales, decisions, timing, silos] = [new Sales(), new Decisions(), new Timing(), new Silos()];
  const news = new StateNews();
  const rehearsals = new Rehearsals(eventId);
  const title = el('h1', { tabindex: '-1' }, eventId);
  const terms = el('p', { class: 'terms-line' });
  const link = el('p', { class: 'link', role: 'status' });
  const live = el('div', { class: 'view' },
    el('p', { class: 'back' }, el('a', { href: '#/', t: 'allEvents' })),
    el('header', { class: 'view-head' }, el('div', { class: 'view-title' }, title, state.element), actions.element),
    terms, link, el('section', { class: 'card now' }, figures.element, bar.element),
    el('div', { class: 'panels' },
      sales.element, decisions.element, timing.element, silos.element, rehearsals.element));
  main.replaceChildren(live);

  /** @type {number | null} the moment of the last numbers */
  let heardAt = null;
  let isLost = false;

  const following = new AbortController();
  new EventWatch(eventId, {
    numbers: (numbers) => {
      if (isLost) sayBack(link);
      isLost = false;
      heardAt = Date.now() / 1_000;
      setText(title, numbers.name);
      document.title = `${numbers.name} · ${t('title')}`;
      news.see(numbers);
      say(terms, () => termsInWords(numbers));
      state.show(numbers.state);
      for (const part of [bar, figures, actions]) part.show(numbers);
      sales.add(numbers);
    },
    link: (state) => {
      if (state !== 'lost') return;
      sales.lose();
      if (isLost) return; // shown once
      isLost = true;
      const at = heardAt;
      link.className = 'link notice';
      link.dataset.tone = 'bad';
      say(link, () => (at === null ? t('link.lostEver') : t('link.lost', { time: clock(at) })));
    },
    missing: () => {
      const words = el('p');
      say(words, () => t('event.unknown', { id: eventId }));
      live.replaceChildren(el('p', { class: 'back' }, el('a', { href: '#/', t: 'allEvents' })), words);
      end();
    },
  }, following.signal, { isAlsoHidden: true }); // its charts have no gaps then
  const stopPolling = poll(`/admin/events/${eventId}/timing`, everyMs, ({ isDone, data }) => {
    if (!isDone) {
      timing.lose();
      decisions.lose();
      return;
    }
    timing.show(data);
    decisions.add(data);
  });
  const ticking = setInterval(() => sales.tick(), everyMs);

  function end() {
    clearInterval(ticking);
    following.abort();
    stopPolling();
    for (const part of [sales, decisions, silos, rehearsals, news]) part.end();
  }
  return end;
}

/** Shows for a while that the connection is back. @param {HTMLElement} link */
function sayBack(link) {
  const words = () => t('link.back');
  link.className = 'link';
  say(link, words);
  setTimeout(() => { if (link.textContent === words()) say(link, () => ''); }, backShownMs);
}

/** @param {import('../api/wire.js').EventNumbers} numbers */
function termsInWords({ maxPerMember, holdSeconds, opensAt, closesAt }) {
  const [from, until] = [opensAt && moment(opensAt), closesAt && moment(closesAt)];
  const window = from && until ? t('event.fromUntil', { from, until })
    : from ? t('event.from', { from }) : until ? t('event.until', { until }) : t('event.always');
  const hold = holdSeconds > 0 ? t('event.hold', { seconds: count(holdSeconds) }) : t('event.noHold');
  return t('event.terms', { max: count(maxPerMember), hold, window });
}
