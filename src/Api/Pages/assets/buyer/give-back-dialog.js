import { element } from '../page/element.js';
import { words } from './words.js';

/**
 * Asks whether a reservation shall really be given back: it cannot be had again.
 * @param {import('../api/wire.js').Reservation} reservation
 * @param {string} eventName
 * @returns {Promise<boolean>}
 */
export function askToGiveBack({ quantity }, eventName) {
  const say = words();
  return new Promise((resolve) => {
    let isSure = false;
    const keep = element('button', { type: 'button', onclick: () => dialog.close() }, say.keep);
    const giveBack = element('button', { type: 'button', class: 'danger', onclick: () => { isSure = true; dialog.close(); } }, say.cancel);
    const dialog = element('dialog', { class: 'card', 'aria-labelledby': 'give-back-title', 'aria-describedby': 'give-back-text' },
      element('h2', { id: 'give-back-title' }, say.giveBackTitle),
      element('p', { id: 'give-back-text' }, say.giveBackText(quantity, eventName)),
      element('div', { class: 'actions' }, keep, giveBack));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(isSure); });
    document.body.append(dialog);
    dialog.showModal();
    keep.focus();
  });
}
