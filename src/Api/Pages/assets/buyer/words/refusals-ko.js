import { tickets } from './tickets-ko.js';

/** @type {typeof import('./refusals-en.js').refusals} */
export const refusals = {
  EVENT_NOT_FOUND: () => ({ title: '공연을 찾을 수 없습니다', text: '존재하지 않거나 종료된 공연입니다.' }),
  IDEMPOTENCY_MISMATCH: () => ({
    title: '매수가 다른 주문입니다',
    text: '같은 주문이 다른 매수로 이미 전송되었습니다. ‘내 티켓’을 확인하신 뒤 다시 눌러 주세요.',
  }),
  INVALID_QUANTITY: () => ({ title: '매수가 올바르지 않습니다', text: '1 이상의 정수를 선택해 주세요.' }),
  PAUSED: () => ({ title: '예매가 일시 중지되었습니다', text: '예매되지 않았습니다. 예매가 재개되면 버튼이 바로 활성화됩니다.' }),
  NOT_OPEN: ({ when }) => ({
    title: '아직 오픈 전입니다',
    text: `예매되지 않았습니다. ${when ? `${when}에 오픈하며` : '나중에 오픈하며'}, 그 순간 버튼이 활성화됩니다.`,
  }),
  CLOSED: () => ({ title: '예매가 종료되었습니다', text: '이 공연의 티켓은 더 이상 판매하지 않습니다.' }),
  LIMIT_EXCEEDED: ({ limit = 0, used = 0 }) => ({
    title: '1인당 구매 한도를 넘습니다',
    text: `1인당 ${tickets(limit)}까지 가능하며, 현재 ${tickets(used)}을 가지고 계십니다. 선점한 티켓도 포함됩니다.`,
  }),
  SOLD_OUT: () => ({
    title: '매진되었습니다',
    text: '다른 분이 먼저 예매하여 남은 티켓이 없습니다. 예매된 것은 없습니다. 취소 티켓이 나오면 여기에 바로 표시됩니다.',
  }),
  ALL_HELD: ({ seconds }) => ({
    title: '모두 선점되어 있습니다',
    text: `모든 티켓이 판매되었거나 선점되어 있습니다. ${seconds ? `빠르면 ${seconds}초 뒤에 선점이 끝나며, ` : ''}확정되지 않은 티켓은 여기에 다시 나타납니다.`,
  }),
  INSUFFICIENT: ({ available = 0 }) => ({
    title: '잔여 수량이 부족합니다',
    text: `${tickets(available)}만 남았습니다. 매수를 줄여 다시 눌러 주세요.`,
  }),
  CYCLING: ({ seconds }) => ({
    title: '취소가 너무 많습니다',
    text: `이 공연의 예매를 여러 번 취소하셨거나 선점 시간이 여러 번 지났습니다. ${seconds || 60}초 뒤에 다시 눌러 주세요.`,
  }),
  RATE_LIMITED: ({ seconds }) => ({
    title: '요청이 너무 많습니다',
    text: `${seconds || 1}초 뒤에 다시 시도해 주세요. 여러 번 눌러도 빨라지지 않습니다.`,
  }),
  TOO_MANY_STREAMS: () => ({
    title: '열린 페이지가 너무 많습니다',
    text: '실시간 수량을 볼 수 있는 창의 수가 제한되어 있습니다. 다른 창을 닫거나 새로 고침해 주세요.',
  }),
  BUSY: () => ({ title: '접속자가 많습니다', text: '처리되지 않았습니다. 다시 시도해 주세요.' }),
  EVENT_BROKEN: () => ({ title: '예매가 중단되었습니다', text: '주최 측에서 복구하고 있습니다. 예매된 티켓은 없으며, 이 페이지가 자동으로 다시 시도합니다.' }),
  OUTCOME_UNKNOWN: () => ({ title: '아직 결과를 알 수 없습니다', text: '처리되었을 수도 있습니다. 다시 확인해도 안전합니다.' }),
  INTERNAL_ERROR: () => ({ title: '서버에 문제가 생겼습니다', text: '다시 시도하기 전에 ‘내 티켓’을 먼저 확인해 주세요.' }),
  NOT_READY: () => ({ title: '예매 서버를 준비하고 있습니다', text: '잠시 후 다시 시도해 주세요.' }),
  UNAUTHENTICATED: () => ({ title: '다시 로그인해 주세요', text: '로그인이 만료되었습니다. 로그인하시면 하던 일을 이어서 하실 수 있습니다.' }),
  FORBIDDEN: () => ({ title: '권한이 없습니다', text: '운영자만 사용할 수 있는 기능입니다.' }),
  RESERVATION_NOT_FOUND: () => ({ title: '예매 내역을 찾을 수 없습니다', text: '해당 번호의 예매 내역이 없습니다.' }),
  HOLD_EXPIRED: () => ({
    title: '선점 시간이 끝났습니다',
    text: '시간 안에 확정되지 않아 티켓이 다시 판매되고 있습니다. 다시 예매해 보실 수 있습니다.',
  }),
  ALREADY_CANCELLED: () => ({ title: '이미 취소된 예매입니다', text: '취소된 예매는 확정할 수 없습니다.' }),
  BAD_CREDENTIALS: () => ({ title: '로그인할 수 없습니다', text: '아이디 또는 비밀번호가 올바르지 않습니다.' }),
  TOO_MANY_ATTEMPTS: ({ seconds }) => ({
    title: '로그인 시도가 너무 많습니다',
    text: `안전을 위해 ${seconds || 1}초 뒤에 다시 시도해 주세요.`,
  }),
  LOGIN_BUSY: () => ({ title: '로그인하는 사람이 많습니다', text: '잠시 후 자동으로 다시 시도합니다. 그대로 기다려 주세요.' }),
  MEMBER_EXISTS: () => ({ title: '이미 사용 중인 아이디입니다', text: '다른 아이디를 입력하시거나, 본인 아이디라면 로그인해 주세요.' }),
  INVALID_MEMBER_ID: () => ({ title: '사용할 수 없는 아이디입니다', text: '공백 없이 영문, 숫자와 . - _ @ + 를 64자까지 쓸 수 있습니다.' }),
  WEAK_PASSWORD: () => ({
    title: '추측하기 쉬운 비밀번호입니다',
    text: '8자 이상 256자 이하로, 흔한 비밀번호나 아이디와 같은 비밀번호는 쓸 수 없습니다.',
  }),
  INVALID_IDEMPOTENCY_KEY: () => ({ title: '주문을 처리할 수 없습니다', text: '새로고침한 뒤 다시 눌러 주세요.' }),
  INVALID_REQUEST: () => ({ title: '요청을 처리할 수 없습니다', text: '새로고침한 뒤 다시 시도해 주세요.' }),
  VALIDATION_FAILED: () => ({ title: '입력값이 올바르지 않습니다', text: '입력하신 내용을 확인해 주세요.' }),
  PAYLOAD_TOO_LARGE: () => ({ title: '내용이 너무 깁니다', text: '입력하신 내용이 너무 깁니다.' }),
  UNSUPPORTED_MEDIA_TYPE: () => ({ title: '요청을 처리할 수 없습니다', text: '새로고침한 뒤 다시 시도해 주세요.' }),
  METHOD_NOT_ALLOWED: () => ({ title: '사용할 수 없는 기능입니다', text: '새로고침한 뒤 다시 시도해 주세요.' }),
  NOT_FOUND: () => ({ title: '찾을 수 없습니다', text: '새로고침한 뒤 다시 시도해 주세요.' }),
  NO_ANSWER: () => ({ title: '응답이 없습니다', text: '예매 서버에 연결할 수 없습니다. 네트워크 연결을 확인해 주세요. 계속 다시 시도하고 있습니다.' }),
  NO_CODE: () => ({ title: '알 수 없는 응답입니다', text: '중간의 다른 장비가 대신 응답했습니다. 계속 다시 시도하고 있습니다.' }),
};
