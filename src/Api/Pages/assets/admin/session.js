// The operator's token: kept for this tab, apart from a member's of the buyer's page, and gone when the tab is closed.
const place = 'boxoffice.operator';

/** @type {() => void} */
let onEnd = () => {};

export const token = () => sessionStorage.getItem(place);

/** @param {string} given */
export const begin = (given) => sessionStorage.setItem(place, given);

export const forget = () => sessionStorage.removeItem(place);

/** The server does not take this token any more. @param {string} refused */
export function end(refused) {
  if (token() !== refused) return; // an old call's answer, after a new login, or the second to say so
  forget();
  onEnd();
}

/** @param {() => void} listener  called when the server does not take the token any more */
export function whenEnded(listener) {
  onEnd = listener;
}
