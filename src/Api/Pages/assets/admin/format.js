// Numbers and moments as the reader's language writes them.
import { language } from '../page/language.js';

/** @type {Map<string, Intl.NumberFormat | Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @template {Intl.NumberFormat | Intl.DateTimeFormat} T
 * @param {string} name
 * @param {(language: string) => T} make
 * @returns {T}
 */
function format(name, make) {
  const key = `${name} ${language()}`;
  if (!formats.has(key)) formats.set(key, make(language()));
  return /** @type {T} */ (formats.get(key));
}

/** @param {number} value */
export const count = (value) => format('count', (to) => new Intl.NumberFormat(to)).format(value);

/** Short, for scales: 1.2K. @param {number} value */
export const compact = (value) => (value < 10_000 ? count(value)
  : format('compact', (to) => new Intl.NumberFormat(to, { notation: 'compact' })).format(value));

/** @param {number} value */
export const rate = (value) => format(value < 10 ? 'rate1' : 'rate', (to) =>
  new Intl.NumberFormat(to, { maximumFractionDigits: value < 10 ? 1 : 0 })).format(value);

/** @param {number} value */
export const percent = (value) =>
  format('percent', (to) => new Intl.NumberFormat(to, { style: 'percent', maximumFractionDigits: 0 })).format(value);

/** Three figures are enough. @param {number} ms */
export const milliseconds = (ms) =>
  format('ms', (to) => new Intl.NumberFormat(to, { maximumSignificantDigits: 3, minimumFractionDigits: 0 })).format(ms);

/** @param {number} seconds since 1970 */
export const clock = (seconds) => format('clock', (to) => new Intl.DateTimeFormat(to, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
})).format(seconds * 1_000);

/** @param {string} moment RFC 3339 */
export const moment = (moment) => format('moment', (to) => new Intl.DateTimeFormat(to, {
  dateStyle: 'medium', timeStyle: 'short',
})).format(new Date(moment));
