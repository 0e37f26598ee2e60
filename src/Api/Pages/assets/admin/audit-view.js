// The audit log: what operators did, the newest first.
import { get } from './api.js';
import { el, name, say } from './dom.js';
import { Field } from './field.js';
import { exactMoment } from './format.js';
import { problem } from './problems.js';
import { t } from './words.js';

const pageSize = 50;
const columns = ['at', 'actor', 'action', 'target', 'outcome', 'address'];

/**
 * @typedef {object} Act
 * @property {number} id
 * @property {string} at
 * @property {string} actor
 * @property {string} action
 * @property {string} target
 * @property {string} address
 * @property {string | null} outcome
 * @property {Record<string, string>} detail
 */

/**
 * @param {HTMLElement} main
 * @returns {() => void} ends it
 */
export function auditView(main) {
  const over = new AbortController();
  const actor = new Field('actor', { label: 'audit.actor', autocomplete: 'off', spellcheck: 'false' });
  const action = new Field('action', {
    label: 'audit.action', autocomplete: 'off', spellcheck: 'false', placeholder: 'PAUSE_EVENT',
    read: (input) => input.value.trim().toUpperCase().replaceAll(' ', '_'),
  });
  const rows = el('tbody');
  const table = el('table', { class: 'audit', hidden: true }, el('thead', {}, el('tr', {},
    ...columns.map((column) => el('th', { scope: 'col', t: `audit.${column}` })))), rows);
  const scroll = el('div', { class: 'audit-scroll', role: 'region', tabindex: '0' }, table); // with the keyboard, too
  name(scroll, () => t('audit.title'));
  const note = el('p', { class: 'hint', role: 'status', t: 'loading' });
  const more = el('button', { type: 'button', t: 'events.more', hidden: true, onclick: () => load() });
  const form = el('form', { class: 'audit-filter', onsubmit: begin },
    actor.element, action.element, el('button', { t: 'audit.show' }));
  main.replaceChildren(el('div', { class: 'view' },
    el('header', { class: 'view-head' }, el('h1', { tabindex: '-1', t: 'audit.title' })),
    el('p', { class: 'hint', t: 'audit.about' }), form, note, scroll, more));
  let last = 0;
  begin();
  return () => over.abort();

  /** Shows the first page. @param {Event} [event] */
  function begin(event) {
    event?.preventDefault();
    last = 0;
    load();
  }

  async function load() {
    const [after, by, what] = [last, actor.read(), action.read()];
    const query = new URLSearchParams({ limit: String(pageSize), after: String(after), actor: by, action: what });
    const answer = await get(`/admin/audit?${query}`, over.signal);
    // Another filter or page was asked for meanwhile.
    const isStale = after !== last || by !== actor.read() || what !== action.read();
    if (over.signal.aborted || isStale) return;
    if (!answer.isDone) return say(note, () => t('audit.failed', { problem: problem(answer) }));
    /** @type {Act[]} */
    const acts = answer.data;
    if (after === 0) rows.replaceChildren();
    rows.append(...acts.map(rowOf));
    last = acts.at(-1)?.id ?? last;
    more.hidden = acts.length < pageSize;
    table.hidden = rows.children.length === 0;
    say(note, () => (table.hidden ? t('audit.none') : ''));
  }
}

/** @param {Act} act */
function rowOf({ at, actor, action, target, address, outcome, detail }) {
  const when = el('time', { datetime: at });
  say(when, () => exactMoment(at));
  const how = el('span', { class: outcome === 'DONE' ? 'verdict-good' : 'verdict-bad' }, outcome ?? '');
  if (outcome === null) say(how, () => t('audit.unknown'));
  const details = Object.entries(detail).map(([field, value]) => `${field} ${value}`).join(', ');
  return el('tr', {}, el('td', {}, when), el('td', {}, actor || '–'), el('td', {}, el('code', {}, action)),
    el('td', { class: 'audit-what' }, target, details !== '' && el('small', {}, details)),
    el('td', {}, how), el('td', {}, address));
}
