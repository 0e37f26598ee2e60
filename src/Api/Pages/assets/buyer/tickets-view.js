import { call } from '../api/call.js';
import { arrive } from '../page/arrival.js';
import { element, fill } from '../page/element.js';
import { everyTick } from '../page/tick.js';
import { myTickets } from './my-tickets.js';
import { notice } from './notice.js';
import { loginForm } from './login-form.js';
import { purchaseOf, watchPurchases } from './purchases.js';
import { session } from './session.js';
import { StubList } from './stub-list.js';
import { explain, words } from './words.js';

const firstPage = '/ticket/events?limit=50'; // the list's address, so that the server shares one answer

/**
 * All reservations of the member.
 * @param {HTMLElement} place
 * @param {AbortSignal} signal
 */
export function ticketsView(place, signal) {
  const say = words();
  const heading = element('h1', {}, say.myTickets);
  const body = element('div', { class: 'my-tickets' });
  const stubs = new StubList('h2');
  /** @type {Set<string>} */
  const named = new Set();
  fill(place, element('div', { class: 'title' }, heading), body);
  arrive(heading, `${say.myTickets} · ${say.site}`);

  everyTick(() => stubs.tick(), signal);
  myTickets.watch(show, signal);
  session.watch(begin, signal);
  watchPurchases((eventId) => { if (purchaseOf(eventId).state.kind === 'got') myTickets.load(); }, signal);
  begin();

  function begin() {
    if (session.member) myTickets.load();
    else fill(body, element('div', { class: 'card narrow' }, loginForm(() => {}, signal).form));
    show();
  }

  function show() {
    if (!session.member) return;
    const { all, missing, refusal } = myTickets;
    if (refusal && !all) return fill(body, notice('wait', explain(refusal)));
    if (!all) return fill(body, element('p', { class: 'muted' }, say.loading));
    const note = missing.length > 0
      ? [notice('wait', { title: say.missingTickets, text: say.missingTicketsText })] : [];
    if (all.length === 0 && note.length > 0) return fill(body, ...note);
    if (all.length === 0) {
      return fill(body, notice('plain', { title: say.noTickets, text: say.noTicketsText },
        element('div', { class: 'actions' }, element('a', { class: 'button', href: '#/' }, say.seeEvents))));
    }
    stubs.show(all);
    const isShown = stubs.node.parentElement === body && note.length === 0 && body.childElementCount <= 1;
    if (!isShown) fill(body, ...note, stubs.node);
    nameEvents(all.map(({ eventId }) => eventId));
  }

  /** Loads the events' names, which reservations do not have. @param {string[]} eventIds */
  async function nameEvents(eventIds) {
    const unnamed = [...new Set(eventIds)].filter((id) => !named.has(id));
    unnamed.forEach((id) => named.add(id));
    try {
      const listed = unnamed.length > 1 ? await namesInList(signal) : new Map();
      await Promise.all(unnamed.map(async (id) => stubs.nameEvent(id, listed.get(id) ?? await nameOf(id, signal))));
    } catch {
      // The view is gone.
    }
  }
}

/**
 * The names on the first page of the list, in one call, the same as the list's.
 * @param {AbortSignal} signal
 * @returns {Promise<Map<string, string>>}
 */
async function namesInList(signal) {
  const answer = await call('GET', firstPage, { signal });
  /** @type {import('../api/wire.js').EventNumbers[]} */
  const events = answer.code ? [] : answer.data;
  return new Map(events.map(({ id, name }) => [id, name]));
}

/**
 * @param {string} eventId
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the id itself when the event does not answer
 */
async function nameOf(eventId, signal) {
  const answer = await call('GET', `/ticket/events/${eventId}`, { signal });
  return answer.code ? eventId : answer.data.name;
}
