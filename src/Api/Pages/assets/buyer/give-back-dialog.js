import { confirm } from '../page/dialog.js';
import { words } from './words.js';

/**
 * Asks whether a reservation shall really be given back: it cannot be had again.
 * @param {import('../api/wire.js').Reservation} reservation
 * @param {string} eventName
 * @returns {Promise<boolean>}
 */
export function askToGiveBack({ quantity }, eventName) {
  const say = words();
  return confirm({
    title: say.giveBackTitle, text: say.giveBackText(quantity, eventName), submit: say.cancel, cancel: say.keep, tone: 'danger',
  });
}
