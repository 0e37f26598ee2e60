// Texts of both pages. The type checker requires the same keys in Korean.

/** The frame around every view. */
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

/** States of a sale. */
export const saleStates = {
  OPEN: 'On sale',
  UPCOMING: 'Not open yet',
  ALL_HELD: 'All held',
  SOLD_OUT: 'Sold out',
  PAUSED: 'Paused',
  CLOSED: 'Closed',
};
