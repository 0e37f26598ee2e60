import { serverClock } from '../api/server-clock.js';
import { announce } from '../page/announcer.js';
import { element, fill, setAttribute, setText } from '../page/element.js';
import { clock } from '../page/moments.js';
import { askToGiveBack } from './give-back-dialog.js';
import { myTickets } from './my-tickets.js';
import { notice } from './notice.js';
import { settle } from './settle.js';
import { explain, spoken, words } from './words.js';

const warnedAtSeconds = [60, 30, 10];
const askAgainMs = 1_000;

/** @typedef {import('../api/wire.js').Reservation} Reservation */

/** A reservation: its event, its status, and the actions that are possible. */
export class TicketStub {
  #reservation;
  #eventName;
  #isBusy = false;
  #warnedAt = Number.POSITIVE_INFINITY;
  #askedAt = 0;
  #status = element('p', { class: 'badge' });
  #left = element('span', { class: 'time' });
  #timer = element('p', { class: 'hold', role: 'timer', 'aria-live': 'off' });
  #actions = element('div', { class: 'actions' });
  #outcome = element('div', { role: 'alert' });
  #name;

  /**
   * @param {Reservation} reservation
   * @param {string} eventName
   * @param {'h2' | 'h3'} level  of its heading
   */
  constructor(reservation, eventName, level) {
    this.#name = element(level, { class: 'stub-name' });
    this.#reservation = reservation;
    this.#eventName = eventName;
    const say = words();
    this.node = element('article', { class: 'stub' },
      element('div', { class: 'stub-body' },
        this.#name,
        element('p', { class: 'stub-what' }, say.tickets(reservation.quantity)),
        element('p', { class: 'stub-number' }, `${say.number} `, element('span', {}, reservation.reservationId))),
      element('div', { class: 'stub-side' }, this.#status, this.#timer, this.#actions, this.#outcome));
    fill(this.#timer, element('span', {}, say.holdLeft), ' ', this.#left);
    this.rename(eventName);
    this.update(reservation);
  }

  get eventId() { return this.#reservation.eventId; }

  /** @param {string} eventName */
  rename(eventName) {
    this.#eventName = eventName;
    setText(this.#name, eventName);
    setAttribute(this.node, 'aria-label', `${eventName}, ${words().number} ${this.#reservation.reservationId}`);
  }

  /** @param {Reservation} reservation */
  update(reservation) {
    const isOther = reservation.status !== this.#reservation.status || !this.node.dataset['status'];
    this.#reservation = reservation;
    this.node.dataset['status'] = reservation.status;
    setText(this.#status, words().status[reservation.status]);
    this.#timer.hidden = reservation.status !== 'HELD' || !reservation.expiresAt;
    if (isOther) this.#offer();
    this.tick();
  }

  /** Shows the time that is left. */
  tick() {
    const { status, expiresAt } = this.#reservation;
    if (status !== 'HELD' || !expiresAt) return;
    const leftMs = Date.parse(expiresAt) - serverClock.latest();
    setText(this.#left, clock(leftMs));
    const reached = warnedAtSeconds.filter((seconds) => leftMs <= seconds * 1_000).at(-1);
    if (reached && reached < this.#warnedAt && leftMs > 0) {
      this.#warnedAt = reached;
      announce(words().holdSpoken(spoken(reached)));
    }
    // Expired by this page's estimate: the server decides.
    if (leftMs <= 0 && performance.now() - this.#askedAt > askAgainMs) {
      this.#askedAt = performance.now();
      myTickets.load();
    }
  }

  #offer() {
    const say = words();
    const { status } = this.#reservation;
    const had = this.#actions.contains(document.activeElement);
    const button = (/** @type {'confirm' | 'cancel'} */ verb, /** @type {string} */ style) => element('button',
      { type: 'button', class: style, 'data-verb': verb, onclick: () => this.#settle(verb) }, say[verb]);
    fill(this.#actions,
      status === 'HELD' && button('confirm', 'primary'),
      (status === 'HELD' || status === 'CONFIRMED') && button('cancel', 'quiet'));
    // The pressed button is gone: its focus moves to the name.
    if (!had) return;
    this.#name.tabIndex = -1;
    this.#name.focus();
  }

  /** @param {'confirm' | 'cancel'} verb */
  async #settle(verb) {
    if (this.#isBusy) return;
    if (verb === 'cancel' && !await askToGiveBack(this.#reservation, this.#eventName)) return;
    const say = words();
    this.#isBusy = true;
    fill(this.#outcome);
    this.#mark(verb, verb === 'confirm' ? say.confirming : say.cancelling);
    const answer = await settle(this.#reservation, verb);
    this.#isBusy = false;
    this.#mark(verb, say[verb]);
    if (answer.code) fill(this.#outcome, notice('bad', explain(answer)));
    else announce(verb === 'confirm' ? say.confirmed : say.cancelled);
  }

  /**
   * @param {string} verb
   * @param {string} label
   */
  #mark(verb, label) {
    for (const button of this.#actions.querySelectorAll('button')) {
      setAttribute(button, 'aria-disabled', this.#isBusy && 'true');
      if (button.dataset['verb'] === verb) setText(button, label);
    }
  }
}
