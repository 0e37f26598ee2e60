// Elements that can say their words again in another language.
import { element, setText } from '../page/element.js';
import { t } from './words.js';

/** What an element says in words. @type {WeakMap<Element, () => string>} */
const spoken = new WeakMap();

/** What it is called. @type {WeakMap<Element, () => string>} */
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
 * Gives an element its words, now and whenever the language changes.
 * @param {Element} target
 * @param {() => string} words
 */
export function say(target, words) {
  spoken.set(target, words);
  target.toggleAttribute('data-words', true);
  setText(target, words());
}

/**
 * Gives an element a name for those who cannot see it, now and whenever the language changes.
 * @param {Element} target
 * @param {() => string} words
 */
export function name(target, words) {
  named.set(target, words);
  target.setAttribute('aria-label', words());
}

/** Says everything again, in the language of now. */
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
