// Numbers and moments in the reader's language, for the console only.
import { format } from '../page/formats.js';
import { count } from '../page/moments.js';

/** Short, for scales: 1.2K. @param {number} value */
export const compact = (value) => (value < 10_000 ? count(value)
  : format('compact', (to) => new Intl.NumberFormat(to, { notation: 'compact' })).format(value));

/** @param {number} value */
export const rate = (value) => format(value < 10 ? 'rate1' : 'rate', (to) =>
  new Intl.NumberFormat(to, { maximumFractionDigits: value < 10 ? 1 : 0 })).format(value);

/** @param {number} value */
export const percent = (value) =>
  format('percent', (to) => new Intl.NumberFormat(to, { style: 'percent', maximumFractionDigits: 0 })).format(value);

/**
 * With three significant digits at most: <0.01, 0.04, 4.25, 42.5, 425.
 * @param {number} ms
 * @returns {string}
 */
export function milliseconds(ms) {
  if (ms > 0 && ms < 0.01) return `<${milliseconds(0.01)}`;
  const digits = ms < 10 ? 2 : ms < 100 ? 1 : 0;
  return format(`ms${digits}`, (to) => new Intl.NumberFormat(to, {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  })).format(ms);
}

/** @param {number} seconds since 1970 */
export const clock = (seconds) => format('clock', (to) => new Intl.DateTimeFormat(to, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
})).format(seconds * 1_000);

/** The time of a moment of today, else the date. @param {string} since RFC 3339 */
export function shortMoment(since) {
  const date = new Date(since);
  return date.toDateString() === new Date().toDateString()
    ? format('time', (to) => new Intl.DateTimeFormat(to, { timeStyle: 'short', hourCycle: 'h23' })).format(date)
    : format('date', (to) => new Intl.DateTimeFormat(to, { dateStyle: 'medium' })).format(date);
}

/** @param {string} moment RFC 3339 */
export const moment = (moment) => format('moment', (to) => new Intl.DateTimeFormat(to, {
  dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23',
})).format(new Date(moment));

/** To the second. @param {string} moment RFC 3339 */
export const exactMoment = (moment) => format('exactMoment', (to) => new Intl.DateTimeFormat(to, {
  dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23',
})).format(new Date(moment));
