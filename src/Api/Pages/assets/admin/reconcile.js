// The reconciliation dialog: the owner's numbers, a replay of the journal, and a count in the database.
import { openDialog } from '../page/dialog.js';
import { count } from '../page/moments.js';
import { get } from './api.js';
import { el } from './dom.js';
import { figureList } from './figures.js';
import { problem } from './problems.js';
import { t } from './words.js';

/** @param {string} eventId */
export async function reconcile(eventId) {
  const result = el('div', { class: 'result', role: 'status' }, el('p', {}, t('reconcile.busy')));
  const close = el('button', {
    type: 'button', class: 'primary', autofocus: true, onclick: () => dialog.close(),
  }, t('close'));
  const dialog = openDialog(t('reconcile.title'), result, el('div', { class: 'actions' }, close));
  const answer = await get(`/admin/events/${eventId}/reconcile`);
  result.replaceChildren(...(answer.isDone ? verdict(answer.data) : [el('p', { class: 'error' }, problem(answer))]));
}

/** @typedef {'drift' | 'gaps' | 'duplicates' | 'reservations' | 'members'} Figure */

/** @type {Figure[]} */
const figures = ['drift', 'gaps', 'duplicates', 'reservations', 'members'];

/** @param {Record<Figure | 'headSequence' | 'unread', number>} found */
function verdict(found) {
  const isBroken = found.drift !== 0 || found.gaps !== 0 || found.duplicates !== 0;
  const outcome = isBroken ? 'broken' : found.unread > 0 ? 'partial' : 'exact';
  return [
    el('p', { class: `verdict ${isBroken ? 'verdict-bad' : 'verdict-good'}` }, t(`reconcile.${outcome}`)),
    el('p', {}, t(`reconcile.${outcome}Text`, { head: count(found.headSequence), unread: count(found.unread) })),
    figureList(figures.map((name) => [`reconcile.${name}`, () => count(found[name])])),
  ];
}
