// One rehearsal: its progress, and then its report.
import { count } from '../page/moments.js';
import { call } from './api.js';
import { Crowd } from './crowd.js';
import { el, say } from './dom.js';
import { download } from './download.js';
import { moment } from './format.js';
import { Link } from './link.js';
import { tell, warn } from './notice.js';
import { poll } from './poll.js';
import { problem } from './problems.js';
import { isUnderWay } from './rehearsal.js';
import { ReportPanels } from './report-panels.js';
import { State } from './state.js';
import { verdict, verdictKey } from './verdict.js';
import { t } from './words.js';

const everyMs = 1_000;

/** @typedef {import('./rehearsal.js').Rehearsal} Rehearsal */

/**
 * @param {HTMLElement} main
 * @param {string} id
 * @returns {() => void} ends it
 */
export function rehearsalView(main, id) {
  const [state, link, crowd] = [new State(), new Link(), new Crowd()];
  const back = el('a', { href: '#/', t: 'allEvents' });
  const title = el('h1', { tabindex: '-1', t: 'loading' });
  const order = el('p', { class: 'terms-line' });
  const stop = el('button', { type: 'button', t: 'rehearsal.stop', hidden: true, onclick: stopIt });
  const report = el('button', { type: 'button', t: 'rehearsal.report', hidden: true });
  const live = el('div', { class: 'view' }, el('p', { class: 'back' }, back),
    el('header', { class: 'view-head' },
      el('div', { class: 'view-title' }, title, state.element), el('div', { class: 'actions' }, stop, report)),
    order, link.element, crowd.element);
  crowd.element.hidden = true;
  main.replaceChildren(live);

  let wasUnderWay = false;
  /** @type {ReportPanels | null} */
  let panels = null;

  const stopPolling = poll(`/admin/rehearsals/${id}`, everyMs, (answer) => {
    if (answer.code === 'REHEARSAL_NOT_FOUND') return showUnknown();
    link.show(answer.isDone);
    if (answer.isDone) show(answer.data);
    else crowd.lose();
  });
  return end;

  /** @param {Rehearsal} rehearsal */
  function show(rehearsal) {
    const name = rehearsal.eventName;
    say(title, () => t('rehearsal.title', { name }));
    document.title = `${t('rehearsal.title', { name })} · ${t('title')}`;
    back.href = `#/events/${rehearsal.eventId}`;
    say(back, () => name);
    say(order, () => orderInWords(rehearsal));
    state.show(rehearsal.state);
    crowd.element.hidden = false;
    crowd.show(rehearsal);
    if (!isUnderWay(rehearsal)) return showEnd(rehearsal);
    wasUnderWay = true;
    stop.hidden = false;
  }

  /** @param {Rehearsal} rehearsal */
  function showEnd(rehearsal) {
    stopPolling();
    if (document.activeElement === stop) title.focus(); // a hidden button loses the focus
    stop.hidden = true;
    crowd.element.before(verdict(rehearsal));
    const ended = rehearsal.report ? verdictKey(rehearsal.report.exact) : `state.${rehearsal.state}`;
    if (wasUnderWay) tell(t('rehearsal.ended', { state: t(ended) }));
    if (!rehearsal.report) return;
    report.hidden = false;
    const file = `rehearsal-${rehearsal.eventId}-${rehearsal.startedAt.slice(0, 10)}.html`;
    report.onclick = () => download(`/admin/rehearsals/${id}/report`, file);
    panels = new ReportPanels(rehearsal.report);
    live.append(panels.element);
  }

  function showUnknown() {
    say(title, () => t('rehearsal.unknown'));
    live.replaceChildren(el('p', { class: 'back' }, back), title, el('p', { t: 'rehearsal.unknown.why' }));
    end();
  }

  async function stopIt() {
    stop.disabled = true;
    const answer = await call('POST', `/admin/rehearsals/${id}/stop`);
    if (answer.isDone) return tell(t('rehearsal.stopping'));
    stop.disabled = false;
    warn(problem(answer));
  }

  function end() {
    stopPolling();
    crowd.end();
    panels?.end();
  }
}

/** @param {Rehearsal} rehearsal */
function orderInWords({ order, capacity, startedAt }) {
  return t(order.rampSeconds === 0 ? 'rehearsal.orderAtOnce' : 'rehearsal.order', {
    buyers: count(order.buyers), capacity: count(capacity), ramp: count(order.rampSeconds),
    patience: count(order.patienceSeconds), quantity: count(order.quantity), started: moment(startedAt),
  });
}
