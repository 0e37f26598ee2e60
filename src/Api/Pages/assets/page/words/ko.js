// 한국어. The keys are those of en.js.

/** @type {typeof import('./en.js').frame} */
export const frame = {
  skip: '본문으로 건너뛰기',
  menu: '주 메뉴',
  account: '계정',
  otherLanguage: 'English',
  events: '공연',
  allEvents: '전체 공연',
  logOut: '로그아웃',
  password: '비밀번호',
};

/** @type {typeof import('./en.js').saleStates} */
export const saleStates = {
  OPEN: '예매 중',
  UPCOMING: '오픈 전',
  ALL_HELD: '모두 선점됨',
  SOLD_OUT: '매진',
  PAUSED: '일시 중지',
  CLOSED: '예매 종료',
};
