import { element } from '../page/element.js';

/**
 * A box that says what happened and what to do.
 * @param {'good' | 'bad' | 'wait' | 'plain'} tone
 * @param {import('./words/en.js').Explanation} explanation
 * @param {...import('../page/element.js').Child} more
 */
export function notice(tone, { title, text }, ...more) {
  return element('div', { class: 'notice', 'data-tone': tone },
    element('p', { class: 'notice-title' }, title),
    element('p', {}, text),
    ...more);
}
