import { EventWatch } from '../api/event-watch.js';
import { serverClock } from '../api/server-clock.js';
import { announce } from '../page/announcer.js';
import { arrive } from '../page/arrival.js';
import { element, fill, setAttribute, setText } from '../page/element.js';
import { dateAndTime } from '../page/moments.js';
import { everyTick } from '../page/tick.js';
import { Availability } from './availability.js';
import { myTickets } from './my-tickets.js';
import { notice } from './notice.js';
import { Order } from './order.js';
import { purchaseOf, watchPurchases } from './purchases.js';
import { saleState } from './sale-state.js';
import { session } from './session.js';
import { StubList } from './stub-list.js';
import { words } from './words.js';

const fewLeft = 10;

/**
 * One event: its live numbers, the order, and the member's tickets.
 * @param {HTMLElement} place
 * @param {string} eventId
 * @param {AbortSignal} signal
 */
export function eventView(place, eventId, signal) {
  const say = words();
  const heading = element('h1', { class: 'unseen' }, say.loading);
  const badge = element('p', { class: 'badge' });
  const when = element('p', { class: 'when' });
  const availability = new Availability();
  const order = new Order();
  const stubs = new StubList('h3');
  const mine = element('section', { class: 'mine', 'aria-labelledby': 'mine-title' },
    element('h2', { id: 'mine-title' }, say.yourTickets), stubs.node);
  const problems = element('div');
  const body = element('div', { class: 'columns' }, availability.node, order.node, mine);
  body.hidden = true;
  mine.hidden = true;
  fill(place,
    element('p', { class: 'back' }, element('a', { href: '#/' }, say.allEvents)),
    element('div', { class: 'title' }, heading, badge, when), problems, body);

  /** @type {import('../api/wire.js').EventNumbers | null} */
  let event = null;
  let state = '';
  let availableBefore = 0;

  const watch = new EventWatch(eventId, { numbers: show, link: showLink, missing }, signal);
  everyTick(tick, signal);
  session.watch(() => { order.update(); showMine(); if (session.member) myTickets.load(); }, signal);
  myTickets.watch(() => { order.update(); showMine(); }, signal);
  watchPurchases((changed) => {
    if (changed !== eventId) return;
    const { state: purchase } = purchaseOf(eventId);
    if (purchase.kind === 'got') myTickets.take(purchase.reservation);
    const mayHaveMore = purchase.kind === 'refused'
      && (purchase.wasInDoubt || purchase.answer.code === 'LIMIT_EXCEEDED');
    if (mayHaveMore) myTickets.load();
    // A live stream sends the change: a crowd that was refused at once should not poll at once.
    if (purchase.kind !== 'asking' && !watch.isLive) watch.refresh();
    order.update();
  }, signal);
  if (session.member) myTickets.load();

  /** @param {import('../api/wire.js').EventNumbers} numbers */
  function show(numbers) {
    const isFirst = event === null;
    availableBefore = event?.available ?? numbers.available;
    event = numbers;
    setText(heading, numbers.name);
    setText(when, windowInWords(numbers));
    availability.update(numbers);
    order.show(numbers);
    stubs.nameEvent(numbers.id, numbers.name);
    tick();
    showMine();
    if (!isFirst) return;
    heading.classList.remove('unseen');
    body.hidden = false;
    fill(problems);
    arrive(heading, `${numbers.name} · ${say.site}`);
  }

  function tick() {
    if (!event) return;
    stubs.tick();
    const now = saleState(event, serverClock.now());
    if (now === 'UPCOMING' || now !== state) order.update();
    if (now !== state) {
      const isFirst = state === '';
      state = now;
      setAttribute(badge, 'data-state', now);
      setText(badge, say.states[now]);
      if (!isFirst) announce(say.stateSpoken[now]);
    } else if (now === 'OPEN' && event.available <= fewLeft && availableBefore > fewLeft) {
      announce(say.leftSpoken(event.available));
      availableBefore = event.available;
    }
  }

  function showMine() {
    stubs.show(myTickets.of(eventId).filter((reservation) =>
      reservation.status === 'HELD' || reservation.status === 'CONFIRMED' || stubs.has(reservation)));
    mine.hidden = stubs.isEmpty || !session.member;
  }

  /** @param {import('../api/event-watch.js').Link} link */
  function showLink(link) {
    availability.showLink(link);
    if (!event && link === 'lost') fill(problems, notice('wait', { title: say.loading, text: say.cannotReach }));
  }

  function missing() {
    heading.classList.remove('unseen');
    setText(heading, say.notThere);
    setText(when, say.notThereText);
    body.hidden = true;
    arrive(heading, `${say.notThere} · ${say.site}`);
  }
}

/** @param {import('../api/wire.js').EventNumbers} event */
function windowInWords({ opensAt, closesAt }) {
  const say = words();
  const ends = [opensAt && say.opensAt(dateAndTime(opensAt)), closesAt && say.closesAt(dateAndTime(closesAt))];
  return ends.filter(Boolean).join(', ');
}
