import { serverClock } from '../api/server-clock.js';
import { announce } from '../page/announcer.js';
import { element, fill } from '../page/element.js';
import { dateAndTime } from '../page/moments.js';
import { askToLogIn } from './login-dialog.js';
import { myTickets } from './my-tickets.js';
import { notice } from './notice.js';
import { explain, words } from './words.js';

/** The outcome of an order, in words. */
export class OrderOutcome {
  node = element('div', { class: 'outcome' });
  #shown = '';
  #kind = '';

  /** @param {import('./purchase.js').Purchase} purchase */
  update(purchase) {
    const { tone, explanation, actions, more } = this.#describe(purchase);
    const shown = JSON.stringify([purchase.state, explanation]);
    if (shown === this.#shown) return;
    const kind = `${purchase.state.kind} ${explanation?.title}`;
    const isOther = kind !== this.#kind; // else only a number in it changed
    this.#shown = shown;
    this.#kind = kind;
    if (!explanation) return fill(this.node);
    const had = this.node.contains(document.activeElement) && document.activeElement !== this.node;
    fill(this.node, notice(tone, explanation, more, actions && element('div', { class: 'actions' }, ...actions)));
    if (isOther) announce(`${explanation.title}. ${explanation.text}`);
    if (had) this.focus();
  }

  /** Takes the focus, so that reading goes on here. */
  focus() {
    this.node.tabIndex = -1;
    this.node.focus();
  }

  /**
   * @param {import('./purchase.js').Purchase} purchase
   * @returns {{tone: 'good' | 'bad' | 'wait' | 'plain', explanation?: import('./words/en.js').Explanation,
   *   actions?: HTMLElement[], more?: HTMLElement}}
   */
  #describe(purchase) {
    const say = words();
    const { state } = purchase;
    switch (state.kind) {
      case 'idle': return { tone: 'plain' };
      case 'asking': {
        const moods = {
          first: { title: say.askingTitle, text: say.askingText(state.quantity) },
          slower: { title: say.slowerTitle, text: say.slowerText },
          waiting: { title: say.waitingTitle, text: say.waitingText },
          opening: { title: say.openingTitle, text: say.openingText },
          doubt: { title: say.doubtTitle, text: say.doubtText },
        };
        const more = state.tries > 1 ? element('p', { class: 'hint' }, say.tries(state.tries)) : undefined;
        return { tone: 'wait', explanation: moods[state.mood], ...(more ? { more } : {}) };
      }
      case 'login': return {
        tone: 'bad',
        explanation: { title: say.loginNeededTitle, text: say.loginNeededText },
        actions: [button('primary', say.goOn, () => askToLogIn())],
      };
      case 'stale': return {
        tone: 'wait',
        explanation: {
          title: say.staleTitle, text: say.staleText(dateAndTime(state.intent.madeAt), state.intent.quantity),
        },
        actions: [
          button('primary', say.askAgain, () => purchase.askAgain()),
          button('quiet', say.forget, () => { purchase.forget(); myTickets.load(); }),
        ],
      };
      case 'got': {
        const { quantity, status, expiresAt } = myTickets.find(state.reservation.reservationId) ?? state.reservation;
        const isOver = status === 'HELD' && expiresAt !== null && Date.parse(expiresAt) <= serverClock.now();
        const now = isOver ? 'EXPIRED' : status;
        const tone = now === 'HELD' || now === 'CONFIRMED' ? 'good' : 'plain';
        return { tone, explanation: { title: say.gotTitle[now], text: say.gotText[now](quantity) } };
      }
      case 'refused': return { tone: 'bad', explanation: explain(state.answer) };
    }
  }
}

/**
 * @param {string} style
 * @param {string} label
 * @param {() => void} pressed
 */
function button(style, label, pressed) {
  return element('button', { type: 'button', class: style, onclick: pressed }, label);
}
