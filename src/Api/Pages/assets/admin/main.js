// The operator's console. It shows one view at a time; the address behind the # says which.
import { byId } from '../page/element.js';
import { followSkipLink } from '../page/skip-link.js';
import { auditView } from './audit-view.js';
import { eventView } from './event-view.js';
import { eventsView } from './events-view.js';
import { markLoadTest } from './load-test.js';
import { loginView } from './login-view.js';
import { makeMasthead, showMasthead } from './masthead.js';
import { openView } from './open-view.js';
import { rehearsalView } from './rehearsal-view.js';
import { session } from './session.js';

const content = byId('content');
let end = () => {};

makeMasthead(logOut);
session.watch(show);
addEventListener('hashchange', () => show());
followSkipLink();
show();

/** Shows the view of the address, or the login. */
function show() {
  end();
  document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
  const isIn = session.token !== null;
  showMasthead(isIn);
  if (!isIn) markLoadTest(false);
  end = isIn ? viewOf(location.hash) : loginView(content);
  /** @type {HTMLElement | null} */
  const first = content.querySelector(isIn ? 'h1' : 'input[type="password"]');
  first?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** @param {string} hash */
function viewOf(hash) {
  const [, kind, id = ''] = /^#\/(events|rehearsals)\/([\w-]+)$/.exec(hash) ?? [];
  if (kind) return kind === 'events' ? eventView(content, id) : rehearsalView(content, id);
  if (hash === '#/audit') return auditView(content);
  return hash === '#/open' ? openView(content) : eventsView(content);
}

function logOut() {
  history.replaceState(null, '', '#/');
  session.end();
}
