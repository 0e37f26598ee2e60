// Elements whose texts change with the language.
import { element, setText } from '../page/element.js';
import { t } from './words.js';

/** The text of each element. @type {WeakMap<Element, () => string>} */
const spoken = new WeakMap();

/** The aria-label of each element. @type {WeakMap<Element, () => string>} */
const named = new WeakMap();

/**
 * An element, as page/element.js makes it; the attribute `t` is a key of words.js.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {{t?: string, [attribute: string]: any}} [attributes]
 * @param {...import('../page/element.js').Child} children
 */
export function el(tag, { t: key, ...attributes } = {}, ...children) {
  const made = element(tag, attributes, ...children);
  if (key) say(made, () => t(key));
  return made;
}

/**
 * Sets an element's text, now and whenever the language changes.
 * @param {Element} target
 * @param {() => string} words
 */
export function say(target, words) {
  spoken.set(target, words);
  target.toggleAttribute('data-words', true);
  setText(target, words());
}

/**
 * Sets an element's name for screen readers, now and whenever the language changes.
 * @param {Element} target
 * @param {() => string} words
 */
export function name(target, words) {
  named.set(target, words);
  target.setAttribute('aria-label', words());
}

/** Sets all texts again, in the present language. */
export function sayAgain() {
  for (const target of document.querySelectorAll('[data-words]')) setText(target, spoken.get(target)?.() ?? '');
  for (const target of document.querySelectorAll('[aria-label]')) {
    const words = named.get(target);
    if (words) name(target, words);
  }
}

let ids = 0;

/** An id that no other element has. @param {string} name */
export const newId = (name) => `${name}-${++ids}`;
