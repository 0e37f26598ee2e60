import { confirm } from '../page/dialog.js';
import { words } from './words.js';

/**
 * Asks for a confirmation before a reservation is cancelled: that cannot be undone.
 * @param {import('../api/wire.js').Reservation} reservation
 * @param {string} eventName
 * @returns {Promise<boolean>}
 */
export function askToGiveBack({ quantity }, eventName) {
  const say = words();
  return confirm({
    title: say.giveBackTitle,
    text: say.giveBackText(quantity, eventName),
    submit: say.cancel,
    cancel: say.keep,
    tone: 'danger',
  });
}
