import { element } from '../page/element.js';

/**
 * The texts of the document: paragraphs, lists of lines that begin with "- ", and `code`.
 * @param {string | undefined} text
 * @returns {HTMLElement[]}
 */
export function paragraphs(text) {
  return (text ?? '').split('\n\n').filter((part) => part).map((part) => {
    const lines = part.split('\n');
    return lines.every((line) => line.startsWith('- '))
      ? element('ul', {}, lines.map((line) => element('li', {}, inline(line.slice(2)))))
      : element('p', {}, inline(part));
  });
}

/**
 * Every second part stands between backticks.
 * @param {string} text
 */
export function inline(text) {
  return text.split('`').map((part, at) => at % 2 === 1 ? element('code', {}, part) : part);
}
