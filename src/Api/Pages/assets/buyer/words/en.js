// The buyer's page in English. The type checker requires the same keys in Korean.

import { frame, saleStates } from '../../page/words/en.js';
import { refusals } from './refusals-en.js';
import { tickets } from './tickets-en.js';

/** @typedef {import('./refusals-en.js').Explanation} Explanation */

export const en = {
  ...frame,
  site: 'BoxOffice',
  myTickets: 'My tickets',
  logIn: 'Log in',
  loggedInAs: (/** @type {string} */ id) => `Logged in as ${id}`,
  footer: (/** @type {string} */ zone) => `Times are yours: ${zone}.`,
  contract: 'For programs: the API',
  loading: 'One moment…',
  notThere: 'There is nothing here',
  notThereText: 'This event does not exist, or does no more.',
  cannotReach: 'The box office cannot be reached. We keep trying.',

  // The list
  onStage: 'Events',
  nothingOnSale: 'There is nothing here yet',
  nothingOnSaleText: 'When an event is announced, it appears here by itself.',
  more: 'Show more',
  opensShort: (/** @type {string} */ when) => `Opens ${when}`,

  // One event
  states: saleStates,
  left: (/** @type {number} */ n) => `${n === 1 ? 'ticket' : 'tickets'} left`,
  ofAll: (/** @type {string} */ all) => `of ${all}`,
  availability: 'Availability',
  legend: { available: 'Free', held: 'Held', confirmed: 'Sold' },
  /** @type {(free: string, held: string, sold: string, all: string) => string} */
  availabilitySpoken: (free, held, sold, all) =>
    `${free} of ${all} tickets are free, ${held} are held, ${sold} are sold.`,
  leftSpoken: (/** @type {number} */ n) => `${tickets(n)} left.`,
  stateSpoken: {
    OPEN: 'On sale now.',
    UPCOMING: 'Not open yet.',
    ALL_HELD: 'All tickets are held for the moment. They may come back.',
    SOLD_OUT: 'Sold out.',
    PAUSED: 'The sale is paused.',
    CLOSED: 'The sale is over.',
  },
  links: {
    live: 'Live',
    reconnecting: 'Reconnecting…',
    polling: 'Updated every few seconds',
    lost: 'No connection; these numbers may be old',
  },
  opensAt: (/** @type {string} */ when) => `Sales open ${when}`,
  closesAt: (/** @type {string} */ when) => `until ${when}`,
  opensIn: 'Opens in',
  daysAnd: (/** @type {number} */ n) => (n === 1 ? '1 day' : `${n} days`),
  countdownSpoken: (/** @type {string} */ left) => `Opens in ${left}.`,
  minutesSpoken: (/** @type {number} */ n) => (n === 1 ? 'one minute' : `${n} minutes`),
  secondsSpoken: (/** @type {number} */ n) => `${n} seconds`,
  openNow: 'The sale is open.',
  clockExact: (/** @type {string} */ seconds) => `By the box office’s clock, exact to ±${seconds}\u00a0s.`,
  clockUnknown: 'By your own clock: the box office’s is not known yet.',
  limit: (/** @type {number} */ n) => (n === 1 ? 'One ticket for each member' : `At most ${n} tickets for each member`),
  holdRule: (/** @type {string} */ time) => `Held for you for ${time} until you confirm`,

  // Buying
  quantity: 'How many?',
  fewer: 'Fewer',
  moreTickets: 'More',
  reserve: (/** @type {number} */ n) => `Reserve ${tickets(n)}`,
  logInToReserve: 'Log in to reserve',
  asking: 'Reserving…',
  buttons: {
    OPEN: '',
    UPCOMING: 'Not open yet',
    ALL_HELD: 'All held for the moment',
    SOLD_OUT: 'Sold out',
    PAUSED: 'Paused',
    CLOSED: 'The sale is over',
  },
  haveAll: 'You have all you may have',
  why: {
    UPCOMING: 'The button works in the moment the sale opens. There is no need to reload.',
    ALL_HELD: 'Every ticket is sold or held. Holds that are not confirmed come back here by themselves.',
    SOLD_OUT: 'If a ticket is given back, it appears here at once. There is no need to reload.',
    PAUSED: 'The sale goes on in a while. There is no need to reload.',
    CLOSED: 'Tickets for this event are not sold any more.',
    OPEN: '',
  },
  askingTitle: 'Asking the box office…',
  askingText: (/** @type {number} */ n) => `For ${tickets(n)}. One press is enough.`,
  doubtTitle: 'We do not know yet',
  doubtText: 'The answer got lost on the way. We are asking again, with the same number: you cannot get it twice.',
  waitingTitle: 'There is a crowd',
  waitingText: 'Nothing was reserved so far. We ask again by ourselves; you keep your place by staying here.',
  slowerTitle: 'A little slower',
  slowerText: 'Too many calls came from you in a short time. We ask again by ourselves; '
    + 'pressing more often does not help.',
  openingTitle: 'A moment too early',
  openingText: 'The sale opens now. We ask again by ourselves.',
  tries: (/** @type {number} */ n) => `Asked ${n} times`,
  loginNeededTitle: 'Please log in again',
  loginNeededText: 'Your login has ended. What you asked for is kept: log in, and it goes on.',
  goOn: 'Log in and go on',
  staleTitle: 'There is an open question',
  staleText: (/** @type {string} */ when, /** @type {number} */ n) =>
    `You asked for ${tickets(n)} on ${when}, and the answer never arrived here. Ask again? `
    + 'If you got it then, you see it; if not, you get it now.',
  askAgain: 'Ask again',
  forget: 'Forget it',
  gotTitle: { HELD: 'Held for you', CONFIRMED: 'It is yours', CANCELLED: 'Given back', EXPIRED: 'The hold has ended' },
  gotText: {
    HELD: (/** @type {number} */ n) => `${tickets(n)}. Confirm before the time is over.`,
    CONFIRMED: (/** @type {number} */ n) => `${tickets(n)}. You find ${n === 1 ? 'it' : 'them'} under My tickets.`,
    CANCELLED: () => 'This reservation was given back before.',
    EXPIRED: () => 'The hold ended before it was confirmed. The tickets are on sale again.',
  },

  // Tickets
  yourTickets: 'Your tickets',
  noTickets: 'You have no tickets yet',
  noTicketsText: 'What you reserve appears here.',
  missingTickets: 'Some tickets cannot be shown right now',
  missingTicketsText: 'Some events do not answer. Your tickets are safe; please look again later.',
  seeEvents: 'See the events',
  number: 'Number',
  tickets,
  status: { HELD: 'Held', CONFIRMED: 'Confirmed', CANCELLED: 'Given back', EXPIRED: 'Expired' },
  holdLeft: 'Confirm within',
  holdSpoken: (/** @type {string} */ left) => `Your hold ends in ${left}.`,
  holdEnded: 'The hold has ended. The tickets are on sale again.',
  confirm: 'Confirm',
  confirming: 'Confirming…',
  cancel: 'Give back',
  cancelling: 'Giving back…',
  confirmed: 'Confirmed. It is yours.',
  cancelled: 'Given back.',
  giveBackTitle: 'Give this back?',
  giveBackText: (/** @type {number} */ n, /** @type {string} */ name) =>
    `${tickets(n)} for “${name}”. It is on sale again at once; this cannot be undone.`,
  keep: 'Keep it',
  close: 'Close',

  // Log in, sign up
  logInTitle: 'Log in',
  signUpTitle: 'Sign up',
  noAccount: 'New here?',
  haveAccount: 'Been here before?',
  memberId: 'Member id',
  memberIdHint: 'Up to 64 letters and digits, and . - _ @ +',
  passwordHint: 'At least 8 characters',
  show: 'Show',
  hide: 'Hide',
  loggingIn: 'Logging in…',
  signingUp: 'Signing up…',
  loggedIn: (/** @type {string} */ id) => `Logged in as ${id}.`,
  loggedOut: 'Logged out.',
  fillIn: { title: 'Something is missing', text: 'Please fill in the member id and the password.' },

  refusals,
  unknownRefusal: (/** @type {string} */ code) => ({ title: 'It did not work', text: `The box office said ${code}.` }),
};
