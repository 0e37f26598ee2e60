// Orders without a final answer. An intent is kept in localStorage from before the call until the final answer. So a
// reload, a crash of the browser or an empty battery loses nothing, and the next call has the same key. The key is no
// secret: it has no effect without the member's token.
const place = 'boxoffice.intent.';

/**
 * @typedef {object} Intent
 * @property {string} key
 * @property {string} memberId
 * @property {string} eventId
 * @property {number} quantity
 * @property {number} madeAt     by this device's clock
 */

/** @type {Map<string, Intent>} of this page, for a browser without storage */
const ofThisPage = new Map();

/**
 * A new intent, with a new key.
 * @param {string} memberId
 * @param {string} eventId
 * @param {number} quantity
 * @returns {Intent}
 */
export function makeIntent(memberId, eventId, quantity) {
  return { key: makeKey(), memberId, eventId, quantity, madeAt: Date.now() };
}

/**
 * A member's open intent for an event. There is one at most, also with several tabs: all of them send the same call.
 * @param {string} memberId
 * @param {string} eventId
 */
export function findIntent(memberId, eventId) {
  return intentsOf(memberId).find((intent) => intent.eventId === eventId) ?? null;
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
    // Storage is forbidden: only this page's own intents are known.
  }
  return [...kept.values()].filter((intent) => intent.memberId === memberId);
}

/** @param {Intent} intent */
export function keepIntent(intent) {
  ofThisPage.set(nameOf(intent), intent);
  try {
    localStorage.setItem(nameOf(intent), JSON.stringify(intent));
  } catch {
    // Storage is full or forbidden: a reload loses the intent.
  }
}

/** @param {Intent} intent */
export function forgetIntent(intent) {
  ofThisPage.delete(nameOf(intent));
  try {
    if (parse(localStorage.getItem(nameOf(intent)))?.key === intent.key) localStorage.removeItem(nameOf(intent));
  } catch {
    // Storage is forbidden: nothing was kept.
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
    const isIntent = [key, memberId, eventId].every((value) => typeof value === 'string')
      && Number.isInteger(quantity) && Number.isFinite(madeAt);
    return isIntent ? { key, memberId, eventId, quantity, madeAt } : null;
  } catch {
    return null;
  }
}

function makeKey() {
  // Not randomUUID(): browsers have it on https and localhost only.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
