/** @typedef {import('../api/wire.js').EventNumbers} EventNumbers */

/**
 * The state of a sale now: of the last numbers, and of the time for opening and closing. When the server says that the
 * sale has opened, it has, also when this page's estimate of the server's clock says otherwise.
 * @param {EventNumbers} event
 * @param {number} now  by the server's clock
 * @returns {import('../api/wire.js').SaleState}
 */
export function saleState(event, now) {
  if (event.state === 'PAUSED') return 'PAUSED';
  if (event.state === 'UPCOMING' && untilOpening(event, now) > 0) return 'UPCOMING';
  if (event.state === 'CLOSED' || (event.closesAt && Date.parse(event.closesAt) <= now)) return 'CLOSED';
  if (event.available > 0) return 'OPEN';
  return event.held > 0 ? 'ALL_HELD' : 'SOLD_OUT';
}

/**
 * Milliseconds until the sale opens; 0 or less when it has.
 * @param {EventNumbers} event
 * @param {number} now
 */
export function untilOpening({ opensAt }, now) { return opensAt ? Date.parse(opensAt) - now : 0; }
