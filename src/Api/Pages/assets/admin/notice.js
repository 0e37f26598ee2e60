// One line at the foot of the page that tells what happened: seen, and read out once. Numbers that move do not belong here.
import { byId } from '../page/element.js';
import { el } from './dom.js';

const shownMs = 8_000;

const polite = el('p', { class: 'notice toast', role: 'status' });
const urgent = el('p', { class: 'notice toast', role: 'alert', 'data-tone': 'bad' });
byId('notices').append(polite, urgent);
/** @type {number | undefined} */
let timer;

/** Tells what was done. @param {string} text */
export const tell = (text) => show(polite, text);

/** Tells what went wrong. @param {string} text */
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
