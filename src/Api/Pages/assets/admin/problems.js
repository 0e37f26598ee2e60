// Refusals in the reader's words: by their code, or as the server puts them.
import { language } from '../page/language.js';
import { has, t } from './words.js';

/** The rules that the server names, in the languages that it does not speak. @type {[RegExp, string][]} */
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

/** @param {string} rule  as the server put it */
export function ruleInWords(rule) {
  if (language() === 'en') return rule;
  for (const [pattern, key] of rules) {
    const found = pattern.exec(rule);
    if (found) return t(key, Object.fromEntries(found.slice(1, 3).map((number, i) => [i, Number(number).toLocaleString(language())])));
  }
  return rule;
}
