// The header of every view: navigation, logout, and the language.
import { byId, fill } from '../page/element.js';
import { otherLanguage, speak } from '../page/language.js';
import { el, name, say, sayAgain } from './dom.js';
import { t } from './words.js';

/** @param {() => void} leave  logs out */
export function makeMasthead(leave) {
  fill(byId('places'), el('a', { href: '#/', t: 'events' }), el('a', { href: '#/audit', t: 'audit.title' }),
    el('a', { href: '/', t: 'buyersPage' }));
  const out = el('button', { type: 'button', class: 'quiet', id: 'leave', t: 'logOut', onclick: leave });
  fill(byId('account'), out, el('button', { type: 'button', class: 'quiet', id: 'language', onclick: turn }));
  say(byId('skip'), () => t('skip'));
  say(byId('console'), () => t('console'));
  name(byId('places'), () => t('menu'));
  name(byId('account'), () => t('account'));
  say(byId('language'), () => t('otherLanguage'));
  byId('language').lang = otherLanguage();
}

/** @param {boolean} isIn  whether an operator is logged in */
export function showMasthead(isIn) {
  byId('places').hidden = !isIn;
  byId('leave').hidden = !isIn;
  document.title = t('title');
}

function turn() {
  speak(otherLanguage());
  sayAgain();
  byId('language').lang = otherLanguage();
}
