import { byId } from './element.js';

const readMs = 100;

/**
 * Says something to those who listen instead of looking. What changes on the screen several times a second is not
 * said: only what somebody would turn the head for.
 * @param {string} text
 */
export function announce(text) {
  const place = byId('announcements');
  // Emptied first: the same sentence twice is said twice.
  place.textContent = '';
  setTimeout(() => { place.textContent = text; }, readMs);
}
