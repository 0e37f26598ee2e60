// What both pages say in the same words. Its sibling in Korean has the same keys; the type checker sees to that.

/** What stands around every view, and what leads back from one. */
export const frame = {
  skip: 'Skip to the content',
  menu: 'Main',
  account: 'Account',
  otherLanguage: '한국어',
  events: 'Events',
  allEvents: 'All events',
  logOut: 'Log out',
  password: 'Password',
};

/** What a buyer can do with an event now. */
export const saleStates = {
  OPEN: 'On sale',
  UPCOMING: 'Not open yet',
  ALL_HELD: 'All held',
  SOLD_OUT: 'Sold out',
  PAUSED: 'Paused',
  CLOSED: 'Closed',
};
