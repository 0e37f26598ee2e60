// What a member asked for and whose answer is not known yet. It is kept in localStorage from before the call is sent
// until the final answer: a reload, a crash of the browser or an empty battery in between loses nothing, and the next
// call has the same key. The key is no secret: it does nothing without the member's token.
const place = 'boxoffice.intent.';

/**
 * @typedef {object} Intent
 * @property {string} key
 * @property {string} memberId
 * @property {string} eventId
 * @property {number} quantity
 * @property {number} madeAt     by this device's clock
 */

/** @type {Map<string, Intent>} those of this page, should the browser keep nothing */
const ofThisPage = new Map();

/**
 * A new intention, with a key of its own.
 * @param {string} memberId
 * @param {string} eventId
 * @param {number} quantity
 * @returns {Intent}
 */
export function makeIntent(memberId, eventId, quantity) {
  return { key: makeKey(), memberId, eventId, quantity, madeAt: Date.now() };
}

/**
 * The open intention of a member for an event. There is one at most, also with several tabs: all of them repeat the
 * same call.
 * @param {string} memberId
 * @param {string} eventId
 */
export function findIntent(memberId, eventId) {
  return intentsOf(memberId).find((one) => one.eventId === eventId) ?? null;
}

/**
 * @param {string} memberId
 * @returns {Intent[]}
 */
export function intentsOf(memberId) {
  const kept = new Map(ofThisPage);
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const name = localStorage.key(i);
      const intent = name?.startsWith(place) ? parse(localStorage.getItem(name)) : null;
      if (intent && name) kept.set(name, intent);
    }
  } catch {
    // The browser keeps nothing: this page's own must do.
  }
  return [...kept.values()].filter((one) => one.memberId === memberId);
}

/** @param {Intent} intent */
export function keepIntent(intent) {
  ofThisPage.set(nameOf(intent), intent);
  try {
    localStorage.setItem(nameOf(intent), JSON.stringify(intent));
  } catch {
    // Full or forbidden: then a reload forgets it.
  }
}

/** @param {Intent} intent */
export function forgetIntent(intent) {
  ofThisPage.delete(nameOf(intent));
  try {
    if (parse(localStorage.getItem(nameOf(intent)))?.key === intent.key) localStorage.removeItem(nameOf(intent));
  } catch {
    // It was not kept either.
  }
}

/** @param {Intent} intent */
function nameOf({ memberId, eventId }) { return `${place}${encodeURIComponent(memberId)}/${eventId}`; }

/**
 * @param {string | null} text
 * @returns {Intent | null}
 */
function parse(text) {
  try {
    const { key, memberId, eventId, quantity, madeAt } = JSON.parse(text ?? '');
    const isIntent = [key, memberId, eventId].every((one) => typeof one === 'string') && Number.isInteger(quantity) && Number.isFinite(madeAt);
    return isIntent ? { key, memberId, eventId, quantity, madeAt } : null;
  } catch {
    return null;
  }
}

function makeKey() {
  // Not randomUUID(): browsers have it on https and localhost only.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
