import { locale } from './language.js';

/** @type {Map<string, Intl.NumberFormat | Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * A format in the reader's language. Each is created once, because that is slow.
 * @template {Intl.NumberFormat | Intl.DateTimeFormat} T
 * @param {string} name
 * @param {(locale: string) => T} make
 * @returns {T}
 */
export function format(name, make) {
  const key = `${name} ${locale()}`;
  if (!formats.has(key)) formats.set(key, make(locale()));
  return /** @type {T} */ (formats.get(key));
}
