// The operator's console: which view is shown, and what stands above all of them.
import { el } from './dom.js';
import { eventView } from './event-view.js';
import { eventsView } from './events-view.js';
import { languageSwitch } from './language-switch.js';
import { loginView } from './login-view.js';
import { noticeElement } from './notice.js';
import { openView } from './open-view.js';
import { forget, token, whenEnded } from './session.js';
import { t } from './words.js';

const main = el('main', { id: 'main' });
const leave = el('button', { type: 'button', class: 'quiet', t: 'logOut', onclick: logOut });
const nav = el('nav', {}, el('a', { href: '#/', t: 'events' }), el('a', { href: '/', t: 'buyersPage' }));
let end = () => {};

document.body.append(
  el('a', { class: 'skip', href: '#main', t: 'skip', onclick: skip }),
  el('header', { class: 'top' }, el('p', { class: 'brand' }, 'BoxOffice ', el('span', { t: 'console' })), nav,
    el('div', { class: 'top-end' }, languageSwitch(() => { document.title = t('title'); }), leave)),
  main, noticeElement);
whenEnded(() => show(t('login.ended')));
addEventListener('hashchange', () => show());
show();

/**
 * Shows what the address says, or the door.
 * @param {string} [why]  why one has to log in
 */
function show(why) {
  end();
  document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
  const isIn = token() !== null;
  leave.hidden = !isIn;
  nav.hidden = !isIn;
  document.title = t('title');
  end = isIn ? viewOf(location.hash) : loginView(main, () => show(), why);
  main.querySelector(isIn ? 'h1' : 'input[type="password"]')?.focus();
}

/** @param {string} hash */
function viewOf(hash) {
  const [, eventId] = /^#\/events\/([\w-]+)$/.exec(hash) ?? [];
  if (eventId) return eventView(main, eventId);
  return hash === '#/open' ? openView(main) : eventsView(main);
}

function logOut() {
  forget();
  location.hash = '#/';
  show();
}

/** The address is the view's, so the link must not change it. @param {Event} event */
function skip(event) {
  event.preventDefault();
  main.querySelector('h1')?.focus();
}
