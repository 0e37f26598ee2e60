// One line at the bottom of the page that says what happened. It is announced once: not for changing numbers.
import { byId } from '../page/element.js';
import { el } from './dom.js';

const shownMs = 8_000;

const polite = el('p', { class: 'notice toast', role: 'status' });
const urgent = el('p', { class: 'notice toast', role: 'alert', 'data-tone': 'bad' });
byId('notices').append(polite, urgent);
/** @type {number | undefined} */
let timer;

/** Shows what was done. @param {string} text */
export const tell = (text) => show(polite, text);

/** Shows what went wrong. @param {string} text */
export const warn = (text) => show(urgent, text);

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
function show(place, text) {
  clearTimeout(timer);
  polite.textContent = '';
  urgent.textContent = '';
  place.textContent = text;
  timer = setTimeout(() => { place.textContent = ''; }, shownMs);
}
