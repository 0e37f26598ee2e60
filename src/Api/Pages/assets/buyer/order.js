import { serverClock } from '../api/server-clock.js';
import { element, fill, setAttribute, setText } from '../page/element.js';
import { Countdown } from './countdown.js';
import { askToLogIn } from './login-dialog.js';
import { myTickets } from './my-tickets.js';
import { OrderOutcome } from './order-outcome.js';
import { purchaseOf } from './purchases.js';
import { Quantity } from './quantity.js';
import { saleState, untilOpening } from './sale-state.js';
import { session } from './session.js';
import { spoken, words } from './words.js';

/** @typedef {import('../api/wire.js').EventNumbers} EventNumbers */

/** The order: quantity, button and outcome. */
export class Order {
  /** @type {EventNumbers | null} */
  #event = null;
  #finished = '';
  #countdown = new Countdown();
  #quantity = new Quantity(() => this.update());
  #button = element('button', {
    type: 'button', class: 'reserve primary wide', 'aria-describedby': 'order-why',
    onclick: (/** @type {MouseEvent} */ event) => {
      // The second click of a double click is not a second order, also when the first has its answer already.
      if (event.detail < 2) this.#press();
    },
  });
  #why = element('p', { class: 'hint', id: 'order-why' });
  #rules = element('ul', { class: 'rules' });
  #outcome = new OrderOutcome();

  constructor() {
    this.node = element('section', { class: 'card order', 'aria-labelledby': 'order-title' },
      element('h2', { id: 'order-title', class: 'unseen' }, words().reserve(1)),
      this.#countdown.node, this.#quantity.node, this.#button, this.#why, this.#outcome.node, this.#rules);
  }

  /** @param {EventNumbers} event */
  show(event) {
    const say = words();
    this.#event = event;
    fill(this.#rules,
      element('li', {}, say.limit(event.maxPerMember)),
      event.holdSeconds > 0 && element('li', {}, say.holdRule(spoken(event.holdSeconds))));
    this.update();
  }

  /** Called when the numbers, the time, the member or the answer may have changed. */
  update() {
    const event = this.#event;
    if (!event) return;
    const say = words();
    const purchase = purchaseOf(event.id);
    const state = saleState(event, serverClock.now());
    const mayHave = event.maxPerMember - myTickets.countOf(event.id);
    this.#countdown.update(state === 'UPCOMING' ? untilOpening(event, serverClock.now()) : 0);
    this.#quantity.limit(Math.min(mayHave, event.available || 1));

    const isSelling = state === 'OPEN';
    const canPress = isSelling && (!session.member || (purchase.isFree && mayHave > 0));
    setAttribute(this.#button, 'aria-disabled', !canPress && 'true');
    // A member who has a ticket confirms it first: that button is the primary one then.
    this.#button.classList.toggle('primary', mayHave === event.maxPerMember);
    const isAsking = purchase.state.kind === 'asking';
    setText(this.#button, isAsking ? say.asking
      : !isSelling ? say.buttons[state]
      : !session.member ? say.logInToReserve
      : mayHave <= 0 ? say.haveAll
      : say.reserve(this.#quantity.value));
    setText(this.#why, isAsking ? '' : say.why[state]);
    this.#outcome.update(purchase);
    this.#focusOutcome(purchase.state);
  }

  async #press() {
    const event = this.#event;
    if (!event || this.#button.getAttribute('aria-disabled') === 'true') return;
    if (!session.member) {
      await askToLogIn();
      this.#button.focus();
      return;
    }
    this.#finished = '';
    purchaseOf(event.id).press(this.#quantity.value);
  }

  /**
   * Moves the focus from the button to the final answer. A focus that is elsewhere stays there.
   * @param {import('./purchase.js').PurchaseState} state
   */
  #focusOutcome(state) {
    const isFinal = state.kind === 'got' || state.kind === 'refused' || state.kind === 'login';
    if (!isFinal || this.#finished === state.kind) return;
    this.#finished = state.kind;
    if (document.activeElement === this.#button) this.#outcome.focus();
  }
}
