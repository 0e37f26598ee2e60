// English or Korean, for this page and the buyer's.
import { language, speak } from '../page/language.js';
import { el, sayAgain } from './dom.js';

/** @type {[import('../page/language.js').Language, string][]} */
const spoken = [['en', 'English'], ['ko', '한국어']];

/** @param {() => void} spoke  called after a change */
export function languageSwitch(spoke) {
  const buttons = spoken.map(([code, name]) => el('button', { type: 'button', class: 'quiet', lang: code, onclick: () => {
    speak(code);
    sayAgain();
    mark();
    spoke();
  } }, name));
  mark();
  return el('div', { class: 'languages', role: 'group', 'aria-label': 'Language · 언어' }, ...buttons);

  function mark() {
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(spoken[i]?.[0] === language())));
  }
}
