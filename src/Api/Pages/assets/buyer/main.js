// The buyer's page. It shows one view at a time; the address behind the # says which.
import { expectArrival } from '../page/arrival.js';
import { byId, element } from '../page/element.js';
import { followSkipLink } from '../page/skip-link.js';
import { eventView } from './event-view.js';
import { eventsView } from './events-view.js';
import { loginView } from './login-view.js';
import { showMasthead } from './masthead.js';
import { resumePurchases } from './purchases.js';
import { session } from './session.js';
import { ticketsView } from './tickets-view.js';

let life = new AbortController();
let lastPlace = '#/';

function showView() {
  life.abort(); // ends the listeners, calls and timers of the last view
  life = new AbortController();
  const { signal } = life;
  const place = element('div', { class: 'view' });
  byId('content').replaceChildren(place);
  const [, view, id] = /^#\/([^/]*)\/?([\w-]*)$/.exec(location.hash) ?? [];
  if (view === 'event' && id) eventView(place, id, signal);
  else if (view === 'tickets') ticketsView(place, signal);
  else if (view === 'login') loginView(place, lastPlace, signal);
  else eventsView(place, signal);
  if (view !== 'login') lastPlace = location.hash || '#/';
}

function showAll() {
  showMasthead(showAll);
  showView();
}

session.watch(() => {
  showMasthead(showAll);
  resumePurchases();
});
addEventListener('hashchange', () => {
  expectArrival();
  showAll();
});
followSkipLink();
resumePurchases();
showAll();
