import { intentsOf } from './intents.js';
import { Purchase } from './purchase.js';
import { session } from './session.js';

/** @type {Map<string, Purchase>} */
const purchases = new Map();

/** @type {Set<(eventId: string) => void>} */
const watchers = new Set();

let ownerId = '';

/**
 * The purchase of an event by the member who is logged in. It goes on when the member opens another view.
 * @param {string} eventId
 */
export function purchaseOf(eventId) {
  const known = purchases.get(eventId);
  if (known) return known;
  const purchase = new Purchase(eventId, () => {
    if (purchases.get(eventId) === purchase) [...watchers].forEach((watcher) => watcher(eventId));
  });
  purchases.set(eventId, purchase);
  return purchase;
}

/**
 * Calls the watcher after every change of a purchase.
 * @param {(eventId: string) => void} watcher
 * @param {AbortSignal} [signal]
 */
export function watchPurchases(watcher, signal) {
  watchers.add(watcher);
  signal?.addEventListener('abort', () => watchers.delete(watcher));
}

/** Goes on with this member's intents without an answer: when the page starts, and after a login. */
export function resumePurchases() {
  const { member } = session;
  if (!member) return;
  if (member.id !== ownerId) purchases.clear(); // another member's must not be visible
  ownerId = member.id;
  intentsOf(member.id).forEach((intent) => purchaseOf(intent.eventId).resume(intent));
}
