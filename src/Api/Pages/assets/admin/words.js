// The console's texts in the chosen language.
import { language } from '../page/language.js';
import { en } from './words/en.js';
import { ko } from './words/ko.js';

/** @typedef {keyof typeof en} Key */

/** @type {Record<string, Record<string, string>>} */
const languages = { en, ko };

/**
 * The text of a key, with {names} filled in; the key itself when it has no text.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const text = languages[language()]?.[key] ?? en[/** @type {Key} */ (key)] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** @param {string} key */
export const has = (key) => key in (languages[language()] ?? en);
