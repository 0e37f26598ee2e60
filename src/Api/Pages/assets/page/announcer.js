import { byId } from './element.js';

const readMs = 100;

/**
 * Announces a text to screen readers. Numbers that change several times a second are not announced.
 * @param {string} text
 */
export function announce(text) {
  const place = byId('announcements');
  // Emptied first, so that the same sentence is announced again.
  place.textContent = '';
  setTimeout(() => { place.textContent = text; }, readMs);
}
