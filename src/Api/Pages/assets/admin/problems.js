// Refusals in the reader's language: by their code, else the server's text.
import { language } from '../page/language.js';
import { has, t } from './words.js';

/** The server's validation texts, which are English, and the keys of their translations. @type {[RegExp, string][]} */
const rules = [
  [/^must be (\d+) to (\d+)(, what one member may have)?$/, 'rule.range'],
  [/^must be 1 to (\d+) characters/, 'rule.name'],
  [/^must be 1 to (\d+) letters/, 'rule.id'],
  [/^must be after opensAt$/, 'rule.window'],
];

/** @param {{code: string, title: string}} answer */
export function problem({ code, title }) {
  return has(`code.${code}`) ? t(`code.${code}`) : title || t('code.NO_CODE');
}

/** @param {string} rule  the server's text */
export function ruleInWords(rule) {
  if (language() === 'en') return rule;
  for (const [pattern, key] of rules) {
    const found = pattern.exec(rule);
    if (!found) continue;
    const numbers = found.slice(1, 3).map((number) => Number(number).toLocaleString(language()));
    return t(key, Object.fromEntries(numbers.entries()));
  }
  return rule;
}
