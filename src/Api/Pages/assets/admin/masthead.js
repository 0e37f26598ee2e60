// What stands above every view: where to go, the way out, and the other language.
import { byId, fill } from '../page/element.js';
import { language, speak } from '../page/language.js';
import { el, say, sayAgain } from './dom.js';
import { t } from './words.js';

/** @param {() => void} leave  logs out */
export function makeMasthead(leave) {
  fill(byId('places'), el('a', { href: '#/', t: 'events' }), el('a', { href: '/', t: 'buyersPage' }));
  const out = el('button', { type: 'button', class: 'quiet', id: 'leave', t: 'logOut', onclick: leave });
  fill(byId('account'), out, el('button', { type: 'button', class: 'quiet', id: 'language', onclick: turn }));
  say(byId('skip'), () => t('skip'));
  say(byId('console'), () => t('console'));
  name();
}

/** @param {boolean} isIn  whether an operator is logged in */
export function showMasthead(isIn) {
  byId('places').hidden = !isIn;
  byId('leave').hidden = !isIn;
  document.title = t('title');
}

function turn() {
  speak(language() === 'ko' ? 'en' : 'ko');
  sayAgain();
  name();
}

/** What names parts of the page for those who cannot see them. */
function name() {
  const other = byId('language');
  other.lang = language() === 'ko' ? 'en' : 'ko';
  other.textContent = t('otherLanguage');
  other.setAttribute('aria-label', t('otherLanguageLabel'));
  byId('places').setAttribute('aria-label', t('menu'));
  byId('account').setAttribute('aria-label', t('account'));
}
