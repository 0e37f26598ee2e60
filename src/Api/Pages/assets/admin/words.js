// The words of the page, in the language that the reader chose.
import { language } from '../page/language.js';
import { en } from './words/en.js';
import { ko } from './words/ko.js';

/** @typedef {keyof typeof en} Key */

/** @type {Record<string, Record<string, string>>} */
const languages = { en, ko };

/**
 * The words for a key, with {names} filled in; the key itself when there are none.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const text = languages[language()]?.[key] ?? en[/** @type {Key} */ (key)] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** @param {string} key */
export const has = (key) => key in (languages[language()] ?? en);
