import { format } from './formats.js';

/**
 * A moment in the reader's own time zone, with its name.
 * @param {string | number} moment
 */
export function dateAndTime(moment) {
  return format('date and time', (to) => new Intl.DateTimeFormat(to, {
    weekday: 'short',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  })).format(new Date(moment));
}

/** @param {number} number */
export function count(number) { return format('count', (to) => new Intl.NumberFormat(to)).format(number); }

/** The name of the reader's time zone. */
export function zone() { return new Intl.DateTimeFormat().resolvedOptions().timeZone; }

/**
 * The time left, as on a clock: 4:07, 1:04:07. Seconds are rounded up, so that 0:00 is the end and not before.
 * @param {number} milliseconds
 */
export function clock(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 || seconds >= 86_400
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/**
 * Whole days that are left; clock() shows the rest.
 * @param {number} milliseconds
 */
export function days(milliseconds) { return Math.floor(Math.max(0, Math.ceil(milliseconds / 1_000)) / 86_400); }
