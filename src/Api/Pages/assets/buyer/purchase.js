import { call } from '../api/call.js';
import { pause, waitBefore } from '../api/patience.js';
import { findIntent, forgetIntent, keepIntent, makeIntent } from './intents.js';
import { session } from './session.js';
import { verdictOf } from './verdict.js';

const staleAfterMs = 10 * 60_000; // an older intent needs the member's confirmation

/** @typedef {import('./intents.js').Intent} Intent */
/** @typedef {'first' | 'waiting' | 'slower' | 'opening' | 'doubt'} Mood */

/**
 * @typedef {{kind: 'idle'}
 *   | {kind: 'asking', quantity: number, mood: Mood, tries: number}
 *   | {kind: 'login', intent: Intent}
 *   | {kind: 'stale', intent: Intent}
 *   | {kind: 'got', reservation: import('../api/wire.js').Reservation}
 *   | {kind: 'refused', answer: import('../api/call.js').Answer, wasInDoubt: boolean}} PurchaseState
 */

/** One member's order for one event, from the press of the button to the final answer, through faults and reloads. */
export class Purchase {
  /** @type {PurchaseState} */
  state = { kind: 'idle' };

  #eventId;
  #changed;

  /**
   * @param {string} eventId
   * @param {() => void} changed
   */
  constructor(eventId, changed) {
    this.#eventId = eventId;
    this.#changed = changed;
  }

  /** True when a press would begin an order. */
  get isFree() { return ['idle', 'got', 'refused'].includes(this.state.kind); }

  /**
   * The button was pressed. While an earlier press has no answer, this one has no further effect.
   * @param {number} quantity
   */
  press(quantity) {
    const { member } = session;
    if (!member || !this.isFree) return;
    const open = findIntent(member.id, this.#eventId); // of another tab, whose call is under way
    const intent = open ?? makeIntent(member.id, this.#eventId, quantity);
    keepIntent(intent);
    this.#ask(intent, open !== null);
  }

  /**
   * Goes on with a kept intent that has no answer.
   * @param {Intent} intent
   */
  resume(intent) {
    if (!this.isFree && this.state.kind !== 'login') return;
    if (Date.now() - intent.madeAt > staleAfterMs) this.#become({ kind: 'stale', intent });
    else this.#ask(intent, true);
  }

  /** The member confirmed an old intent. */
  askAgain() {
    if (this.state.kind === 'stale') this.#ask(this.state.intent, true);
  }

  /** The member dropped an old intent. */
  forget() {
    if (this.state.kind !== 'stale') return;
    forgetIntent(this.state.intent);
    this.#become({ kind: 'idle' });
  }

  /**
   * @param {Intent} intent
   * @param {boolean} wasSent
   */
  async #ask(intent, wasSent) {
    const { quantity, key } = intent;
    let isInDoubt = wasSent;
    this.#become({ kind: 'asking', quantity, mood: isInDoubt ? 'doubt' : 'first', tries: 0 });
    for (let attempt = 1; ; attempt++) {
      const token = session.member?.id === intent.memberId ? session.token : null;
      if (!token) return this.#become({ kind: 'login', intent });
      const answer = await call('POST', `/ticket/reserve/${this.#eventId}`, { token, key, body: { quantity } });
      switch (verdictOf(answer)) {
        case 'GOT':
          forgetIntent(intent);
          return this.#become({ kind: 'got', reservation: answer.data });
        case 'REFUSED':
          forgetIntent(intent);
          return this.#become({ kind: 'refused', answer, wasInDoubt: isInDoubt });
        case 'LOG_IN':
          session.lapse(token);
          return this.#become({ kind: 'login', intent });
      }
      isInDoubt ||= answer.isInDoubt;
      this.#become({ kind: 'asking', quantity, mood: isInDoubt ? 'doubt' : moodAfter(answer.code), tries: attempt });
      await pause(waitBefore(attempt, answer.retryAfterMs));
    }
  }

  /** @param {PurchaseState} state */
  #become(state) {
    this.state = state;
    this.#changed();
  }
}

/**
 * @param {string} code
 * @returns {Mood}
 */
function moodAfter(code) {
  if (code === 'NOT_OPEN') return 'opening';
  return code === 'RATE_LIMITED' ? 'slower' : 'waiting';
}
