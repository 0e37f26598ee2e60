// The operator's token: kept for this tab, apart from a member's of the buyer's page, and gone when the tab is closed.
const place = 'boxoffice.operator';

/** @typedef {'ended' | 'operatorsOnly'} Reason */

/** @type {(reason: Reason) => void} */
let onEnd = () => {};

export const token = () => sessionStorage.getItem(place);

/** @param {string} given */
export const begin = (given) => sessionStorage.setItem(place, given);

export const forget = () => sessionStorage.removeItem(place);

/**
 * The server does not take this token, or not any more.
 * @param {string} refused
 * @param {Reason} reason
 */
export function end(refused, reason) {
  if (token() !== refused) return; // an old call's answer, after a new login, or the second to say so
  forget();
  onEnd(reason);
}

/** @param {(reason: Reason) => void} listener  called when the server does not take the token */
export function whenEnded(listener) {
  onEnd = listener;
}
