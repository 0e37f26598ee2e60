import { tickets } from './tickets-en.js';

/** @typedef {{title: string, text: string}} Explanation */
/** @typedef {import('../../api/wire.js').Problem & {when?: string, seconds?: number, quantity?: number}} Refusal */

/**
 * Every code of the contract, in words for a buyer.
 * @type {Record<string, (refusal: Refusal) => Explanation>}
 */
export const refusals = {
  EVENT_NOT_FOUND: () => ({ title: 'No such event', text: 'This event does not exist, or does no more.' }),
  IDEMPOTENCY_MISMATCH: () => ({
    title: 'That was another number of tickets',
    text: 'This order was already sent with another quantity. See under My tickets what you have, then press again.',
  }),
  INVALID_QUANTITY: () => ({ title: 'Not a number of tickets', text: 'Please choose a whole number, 1 or more.' }),
  PAUSED: () => ({
    title: 'The sale is paused',
    text: 'Nothing was reserved. The button works again as soon as the sale goes on.',
  }),
  NOT_OPEN: ({ when }) => ({
    title: 'Not open yet',
    text: 'Nothing was reserved. '
      + `${when ? `The sale opens ${when}` : 'The sale opens later'}; the button works in that moment.`,
  }),
  CLOSED: () => ({ title: 'The sale is over', text: 'Tickets for this event are not sold any more.' }),
  LIMIT_EXCEEDED: ({ limit = 0, used = 0 }) => ({
    title: 'More than one member may have',
    text: `Each member may have ${tickets(limit)}; you have ${used}. Held tickets count.`,
  }),
  SOLD_OUT: () => ({
    title: 'Sold out',
    text: 'Other buyers were quicker, and nothing is left. You have not bought anything. '
      + 'If a ticket is given back, it appears here.',
  }),
  ALL_HELD: ({ seconds }) => ({
    title: 'All held for the moment',
    text: 'Every ticket is sold or held. '
      + `${seconds ? `The next hold may end in ${seconds} s; if` : 'If'} it is not confirmed, it comes back here.`,
  }),
  INSUFFICIENT: ({ available = 0 }) => ({
    title: 'Not so many are left',
    text: `Only ${tickets(available)} left. Choose fewer and press again.`,
  }),
  CYCLING: ({ seconds }) => ({
    title: 'Too many given back',
    text: 'You gave back, or let expire, many reservations of this event. '
      + `Please wait ${seconds || 60} s, then press again.`,
  }),
  RATE_LIMITED: ({ seconds }) => ({
    title: 'Too many calls',
    text: `Please wait ${seconds || 1} s. Pressing more often does not help.`,
  }),
  TOO_MANY_STREAMS: () => ({
    title: 'Too many pages are open',
    text: 'Numbers that change by themselves are shown in a limited number of windows. Close one, or reload.',
  }),
  BUSY: () => ({ title: 'There is a crowd', text: 'Nothing was done. Please try again.' }),
  EVENT_BROKEN: () => ({
    title: 'Sales are interrupted',
    text: 'The organiser has to repair this event first. Nothing was bought. This page tries again by itself.',
  }),
  OUTCOME_UNKNOWN: () => ({ title: 'We do not know yet', text: 'It may have been done. Asking again is safe.' }),
  INTERNAL_ERROR: () => ({
    title: 'Something broke at our side',
    text: 'Please look under My tickets before you try again.',
  }),
  NOT_READY: () => ({ title: 'The box office is opening', text: 'Please try again in a moment.' }),
  UNAUTHENTICATED: () => ({
    title: 'Please log in again',
    text: 'Your login has ended. Log in, and you can go on where you were.',
  }),
  FORBIDDEN: () => ({ title: 'Not allowed', text: 'Only an operator may do this.' }),
  RESERVATION_NOT_FOUND: () => ({ title: 'No such reservation', text: 'You have no reservation with this number.' }),
  HOLD_EXPIRED: () => ({
    title: 'The hold has ended',
    text: 'It was not confirmed in time, and the tickets are on sale again. You can try to reserve them once more.',
  }),
  ALREADY_CANCELLED: () => ({
    title: 'Given back before',
    text: 'This reservation was given back, and cannot be confirmed any more.',
  }),
  BAD_CREDENTIALS: () => ({ title: 'This does not fit', text: 'The member id or the password is wrong.' }),
  TOO_MANY_ATTEMPTS: ({ seconds }) => ({
    title: 'Too many wrong passwords',
    text: `To keep guessers out, please wait ${seconds || 1} s, then try again.`,
  }),
  LOGIN_BUSY: () => ({
    title: 'Many people are logging in',
    text: 'We try again by ourselves in a moment. Nothing is lost by waiting.',
  }),
  MEMBER_EXISTS: () => ({ title: 'This id is taken', text: 'Choose another one; or log in, if it is yours.' }),
  INVALID_MEMBER_ID: () => ({
    title: 'Not a member id',
    text: 'Up to 64 letters and digits, and . - _ @ +; no spaces.',
  }),
  WEAK_PASSWORD: () => ({
    title: 'Too easy to guess',
    text: '8 to 256 characters, none of the commonest passwords, and not the member id.',
  }),
  INVALID_IDEMPOTENCY_KEY: () => ({
    title: 'The order could not be read',
    text: 'Please reload the page and press again.',
  }),
  INVALID_REQUEST: () => ({ title: 'The order could not be read', text: 'Please reload the page and try again.' }),
  VALIDATION_FAILED: () => ({ title: 'Something is out of bounds', text: 'Please check what you entered.' }),
  PAYLOAD_TOO_LARGE: () => ({ title: 'Too long', text: 'What you entered is too long.' }),
  UNSUPPORTED_MEDIA_TYPE: () => ({
    title: 'The order could not be read',
    text: 'Please reload the page and try again.',
  }),
  METHOD_NOT_ALLOWED: () => ({ title: 'This does not work here', text: 'Please reload the page and try again.' }),
  NOT_FOUND: () => ({ title: 'There is nothing here', text: 'Please reload the page and try again.' }),
  NO_ANSWER: () => ({
    title: 'No answer',
    text: 'The box office cannot be reached. Is your device online? We keep trying.',
  }),
  NO_CODE: () => ({
    title: 'An answer that we cannot read',
    text: 'Something between you and the box office answered instead. We keep trying.',
  }),
};
