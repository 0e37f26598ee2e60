import { announce } from '../page/announcer.js';
import { byId, element, fill, setText } from '../page/element.js';
import { otherLanguage, speak } from '../page/language.js';
import { zone } from '../page/moments.js';
import { session } from './session.js';
import { words } from './words.js';

/**
 * The header and footer of every view: navigation, the member, the language.
 * @param {() => void} languageChanged
 */
export function showMasthead(languageChanged) {
  const say = words();
  const goesTo = (/** @type {string} */ hash, /** @type {string} */ label) => element('a',
    { href: hash, 'aria-current': isAt(hash) && 'page' }, label);
  const { member } = session;
  fill(byId('places'), goesTo('#/', say.events), goesTo('#/tickets', say.myTickets));
  fill(byId('account'),
    member
      ? [element('span', { class: 'who', title: say.loggedInAs(member.id) }, member.id),
        element('button', { type: 'button', class: 'quiet', onclick: leave }, say.logOut)]
      : goesTo('#/login', say.logIn),
    element('button', {
      type: 'button', class: 'quiet', id: 'language', lang: otherLanguage(), onclick: turn,
    }, say.otherLanguage));
  byId('places').setAttribute('aria-label', say.menu);
  byId('account').setAttribute('aria-label', say.account);
  setText(byId('skip'), say.skip);
  setText(byId('times'), say.footer(zone()));
  setText(byId('contract'), say.contract);

  function leave() {
    session.end();
    announce(words().loggedOut);
    byId('account').querySelector('a')?.focus(); // the button that had the focus is gone
  }

  function turn() {
    speak(otherLanguage());
    languageChanged();
    byId('language').focus();
  }
}

/** @param {string} hash */
function isAt(hash) { return (location.hash || '#/') === hash; }
